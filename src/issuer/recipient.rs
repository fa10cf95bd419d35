//! To whom an issuer encrypts.

use std::{fmt, sync::Arc};

use super::{builder::IssuerBuilder, encrypt::Encrypt};
use crate::{
    error::ConfigError,
    jwe::{DecryptionKey, EncryptionKey},
};

/// To whom an [`Issuer`](crate::Issuer) encrypts its tokens: somebody's [`EncryptionKey`].
///
/// ```
/// use jwtower::issuer::Recipient;
/// use jwtower::jwe::{DecryptionKey, KeyManagement};
///
/// let key = DecryptionKey::generate(KeyManagement::A256KW)?;
/// let recipient = Recipient::from(&key);                 // as `.encrypt_to(&key)` of an issuer's builder does
/// # Ok::<(), jwtower::ConfigError>(())
/// ```
#[derive(Clone)]
pub struct Recipient(Key);

#[derive(Clone)]
enum Key {
    Fixed(EncryptionKey),
}

impl IssuerBuilder {
    /// Encrypts each token after it was signed, so that only the recipient can read its claims (RFC 7519 §11.2).
    ///
    /// The recipient's verifiers are told with
    /// [`decrypt_with`](crate::verify::VerifierBuilder::decrypt_with).
    ///
    /// ```
    /// use jwtower::jwe::{DecryptionKey, EncryptionKey, KeyManagement};
    /// use jwtower::{Algorithm, Issuer, SigningKey};
    ///
    /// # let published = EncryptionKey::from(&DecryptionKey::generate(KeyManagement::EcdhEs)?).to_jwk().unwrap();
    /// # let published = format!(r#"{{"keys":[{published}]}}"#);
    /// let issuer = Issuer::builder()
    ///     .key(&SigningKey::generate(Algorithm::ES256)?)
    ///     .encrypt_to(EncryptionKey::from_jwks(published)?)   // the JWK Set of https://api.example.com
    ///     .issuer("https://login.example.com")
    ///     .audience("https://api.example.com")
    ///     .build()?;
    /// # Ok::<(), jwtower::ConfigError>(())
    /// ```
    pub fn encrypt_to(self, recipient: impl Into<Recipient>) -> Self {
        self.encryption(Arc::new(recipient.into()))
    }
}

impl Encrypt for Recipient {
    fn encrypt(&self, token: &str) -> Result<String, ConfigError> {
        match &self.0 {
            Key::Fixed(key) => key.encrypt(token),
        }
    }
}

impl From<EncryptionKey> for Recipient {
    fn from(key: EncryptionKey) -> Self {
        Self(Key::Fixed(key))
    }
}

impl From<&EncryptionKey> for Recipient {
    fn from(key: &EncryptionKey) -> Self {
        key.clone().into()
    }
}

impl From<&DecryptionKey> for Recipient {
    /// The key's public half; of `dir` and `A256KW`, the secret itself.
    fn from(key: &DecryptionKey) -> Self {
        EncryptionKey::from(key).into()
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Key::Fixed(key) => key.fmt(f),
        }
    }
}
