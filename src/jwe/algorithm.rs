//! The algorithms of encrypted tokens, by their names in the JOSE registry.

use std::{fmt, str::FromStr};

use crate::error::ConfigError;

/// How the key that encrypts a token comes to its recipient: `alg` of an encrypted token (RFC 7518 §4).
///
/// RSA1_5, RSA-OAEP with SHA-1, key wrapping of other sizes and everything with a password do not exist here.
///
/// ```
/// use jwtower::jwe::KeyManagement;
///
/// assert_eq!("ECDH-ES+A256KW".parse::<KeyManagement>()?, KeyManagement::EcdhEsA256KW);
/// let error = "RSA1_5".parse::<KeyManagement>().unwrap_err();
/// assert!(error.to_string().contains("Bleichenbacher"));
/// # Ok::<(), jwtower::ConfigError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum KeyManagement {
    /// `dir`: the shared secret itself encrypts (RFC 7518 §4.5).
    Dir,
    /// `A256KW`: a shared secret wraps the key of each token (RFC 7518 §4.4).
    A256KW,
    /// `ECDH-ES`: the key of each token is agreed on (RFC 7518 §4.6, RFC 8037 §3.2).
    EcdhEs,
    /// `ECDH-ES+A256KW`: what is agreed on wraps the key of each token.
    EcdhEsA256KW,
    /// `RSA-OAEP-256`: an RSA key encrypts the key of each token (RFC 7518 §4.3).
    RsaOaep256,
}

/// How the content is encrypted: `enc` of an encrypted token (RFC 7518 §5.3).
///
/// ```
/// use jwtower::jwe::ContentEncryption;
///
/// assert_eq!("A256GCM".parse::<ContentEncryption>()?, ContentEncryption::A256GCM);
/// # Ok::<(), jwtower::ConfigError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ContentEncryption {
    /// AES-GCM with a key of 128 bits.
    A128GCM,
    /// AES-GCM with a key of 256 bits.
    A256GCM,
}

/// The curve of a key for ECDH-ES.
///
/// ```
/// use jwtower::jwe::{Curve, DecryptionKey, KeyManagement};
///
/// let key = DecryptionKey::generate_on(Curve::X25519, KeyManagement::EcdhEs)?;
/// assert_eq!(key.curve(), Some(Curve::X25519));
/// # Ok::<(), jwtower::ConfigError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Curve {
    /// `P-256` (RFC 7518 §6.2.1.1), which every library knows.
    P256,
    /// `X25519` (RFC 8037 §3.2).
    X25519,
}

impl KeyManagement {
    /// Every algorithm that is supported.
    pub const ALL: [Self; 5] = [Self::Dir, Self::A256KW, Self::EcdhEs, Self::EcdhEsA256KW, Self::RsaOaep256];

    /// The value of `alg` in a token's header.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dir => "dir",
            Self::A256KW => "A256KW",
            Self::EcdhEs => "ECDH-ES",
            Self::EcdhEsA256KW => "ECDH-ES+A256KW",
            Self::RsaOaep256 => "RSA-OAEP-256",
        }
    }

    /// The algorithm of that exact name.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name)
    }

    /// Whether sender and recipient share one secret.
    #[must_use]
    pub const fn is_symmetric(self) -> bool {
        matches!(self, Self::Dir | Self::A256KW)
    }

    /// Whether a key is agreed on, on one of the [curves](Curve).
    #[must_use]
    pub const fn is_agreement(self) -> bool {
        matches!(self, Self::EcdhEs | Self::EcdhEsA256KW)
    }

    /// The key that it needs, in words.
    pub(super) const fn key_name(self) -> &'static str {
        match self {
            Self::Dir => "a secret of 16 or 32 bytes",
            Self::A256KW => "a secret of 32 bytes",
            Self::EcdhEs | Self::EcdhEsA256KW => "a P-256 or X25519 key",
            Self::RsaOaep256 => "an RSA key",
        }
    }

    /// What a PEM calls the keys that it takes.
    pub(super) const fn pem_names(self) -> &'static [&'static str] {
        match self {
            Self::Dir | Self::A256KW => &[],
            Self::EcdhEs | Self::EcdhEsA256KW => &["a P-256 key", "an X25519 key"],
            Self::RsaOaep256 => &["an RSA key"],
        }
    }
}

impl ContentEncryption {
    /// Every algorithm that is supported.
    pub const ALL: [Self; 2] = [Self::A128GCM, Self::A256GCM];

    /// The value of `enc` in a token's header.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::A128GCM => "A128GCM",
            Self::A256GCM => "A256GCM",
        }
    }

    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|content| content.name() == name)
    }

    /// Bytes of its key.
    pub(super) const fn key_len(self) -> usize {
        match self {
            Self::A128GCM => 16,
            Self::A256GCM => 32,
        }
    }
}

impl Curve {
    /// Every curve that is supported.
    pub const ALL: [Self; 2] = [Self::P256, Self::X25519];

    /// The value of `crv` in a JWK.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::X25519 => "X25519",
        }
    }
}

impl FromStr for KeyManagement {
    type Err = ConfigError;

    fn from_str(name: &str) -> Result<Self, ConfigError> {
        Self::from_name(name).ok_or_else(|| {
            let reason = match name {
                "RSA1_5" => "falls to Bleichenbacher's attack (RFC 8725bis §3.2)",
                "RSA-OAEP" => "rests on SHA-1",
                name if name.starts_with("PBES2") => "takes passwords, which can be guessed",
                _ => "is not supported",
            };
            let known = Self::ALL.map(Self::name).join(", ");
            ConfigError::new("algorithm", format!("{name:?} {reason}; write one of {known}"))
        })
    }
}

impl FromStr for ContentEncryption {
    type Err = ConfigError;

    fn from_str(name: &str) -> Result<Self, ConfigError> {
        Self::from_name(name).ok_or_else(|| {
            let known = Self::ALL.map(Self::name).join(", ");
            ConfigError::new("enc", format!("{name:?} is not supported; write one of {known}"))
        })
    }
}

impl FromStr for Curve {
    type Err = ConfigError;

    fn from_str(name: &str) -> Result<Self, ConfigError> {
        Self::ALL.into_iter().find(|curve| curve.name() == name).ok_or_else(|| {
            let known = Self::ALL.map(Self::name).join(", ");
            ConfigError::new("curve", format!("{name:?} is not supported; write one of {known}"))
        })
    }
}

impl fmt::Display for KeyManagement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for ContentEncryption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Curve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
