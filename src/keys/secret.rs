//! The shared secret of the HMAC algorithms.

use std::{fmt, sync::Arc};

use aws_lc_rs::hmac;
use zeroize::Zeroizing;

use super::{Algorithm, base64url, family::Family, kid::Kid, secret_bytes};
use crate::error::ConfigError;

/// A secret for HS256, HS384 or HS512: who has it can both sign and verify.
///
/// It is at least as long as its hash (32, 48 or 64 bytes, RFC 7518 §3.2) and does not look like something
/// that a person made up. It has no `Display`, and its `Debug` prints no part of it;
/// [`secret`](Self::secret) is the one way to its text.
///
/// ```
/// use jwtower::{Algorithm, Secret};
///
/// let secret = Secret::generate(Algorithm::HS256)?;
/// let saved = secret.secret().to_owned();              // into a secret store, an environment variable, a file
///
/// let again = Secret::from_base64(Algorithm::HS256, &saved)?;
/// assert_eq!(again.secret(), secret.secret());
/// assert!(Secret::from_bytes(Algorithm::HS256, "correct horse battery staple for me").is_err());
/// # Ok::<(), jwtower::ConfigError>(())
/// ```
///
/// # Security
///
/// Every service that verifies can also sign. Where verifiers are not as trusted as the issuer, use a key
/// pair: [`SigningKey`](super::SigningKey).
pub struct Secret {
    algorithm: Algorithm,
    kid: Option<Kid>,
    key: Arc<hmac::Key>,
    text: SecretText,
}

/// The secret in base64url. It is shared, so that there is one copy, wiped when its last owner goes.
pub(super) type SecretText = Arc<Zeroizing<String>>;

impl Secret {
    /// Makes a random secret as long as the algorithm's hash.
    ///
    /// # Errors
    ///
    /// If the algorithm is not an HMAC, or the operating system gives no random bytes.
    pub fn generate(algorithm: Algorithm) -> Result<Self, ConfigError> {
        let mut bytes = Zeroizing::new(vec![0; hash_of(algorithm)?.tag_len()]);
        getrandom::fill(&mut bytes).map_err(|error| {
            ConfigError::new("secret", format!("the system gives no random bytes: {error}"))
        })?;
        Self::from_bytes(algorithm, &*bytes)
    }

    /// Reads a secret from base64, such as `openssl rand -base64 48` prints.
    ///
    /// Both alphabets are read, padded or not; white space around the text and line breaks in it are
    /// skipped.
    ///
    /// # Errors
    ///
    /// If the algorithm is not an HMAC, the text is not base64, or the secret is shorter than the hash or
    /// looks like a PEM, a JWK, or words.
    pub fn from_base64(algorithm: Algorithm, text: impl AsRef<str>) -> Result<Self, ConfigError> {
        secret_bytes::from_base64(text.as_ref(), |bytes| Self::from_bytes(algorithm, bytes))
    }

    /// Takes the secret's bytes as they are.
    ///
    /// ```
    /// use jwtower::{Algorithm, Secret};
    ///
    /// let error = Secret::from_bytes(Algorithm::HS256, b"secret").unwrap_err();
    /// assert_eq!(error.to_string(), "secret: has 6 bytes; HS256 needs at least 32 bytes (RFC 7518 §3.2)");
    /// ```
    ///
    /// # Errors
    ///
    /// If the algorithm is not an HMAC, or the secret is shorter than the hash or looks like a PEM, a JWK,
    /// or words.
    pub fn from_bytes(algorithm: Algorithm, bytes: impl AsRef<[u8]>) -> Result<Self, ConfigError> {
        let bytes = bytes.as_ref();
        secret_bytes::refuse_mistaken_form(bytes)?;
        let secret = Self::of_any_bytes(algorithm, bytes)?;
        secret_bytes::refuse_weak(bytes)?;
        Ok(secret)
    }

    /// A secret of which only the length is looked at.
    pub(super) fn of_any_bytes(algorithm: Algorithm, bytes: &[u8]) -> Result<Self, ConfigError> {
        let hash = hash_of(algorithm)?;
        let (length, needed) = (bytes.len(), hash.tag_len());
        if length < needed {
            let problem =
                format!("has {length} bytes; {algorithm} needs at least {needed} bytes (RFC 7518 §3.2)");
            return Err(ConfigError::new("secret", problem));
        }
        let text = Arc::new(Zeroizing::new(base64url::encode(bytes)));
        Ok(Self { algorithm, kid: None, key: Arc::new(hmac::Key::new(hash, bytes)), text })
    }

    /// Names the secret, so that tokens say which one signed them; needed to change secrets without
    /// refusing the tokens of the old one.
    ///
    /// # Errors
    ///
    /// If the name is empty or longer than 256 bytes.
    pub fn with_kid(mut self, kid: impl Into<String>) -> Result<Self, ConfigError> {
        self.kid = Some(Kid::new(kid.into())?);
        Ok(self)
    }

    /// The secret in base64url, as [`from_base64`](Self::from_base64) reads it.
    ///
    /// # Security
    ///
    /// Whoever holds this text can sign tokens: keep it in a secret store, and out of logs, repositories
    /// and error messages.
    #[must_use]
    pub fn secret(&self) -> &str {
        &self.text
    }

    /// The algorithm that this secret is for.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The secret's name, if it has one.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_ref().map(Kid::as_str)
    }

    /// What a prepared key is made of; the bytes of the secret are not copied.
    pub(super) fn parts(&self) -> (Algorithm, Option<Kid>, Arc<hmac::Key>) {
        (self.algorithm, self.kid.clone(), self.key.clone())
    }

    pub(super) fn text(&self) -> SecretText {
        Arc::clone(&self.text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secret")
            .field("algorithm", &self.algorithm)
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}

fn hash_of(algorithm: Algorithm) -> Result<hmac::Algorithm, ConfigError> {
    match Family::of(algorithm) {
        Family::Hmac(hash) => Ok(hash),
        _ => Err(ConfigError::new(
            "secret",
            format!(
                "{algorithm} signs with a key pair, see SigningKey; secrets are for HS256, HS384 and HS512"
            ),
        )),
    }
}
