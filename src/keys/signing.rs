//! A key that signs.

use std::{fmt, sync::Arc};

use aws_lc_rs::hmac;
use zeroize::Zeroizing;

use super::{
    Algorithm, Jwk, PrivatePem, Secret, base64url,
    kid::Kid,
    members::Members,
    pair::KeyPair,
    pem,
    private_members::{self, PrivateKey},
    public::Reason,
    secret::SecretText,
    verifying::VerifyingKey,
};
use crate::error::ConfigError;

/// One key that can sign, with its one algorithm.
///
/// A key pair is named by its RFC 7638 thumbprint unless [`with_kid`](Self::with_kid) names it; a secret has
/// the name that it was given, or none. `Debug` prints no key.
///
/// ```
/// use jwtower::{Algorithm, KeySet, SigningKey};
///
/// let key = SigningKey::generate(Algorithm::ES256)?;
/// assert_eq!(key.kid().map(str::len), Some(43));
///
/// let keys = KeySet::from(&key);                        // its public half, for a verifier
/// assert!(keys.to_jwks().contains("P-256"));
/// # Ok::<(), jwtower::ConfigError>(())
/// ```
#[derive(Clone)]
pub struct SigningKey {
    signer: Signer,
    verifying: VerifyingKey,
}

#[derive(Clone)]
enum Signer {
    /// The library does not give a secret back, so its text stays beside it.
    Hmac(Arc<hmac::Key>, SecretText),
    Pair(KeyPair),
}

impl SigningKey {
    /// Makes a new key; RSA keys have 2048 bits.
    ///
    /// It lives as long as this value: tokens that it signed cannot be verified after a restart.
    ///
    /// # Errors
    ///
    /// If the crypto library fails to make a key.
    pub fn generate(algorithm: Algorithm) -> Result<Self, ConfigError> {
        match KeyPair::generate(algorithm) {
            Ok(Some(pair)) => Self::new(algorithm, pair),
            Ok(None) => Ok(Self::from(&Secret::generate(algorithm)?)),
            Err(_) => Err(refuse("the crypto library could not make a key")),
        }
    }

    /// Reads a private key: `PRIVATE KEY` (PKCS#8), `RSA PRIVATE KEY` (PKCS#1) or `EC PRIVATE KEY` (SEC 1).
    ///
    /// ```no_run
    /// use jwtower::{Algorithm, SigningKey};
    ///
    /// // openssl genpkey -algorithm ED25519 -out signing.pem
    /// let pem = std::fs::read("signing.pem")?;
    /// let key = SigningKey::from_pem(Algorithm::Ed25519, pem)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If it is not the PEM of one private key for this algorithm, is encrypted, or is an RSA key of fewer
    /// than 2048 or more than 8192 bits.
    pub fn from_pem(algorithm: Algorithm, pem: impl AsRef<[u8]>) -> Result<Self, ConfigError> {
        if algorithm.is_symmetric() {
            return Err(refuse(format!("{algorithm} takes a Secret, not a PEM")));
        }
        let pem = pem::read(pem.as_ref()).map_err(refuse)?;
        if pem.kind.is_public() {
            return Err(refuse(
                "is a public key; a signer needs the private one, a verifier calls KeySet::from_pem",
            ));
        }
        Self::new(algorithm, KeyPair::from_pem(algorithm, &pem).map_err(refuse)?)
    }

    /// Reads one private JWK: RSA, EC on P-256, P-384 or P-521, Ed25519 (OKP), or a secret (oct).
    ///
    /// RSA keys and secrets serve several algorithms, so they need `alg`; of the others the curve says enough.
    /// A `kid` is kept.
    ///
    /// ```
    /// use jwtower::{Algorithm, Secret, SigningKey};
    ///
    /// let secret = Secret::generate(Algorithm::HS256)?;
    /// let jwk = format!(r#"{{"kty":"oct","alg":"HS256","kid":"2026-07","k":"{}"}}"#, secret.secret());
    ///
    /// let key = SigningKey::from_jwk(jwk)?;
    /// assert_eq!((key.algorithm(), key.kid()), (Algorithm::HS256, Some("2026-07")));
    /// # Ok::<(), jwtower::ConfigError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If it is not a JSON object, names a member twice, lacks a member, is a public key, is not for signing
    /// (`use`, `key_ops`), has an `alg` that is unknown here or does not fit, is an RSA key of fewer than 2048
    /// or more than 8192 bits or of more than two primes, has a public half that is not that of its private
    /// one, or is a secret that [`Secret`] does not take.
    pub fn from_jwk(json: impl AsRef<[u8]>) -> Result<Self, ConfigError> {
        let json = json.as_ref();
        let members = Members::read(json).map_err(|reason| {
            let is_pem = json.trim_ascii_start().starts_with(b"-----BEGIN ");
            refuse(if is_pem { "is a PEM, not a JWK; call SigningKey::from_pem".into() } else { reason })
        })?;
        let kid = members.kid().map_err(refuse)?;
        let mut key = match private_members::read(&members).map_err(refuse)? {
            PrivateKey::Secret(secret) => Self::from(&secret),
            PrivateKey::Pair(algorithm, pair) => Self::new(algorithm, pair)?,
        };
        if let Some(kid) = kid {
            key.verifying = key.verifying.with_kid(kid);
        }
        Ok(key)
    }

    fn new(algorithm: Algorithm, pair: KeyPair) -> Result<Self, ConfigError> {
        let key = pair.public().map_err(refuse)?;
        let kid = Kid::new(key.thumbprint())?;
        let verifying = VerifyingKey::public(Some(kid), Some(algorithm), key).map_err(refuse)?;
        Ok(Self { signer: Signer::Pair(pair), verifying })
    }

    /// Names the key; verifiers find it under this name.
    ///
    /// # Errors
    ///
    /// If the name is empty or longer than 256 bytes.
    pub fn with_kid(self, kid: impl Into<String>) -> Result<Self, ConfigError> {
        Ok(Self { verifying: self.verifying.with_kid(Kid::new(kid.into())?), ..self })
    }

    /// The key's name, if it has one.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.verifying.kid()
    }

    /// The one algorithm that this key signs with.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.verifying.algorithm()
    }

    /// The public half, or `None` for HMAC, which has none.
    #[must_use]
    pub fn public_jwk(&self) -> Option<Jwk> {
        self.verifying.jwk()
    }

    /// The private key as a PEM of PKCS#8, as [`from_pem`](Self::from_pem) reads it.
    ///
    /// # Errors
    ///
    /// If it is an HMAC key, whose text [`Secret::secret`] gives, or the crypto library fails to write it.
    pub fn to_pem(&self) -> Result<PrivatePem, ConfigError> {
        match &self.signer {
            Signer::Hmac(..) => Err(refuse("has no PEM; Secret::secret gives its text")),
            Signer::Pair(_) => Ok(PrivatePem::from_pkcs8(&self.private_bytes()?)),
        }
    }

    pub(super) fn verifying(&self) -> &VerifyingKey {
        &self.verifying
    }

    /// The private key, to be stored encrypted: PKCS#8 (RFC 5208) of a pair, the bytes of a secret.
    pub(crate) fn private_bytes(&self) -> Result<Zeroizing<Vec<u8>>, ConfigError> {
        match &self.signer {
            Signer::Hmac(_, text) => base64url::decode(text.as_bytes()).map(Zeroizing::new),
            Signer::Pair(pair) => pair.to_pkcs8().ok(),
        }
        .ok_or_else(|| refuse("the crypto library could not write the key"))
    }

    /// The key of [`private_bytes`](Self::private_bytes), under its name.
    ///
    /// Whether a secret is one that a person made up was looked at when it was first loaded.
    pub(crate) fn from_private_bytes(
        algorithm: Algorithm,
        kid: &str,
        bytes: &[u8],
    ) -> Result<Self, ConfigError> {
        let key = if algorithm.is_symmetric() {
            Self::from(&Secret::of_any_bytes(algorithm, bytes)?)
        } else {
            Self::new(algorithm, KeyPair::from_pkcs8(algorithm, bytes).map_err(refuse)?)?
        };
        key.with_kid(kid)
    }

    /// The signature over `message`, in the form of RFC 7518 §3.
    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, ConfigError> {
        match &self.signer {
            Signer::Hmac(key, _) => Ok(hmac::sign(key, message).as_ref().to_vec()),
            Signer::Pair(pair) => pair.sign(message).map_err(|_| refuse("the crypto library could not sign")),
        }
    }
}

impl From<&Secret> for SigningKey {
    fn from(secret: &Secret) -> Self {
        let (algorithm, kid, key) = secret.parts();
        Self {
            signer: Signer::Hmac(Arc::clone(&key), secret.text()),
            verifying: VerifyingKey::hmac(kid, algorithm, key),
        }
    }
}

impl From<&Self> for SigningKey {
    fn from(key: &Self) -> Self {
        key.clone()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("kid", &self.kid())
            .field("algorithm", &self.algorithm())
            .finish_non_exhaustive()
    }
}

fn refuse(problem: impl Into<Reason>) -> ConfigError {
    ConfigError::new("signing key", problem)
}
