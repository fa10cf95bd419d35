//! A key that decrypts.

use std::fmt;

use zeroize::Zeroizing;

use super::{
    Curve, KeyManagement, content::random_key, jwk, private::Private, public::Public, secret::SharedSecret,
};
use crate::{
    error::ConfigError,
    jwe::ContentEncryption,
    keys::{Kid, PrivatePem, Reason, base64url, read_pem, secret_from_base64},
};

/// A recipient's key, with its one algorithm: a secret that the sender has too, or a key pair.
///
/// `Debug` prints no key.
///
/// ```
/// use jwtower::jwe::{DecryptionKey, EncryptionKey, KeyManagement};
/// use jwtower::{Algorithm, Issuer, NoClaims, Secret, Verifier};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let key = DecryptionKey::generate(KeyManagement::EcdhEsA256KW)?;
///
/// let secret = Secret::generate(Algorithm::HS256)?;
/// let issuer = Issuer::builder()
///     .key(&secret)
///     .encrypt_to(EncryptionKey::from(&key))             // the public half
///     .issuer("https://login.example.com")
///     .audience("api")
///     .build()?;
/// let verifier = Verifier::<NoClaims>::builder()
///     .keys(&secret)
///     .decrypt_with(&key)
///     .issuer("https://login.example.com")
///     .audience("api")
///     .build()?;
///
/// let token = issuer.sign("alice", &NoClaims)?;
/// assert_eq!(token.secret().split('.').count(), 5);
/// assert!(verifier.verify(token.secret()).is_ok());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct DecryptionKey {
    kid: Option<Kid>,
    algorithm: KeyManagement,
    private: Private,
    fingerprint: [u8; 32],
}

impl DecryptionKey {
    /// Makes a new key: on P-256 for ECDH-ES, of 2048 bits for RSA, a secret of 32 bytes for `dir` and `A256KW`.
    ///
    /// A pair is named by its RFC 7638 thumbprint, a secret has no name. The key lives as long as this value.
    ///
    /// # Errors
    ///
    /// If the crypto library fails to make a key, or the operating system gives no random bytes.
    pub fn generate(algorithm: KeyManagement) -> Result<Self, ConfigError> {
        if algorithm.is_symmetric() {
            return Self::from_bytes(algorithm, &*random_key(ContentEncryption::A256GCM)?);
        }
        let curve = algorithm.is_agreement().then_some(Curve::P256);
        Self::new(algorithm, Private::generate_pair(curve)?).named_by_thumbprint()
    }

    /// Makes a new key for ECDH-ES on this curve.
    ///
    /// # Errors
    ///
    /// An algorithm that knows no curves, and those of [`generate`](Self::generate).
    pub fn generate_on(curve: Curve, algorithm: KeyManagement) -> Result<Self, ConfigError> {
        if !algorithm.is_agreement() {
            let problem = format!("{algorithm} takes {}, on no curve; call `generate`", algorithm.key_name());
            return Err(ConfigError::new("decryption key", problem));
        }
        Self::new(algorithm, Private::generate_pair(Some(curve))?).named_by_thumbprint()
    }

    /// Reads a private key: `PRIVATE KEY` (PKCS#8), `EC PRIVATE KEY` (SEC 1) or `RSA PRIVATE KEY` (PKCS#1).
    ///
    /// The key has no name and so decrypts tokens with any `kid` or none; [`with_kid`](Self::with_kid) names it.
    ///
    /// ```no_run
    /// use jwtower::jwe::{DecryptionKey, KeyManagement};
    ///
    /// // openssl genpkey -algorithm X25519 -out decryption.pem
    /// let pem = std::fs::read("decryption.pem")?;
    /// let key = DecryptionKey::from_pem(KeyManagement::EcdhEs, pem)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If it is not the PEM of one private key for this algorithm, is encrypted, or is an RSA key of fewer than 2048
    /// or more than 8192 bits.
    pub fn from_pem(algorithm: KeyManagement, pem: impl AsRef<[u8]>) -> Result<Self, ConfigError> {
        if algorithm.is_symmetric() {
            return Err(refuse(format!(
                "{algorithm} takes {}, not a PEM; call `from_base64`",
                algorithm.key_name()
            )));
        }
        let pem = read_pem(pem.as_ref()).map_err(refuse)?;
        if pem.kind.is_public() {
            return Err(refuse(
                "is a public key; to decrypt takes the private one, to encrypt EncryptionKey::from_pem",
            ));
        }
        Ok(Self::new(algorithm, Private::from_pem(algorithm, &pem).map_err(refuse)?))
    }

    /// Reads one private JWK, with its `alg` (RFC 7517 §4.4) and its name, if it has one.
    ///
    /// # Errors
    ///
    /// If it is not a JSON object, names a member twice, lacks a member, has no `alg` or one that does not fit, is
    /// not for decrypting (`use`, `key_ops`), or its public members are not those of the private ones.
    pub fn from_jwk(json: impl AsRef<[u8]>) -> Result<Self, ConfigError> {
        let (kid, algorithm, private) = jwk::read_private(json.as_ref()).map_err(refuse)?;
        Ok(Self { kid, ..Self::new(algorithm, private) })
    }

    /// Reads a secret for `dir` or `A256KW` from base64, such as `openssl rand -base64 32` prints.
    ///
    /// # Errors
    ///
    /// Another algorithm, what is not base64, and the reasons of [`from_bytes`](Self::from_bytes).
    pub fn from_base64(algorithm: KeyManagement, text: impl AsRef<str>) -> Result<Self, ConfigError> {
        secret_from_base64(text.as_ref(), |bytes| Self::from_bytes(algorithm, bytes))
    }

    /// Takes a secret's bytes as they are: 16 or 32 for `dir`, 32 for `A256KW`.
    ///
    /// # Errors
    ///
    /// Another algorithm, another length, or what looks like a PEM, a JWK, or words.
    pub fn from_bytes(algorithm: KeyManagement, bytes: impl AsRef<[u8]>) -> Result<Self, ConfigError> {
        Ok(Self::new(algorithm, Private::Secret(SharedSecret::new(algorithm, bytes.as_ref())?)))
    }

    fn new(algorithm: KeyManagement, private: Private) -> Self {
        Self { kid: None, algorithm, fingerprint: private.fingerprint(), private }
    }

    fn named_by_thumbprint(self) -> Result<Self, ConfigError> {
        match self.public() {
            Some(public) => self.with_kid(public.thumbprint()),
            None => Ok(self),
        }
    }

    /// Names the key; tokens say by that name which key they are encrypted to.
    ///
    /// # Errors
    ///
    /// If the name is empty or longer than 256 bytes.
    pub fn with_kid(mut self, kid: impl Into<String>) -> Result<Self, ConfigError> {
        self.kid = Some(Kid::new(kid.into())?);
        Ok(self)
    }

    /// The key's name, if it has one.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_ref().map(Kid::as_str)
    }

    /// The one algorithm that this key is for.
    #[must_use]
    pub fn algorithm(&self) -> KeyManagement {
        self.algorithm
    }

    /// The curve of a key for ECDH-ES.
    #[must_use]
    pub fn curve(&self) -> Option<Curve> {
        self.public().and_then(|public| public.curve())
    }

    /// The secret of `dir` and `A256KW` in base64url, as [`from_base64`](Self::from_base64) reads it; a pair has none.
    ///
    /// # Security
    ///
    /// Whoever holds this text can read the tokens: keep it in a secret store, and out of logs, repositories and
    /// error messages.
    #[must_use]
    pub fn secret(&self) -> Option<&str> {
        match &self.private {
            Private::Secret(secret) => Some(secret.text()),
            _ => None,
        }
    }

    /// The private key as a PEM (PKCS#8), as [`from_pem`](Self::from_pem) reads it.
    ///
    /// # Errors
    ///
    /// A secret, which has no PEM.
    pub fn to_pem(&self) -> Result<PrivatePem, ConfigError> {
        let der = self.private.to_pkcs8();
        let der = der.ok_or_else(|| refuse("has no PEM, as it is a secret; `secret()` gives its text"))?;
        Ok(PrivatePem::from_pkcs8(&der))
    }

    /// The key to be stored encrypted: PKCS#8 of a pair, the bytes of a secret.
    pub(crate) fn private_bytes(&self) -> Result<Zeroizing<Vec<u8>>, ConfigError> {
        match &self.private {
            Private::Secret(secret) => base64url::decode(secret.text()).map(Zeroizing::new),
            pair => pair.to_pkcs8(),
        }
        .ok_or_else(|| refuse("the crypto library could not write the key"))
    }

    /// The key of [`private_bytes`](Self::private_bytes), under its name.
    pub(crate) fn from_private_bytes(
        algorithm: KeyManagement,
        kid: &str,
        bytes: &[u8],
    ) -> Result<Self, ConfigError> {
        let private = if algorithm.is_symmetric() {
            Private::Secret(SharedSecret::of_any_bytes(algorithm, bytes)?)
        } else {
            Private::from_pkcs8(algorithm, bytes).map_err(refuse)?
        };
        Self::new(algorithm, private).with_kid(kid)
    }

    pub(super) fn name(&self) -> Option<&Kid> {
        self.kid.as_ref()
    }

    /// The same for the same key, however often it was loaded.
    pub(crate) fn fingerprint(&self) -> [u8; 32] {
        self.fingerprint
    }

    pub(super) fn private(&self) -> &Private {
        &self.private
    }

    pub(super) fn public(&self) -> Option<Public> {
        self.private.public()
    }

    pub(super) fn public_jwk(&self) -> Option<jwk::PublicJwk> {
        Some(jwk::PublicJwk::new(self.kid(), self.algorithm, &self.public()?))
    }
}

impl fmt::Debug for DecryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecryptionKey")
            .field("kid", &self.kid)
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}

fn refuse(problem: impl Into<Reason>) -> ConfigError {
    ConfigError::new("decryption key", problem)
}
