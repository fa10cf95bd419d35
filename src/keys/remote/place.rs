//! Where the keys of a set are.

use std::fmt;

use super::{discovery::IssuerUrl, url::KeyUrl};

/// Where the keys are.
#[derive(Clone)]
pub(super) enum Place {
    Url(KeyUrl),
    Issuer(IssuerUrl),
}

impl Place {
    /// The issuer, where the keys are found by it.
    pub(super) fn issuer(&self) -> Option<String> {
        match self {
            Self::Url(_) => None,
            Self::Issuer(issuer) => Some(issuer.to_string()),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(url) => url.fmt(f),
            Self::Issuer(issuer) => issuer.fmt(f),
        }
    }
}
