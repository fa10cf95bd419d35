//! One revocation.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;

/// What was revoked, and until when that matters.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use jwtower::{Timestamp, revocation::{Grain, Revocation}};
///
/// let leaked = Revocation {
///     issuer: "https://login.example.com".into(),
///     grain: Grain::Token("6c2a8f1e".into()),
///     until: Timestamp::from(SystemTime::now()).plus(Duration::from_secs(720)),
/// };
/// # let _ = leaked;
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Revocation {
    /// `iss` of the tokens.
    pub issuer: String,
    /// Which of its tokens.
    pub grain: Grain,
    /// When the last of these tokens has expired, leeway included; the entry may then be forgotten.
    pub until: Timestamp,
}

/// Which tokens a revocation refuses.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Grain {
    /// The token with this `jti`.
    Token(String),
    /// All tokens with this `sid`.
    Session(String),
    /// All tokens of a subject whose session is of an earlier generation; for tokens of
    /// sessions.
    Generation {
        /// `sub` of the tokens.
        subject: String,
        /// The first generation that is not revoked.
        generation: u64,
    },
    /// All tokens of a subject with an `iat` at this moment or before; for tokens of other issuers.
    Watermark {
        /// `sub` of the tokens.
        subject: String,
        /// The last moment that is revoked.
        issued_at: Timestamp,
    },
}

impl fmt::Debug for Revocation {
    /// Prints no claim: who wants one in a log names it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Revocation").field("grain", &self.grain).finish_non_exhaustive()
    }
}

impl fmt::Debug for Grain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Token(_) => "Token(..)",
            Self::Session(_) => "Session(..)",
            Self::Generation { .. } => "Generation { .. }",
            Self::Watermark { .. } => "Watermark { .. }",
        })
    }
}
