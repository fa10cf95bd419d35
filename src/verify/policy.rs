//! What a verifier demands of a token.

use std::sync::Arc;

use super::{capture::Interests, encrypted::Encryption, mistakes::SlashWarning, subject::SubjectPattern};
use crate::{clock::Clock, keys::Algorithm};

/// Everything that the checks compare with.
pub(super) struct Policy {
    /// `None` behind `.dangerous().any_issuer()`.
    pub(super) issuer: Option<Box<str>>,
    pub(super) slash_warning: SlashWarning,
    /// The audiences that are ours, where there are none no token may have one; `None` behind
    /// `.dangerous().any_audience()`.
    pub(super) audiences: Option<Vec<Box<str>>>,
    /// What [`Interests::audience_claim`] must hold.
    pub(super) audience_value: Option<Box<str>>,
    /// `None` where every key's own algorithm counts.
    pub(super) algorithms: Option<Vec<Algorithm>>,
    pub(super) encryption: Encryption,
    pub(super) interests: Interests,
    pub(super) profile: Profile,
    /// Seconds.
    pub(super) leeway: f64,
    /// Seconds since `iat`.
    pub(super) max_age: Option<f64>,
    pub(super) subjects: Vec<SubjectPattern>,
    pub(super) clock: Arc<dyn Clock>,
}

/// Which tokens count as access tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Profile {
    /// `typ` may be absent, `JWT` or `at+jwt`; marks of other kinds refuse a token.
    #[default]
    Common,
    /// RFC 9068: `typ` is `at+jwt`.
    Rfc9068,
    /// ID tokens for one of the audiences, which a client among them asked for (OpenID Connect Core §2); access
    /// tokens are refused. For the preset of a provider whose access tokens are no JWTs, and nothing else.
    #[cfg_attr(not(feature = "jwks-client"), allow(dead_code, reason = "only a preset asks for it"))]
    IdToken,
}
