//! The signature algorithms, by their names in the JOSE registry.

use std::{fmt, str::FromStr};

use crate::error::ConfigError;

/// A signature algorithm of RFC 7518 §3.1, RFC 8037 or RFC 9864.
///
/// `none` does not exist here. `EdDSA` and `Ed25519` name the same algorithm and are both read; RFC 9864's
/// `Ed25519` is the one that is written.
///
/// ```
/// use jwtower::Algorithm;
///
/// assert_eq!("RS256".parse::<Algorithm>()?, Algorithm::RS256);
/// assert_eq!("EdDSA".parse::<Algorithm>()?, Algorithm::Ed25519);
/// assert!("none".parse::<Algorithm>().is_err());
/// # Ok::<(), jwtower::ConfigError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Algorithm {
    /// HMAC with SHA-256; one secret signs and verifies.
    HS256,
    /// HMAC with SHA-384.
    HS384,
    /// HMAC with SHA-512.
    HS512,
    /// RSASSA-PKCS1-v1_5 with SHA-256; what most identity providers use.
    RS256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    RS384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    RS512,
    /// RSASSA-PSS with SHA-256.
    PS256,
    /// RSASSA-PSS with SHA-384.
    PS384,
    /// RSASSA-PSS with SHA-512.
    PS512,
    /// ECDSA on P-256 with SHA-256.
    ES256,
    /// ECDSA on P-384 with SHA-384.
    ES384,
    /// ECDSA on P-521 with SHA-512.
    ES512,
    /// EdDSA on Curve25519 (RFC 8032, RFC 9864).
    Ed25519,
}

impl Algorithm {
    /// Every algorithm, in the registry's order.
    pub const ALL: [Self; 13] = [
        Self::HS256,
        Self::HS384,
        Self::HS512,
        Self::RS256,
        Self::RS384,
        Self::RS512,
        Self::PS256,
        Self::PS384,
        Self::PS512,
        Self::ES256,
        Self::ES384,
        Self::ES512,
        Self::Ed25519,
    ];

    /// The value of `alg` in a token's header.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::HS256 => "HS256",
            Self::HS384 => "HS384",
            Self::HS512 => "HS512",
            Self::RS256 => "RS256",
            Self::RS384 => "RS384",
            Self::RS512 => "RS512",
            Self::PS256 => "PS256",
            Self::PS384 => "PS384",
            Self::PS512 => "PS512",
            Self::ES256 => "ES256",
            Self::ES384 => "ES384",
            Self::ES512 => "ES512",
            Self::Ed25519 => "Ed25519",
        }
    }

    /// The algorithm of that exact name; names are case-sensitive (RFC 7515 §4.1.1).
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        match name {
            "EdDSA" => Some(Self::Ed25519),
            _ => Self::ALL.into_iter().find(|algorithm| algorithm.name() == name),
        }
    }

    /// Whether one shared secret signs and verifies (HS256, HS384, HS512).
    #[must_use]
    pub const fn is_symmetric(self) -> bool {
        matches!(self, Self::HS256 | Self::HS384 | Self::HS512)
    }

    /// Whether the key is an RSA key.
    #[must_use]
    pub const fn is_rsa(self) -> bool {
        matches!(self, Self::RS256 | Self::RS384 | Self::RS512 | Self::PS256 | Self::PS384 | Self::PS512)
    }
}

impl Algorithm {
    pub(super) const fn is_pss(self) -> bool {
        matches!(self, Self::PS256 | Self::PS384 | Self::PS512)
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Algorithm {
    type Err = ConfigError;

    fn from_str(name: &str) -> Result<Self, ConfigError> {
        Self::from_name(name).ok_or_else(|| {
            let known: Vec<_> = Self::ALL.iter().map(|algorithm| algorithm.name()).collect();
            ConfigError::new(
                "algorithm",
                format!("{name:?} is not supported; write one of {}", known.join(", ")),
            )
        })
    }
}
