//! The key that other keys are encrypted with.

use std::fmt;

use base64_simd::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

use super::seal::Sealer;
use crate::{
    error::ConfigError,
    keys::{base64url, weakness},
};

/// The key under which the keys in a store are encrypted: 32 random bytes, from the environment or a file.
///
/// It never goes into the store itself: who has only one of the two has no signing key. It has no `Display`,
/// and its `Debug` prints no part of it; [`secret`](Self::secret) is the one way to its text, which is wiped
/// from memory on drop.
///
/// ```
/// use jwtower::KeyEncryptionKey;
///
/// let kek = KeyEncryptionKey::generate()?;
/// let saved = kek.secret().to_owned();                  // into a secret store, or a file that only we can read
///
/// let again = KeyEncryptionKey::from_base64(&saved)?;   // std::env::var("KEY_ENCRYPTION_KEY")
/// assert_eq!(again.secret(), kek.secret());
/// # Ok::<(), jwtower::ConfigError>(())
/// ```
///
/// # Security
///
/// Where it is lost, so are the signing keys: every token that they signed is refused, and every session ends.
pub struct KeyEncryptionKey {
    sealer: Sealer,
    text: Zeroizing<String>,
}

impl KeyEncryptionKey {
    /// Makes a random key.
    ///
    /// # Errors
    ///
    /// If the operating system gives no random bytes.
    pub fn generate() -> Result<Self, ConfigError> {
        let mut bytes = Zeroizing::new([0; 32]);
        getrandom::fill(&mut *bytes)
            .map_err(|error| refuse(format!("the system gives no random bytes: {error}")))?;
        Self::new(&bytes)
    }

    /// Reads a key from base64, such as `openssl rand -base64 32` prints.
    ///
    /// Both alphabets are read, padded or not, with white space around.
    ///
    /// ```
    /// use jwtower::KeyEncryptionKey;
    ///
    /// let error = KeyEncryptionKey::from_base64("changeme").unwrap_err();
    /// assert!(error.to_string().contains("openssl rand -base64 32"));
    /// ```
    ///
    /// # Errors
    ///
    /// If the text is not the base64 of 32 bytes, or of bytes that a person made up.
    pub fn from_base64(text: impl AsRef<str>) -> Result<Self, ConfigError> {
        let text = text.as_ref().trim();
        let digits = text.trim_end_matches('=');
        if text.len() == 64 && text.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(refuse("looks like hex; decode it and call KeyEncryptionKey::from_bytes"));
        }
        if digits.len() != 43 {
            let problem = format!(
                "has {} characters; 32 random bytes have 43 in base64, and one `=`, see `openssl rand -base64 32`",
                digits.chars().count()
            );
            return Err(refuse(problem));
        }
        let alphabet = if digits.contains(['-', '_']) { URL_SAFE_NO_PAD } else { STANDARD_NO_PAD };
        let bytes = alphabet.decode_to_vec(digits).map(Zeroizing::new);
        let bytes = bytes.map_err(|_| refuse("is not base64; see `openssl rand -base64 32`"))?;
        let bytes: &[u8; 32] =
            bytes.as_slice().try_into().map_err(|_| refuse("is not the base64 of 32 bytes"))?;
        refuse_weak(digits.as_bytes())?;
        refuse_weak(bytes)?;
        Self::new(bytes)
    }

    /// Takes the key's bytes as they are.
    ///
    /// # Errors
    ///
    /// If they look like something that a person made up.
    pub fn from_bytes(bytes: [u8; 32]) -> Result<Self, ConfigError> {
        let bytes = Zeroizing::new(bytes);
        refuse_weak(&*bytes)?;
        Self::new(&bytes)
    }

    fn new(bytes: &[u8; 32]) -> Result<Self, ConfigError> {
        Ok(Self { sealer: Sealer::new(bytes)?, text: Zeroizing::new(base64url::encode(bytes)) })
    }

    /// The key in base64url, as [`from_base64`](Self::from_base64) reads it.
    ///
    /// # Security
    ///
    /// Whoever holds this text and a copy of the store can sign tokens: keep the two apart, and this one out
    /// of logs, repositories and error messages.
    #[must_use]
    pub fn secret(&self) -> &str {
        &self.text
    }

    pub(super) fn sealer(&self) -> Sealer {
        self.sealer.clone()
    }
}

impl fmt::Debug for KeyEncryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyEncryptionKey(..)")
    }
}

fn refuse_weak(bytes: &[u8]) -> Result<(), ConfigError> {
    weakness(bytes).map_or(Ok(()), |reason| {
        let advice = "take random bytes, from KeyEncryptionKey::generate or `openssl rand -base64 32`";
        Err(refuse(format!("{reason}, so it can be guessed; {advice}")))
    })
}

fn refuse(problem: impl Into<std::borrow::Cow<'static, str>>) -> ConfigError {
    ConfigError::new("key-encryption key", problem)
}
