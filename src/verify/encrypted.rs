//! Encrypted tokens: what opens them, and what their headers may say (RFC 7516, RFC 7519 §5.3).

use std::{fmt, sync::Arc};

use serde_json::{Map, Value};

use crate::{
    claims::RegisteredClaims,
    error::{Code, ConfigError},
};

/// What opens encrypted tokens. It is given by `decrypt_with`, which needs the feature `jwe`.
pub(crate) trait Decrypt: fmt::Debug + Send + Sync {
    /// The signed token inside, and the claims that the header repeats.
    fn decrypt(&self, token: &str) -> Result<(String, Map<String, Value>), Code>;

    /// Which key the token's header asks for.
    fn wanted(&self, token: &str) -> Result<Wanted, Code>;

    /// The key that is wanted, if it is there.
    fn find(&self, wanted: &Wanted) -> Result<Found, Code>;
}

/// What the header of an encrypted token says of its key.
#[cfg_attr(not(feature = "jwe"), allow(dead_code, reason = "only that feature reads such a header"))]
pub(crate) struct Wanted {
    pub(crate) kid: Option<Box<str>>,
    pub(crate) algorithm: &'static str,
}

/// A key that a token may be encrypted to.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(feature = "jwe"), allow(dead_code, reason = "only that feature has decryption keys"))]
pub(crate) struct Found {
    /// Equal where one key was loaded twice.
    pub(crate) fingerprint: [u8; 32],
    /// Whether it has the name that is wanted; otherwise it has none, or none is wanted.
    pub(crate) is_named: bool,
}

/// Whether tokens come encrypted.
#[derive(Clone, Debug, Default)]
#[cfg_attr(not(feature = "jwe"), allow(dead_code, reason = "only that feature has decryption keys"))]
pub(crate) enum Encryption {
    /// No decryption keys are configured.
    #[default]
    Never,
    /// Plain tokens are refused (RFC 9068 §4).
    Always(Arc<dyn Decrypt>),
    /// Plain tokens are taken too.
    Maybe(Arc<dyn Decrypt>),
}

impl Encryption {
    pub(super) fn keys(&self) -> Option<&Arc<dyn Decrypt>> {
        match self {
            Self::Never => None,
            Self::Always(keys) | Self::Maybe(keys) => Some(keys),
        }
    }

    /// Whether it has the key for this token, and the token is whole.
    pub(crate) fn opens(&self, token: &str) -> bool {
        self.keys().is_some_and(|keys| keys.decrypt(token).is_ok())
    }

    pub(super) fn allow_plain(&self) -> Result<(), Code> {
        match self {
            Self::Always(_) => Err(Code::PlainToken),
            Self::Never | Self::Maybe(_) => Ok(()),
        }
    }

    pub(super) fn or_plain(self) -> Result<Self, ConfigError> {
        match self {
            Self::Always(keys) | Self::Maybe(keys) => Ok(Self::Maybe(keys)),
            Self::Never => {
                let problem = "plain tokens are taken as it is; it is for verifiers that `.decrypt_with(..)`";
                Err(ConfigError::new("accept_plain", problem))
            }
        }
    }
}

/// Refuses a token whose encrypted form said something else about it (RFC 7519 §5.3).
pub(super) fn check_replicated(
    replicated: &Map<String, Value>,
    claims: &RegisteredClaims,
) -> Result<(), Code> {
    let is_same = |(name, value): (&String, &Value)| match (&**name, value) {
        ("iss", Value::String(issuer)) => claims.issuer() == Some(issuer),
        ("sub", Value::String(subject)) => claims.subject() == Some(subject),
        // One name may be written alone or as a list (RFC 7519 §4.1.3).
        ("aud", Value::String(name)) => claims.audience().eq([&**name]),
        ("aud", Value::Array(names)) if !names.is_empty() => {
            names.iter().map(Value::as_str).eq(claims.audience().map(Some))
        }
        _ => false,
    };
    if replicated.iter().all(is_same) { Ok(()) } else { Err(Code::HeaderClaimMismatch) }
}
