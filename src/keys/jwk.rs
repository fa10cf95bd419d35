//! One public key as JSON (RFC 7517 §4).

use std::fmt;

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{Algorithm, kid::Kid, public::PublicKey, public_members};
use crate::error::ConfigError;

/// A public key as a JSON Web Key, checked when it is read.
///
/// Members that it does not need are dropped. [`Serialize`] writes the public members, `use`, and `kid` and
/// `alg` where known; of an Ed25519 key the curve says enough.
///
/// ```
/// use jwtower::{Algorithm, SigningKey, keys::Jwk};
///
/// let key = SigningKey::generate(Algorithm::ES256)?;
/// let jwk = key.public_jwk().expect("an ES256 key has a public half");
/// assert_eq!(jwk.kid(), Some(jwk.thumbprint().as_str()));
///
/// let json = serde_json::to_string(&jwk).expect("a JWK is plain JSON");
/// assert_eq!(Jwk::from_json(&json)?.algorithm(), Some(Algorithm::ES256));
/// # Ok::<(), jwtower::ConfigError>(())
/// ```
#[derive(Clone)]
pub struct Jwk {
    kid: Option<Kid>,
    algorithm: Option<Algorithm>,
    key: PublicKey,
}

impl Jwk {
    pub(super) fn new(kid: Option<Kid>, algorithm: Option<Algorithm>, key: PublicKey) -> Self {
        Self { kid, algorithm, key }
    }

    /// Reads one public JWK.
    ///
    /// # Errors
    ///
    /// If it is not a JSON object, names a member twice, lacks a member, has a private one, is not for
    /// verifying (`use`, `key_ops`), has an `alg` that is unknown here or does not fit, is an RSA key of
    /// fewer than 2048 or more than 8192 bits, or is not a point of its curve.
    pub fn from_json(json: impl AsRef<[u8]>) -> Result<Self, ConfigError> {
        public_members::read(json.as_ref()).map_err(|refused| ConfigError::new("jwk", refused.to_string()))
    }

    pub(super) fn into_parts(self) -> (Option<Kid>, Option<Algorithm>, PublicKey) {
        (self.kid, self.algorithm, self.key)
    }

    /// The key's name, if it has one.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_ref().map(Kid::as_str)
    }

    /// The key's one algorithm: `alg`, or what its curve says; of an RSA key without `alg` it is open.
    #[must_use]
    pub fn algorithm(&self) -> Option<Algorithm> {
        self.algorithm.or_else(|| (!self.key.is_rsa()).then(|| self.key.usual_algorithm()))
    }

    /// The SHA-256 thumbprint in base64url (RFC 7638), the same however the JWK was written.
    #[must_use]
    pub fn thumbprint(&self) -> String {
        self.key.thumbprint()
    }
}

impl Serialize for Jwk {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, value) in self.key.members() {
            map.serialize_entry(name, &value)?;
        }
        map.serialize_entry("use", "sig")?;
        // Ed25519 has two names, and peers refuse the key when its `alg` is not the one in the token's header.
        // The curve alone fits both.
        if let Some(algorithm) = self.algorithm().filter(|algorithm| *algorithm != Algorithm::Ed25519) {
            map.serialize_entry("alg", algorithm.name())?;
        }
        if let Some(kid) = self.kid() {
            map.serialize_entry("kid", kid)?;
        }
        map.end()
    }
}

impl fmt::Debug for Jwk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kty = self.key.members().into_iter().find(|(name, _)| *name == "kty").map(|(_, kty)| kty);
        f.debug_struct("Jwk")
            .field("kid", &self.kid)
            .field("kty", &kty.unwrap_or_default())
            .field("alg", &self.algorithm())
            .finish_non_exhaustive()
    }
}
