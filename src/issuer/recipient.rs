//! To whom an issuer encrypts.

use std::{fmt, sync::Arc, time::Duration};

use super::{builder::IssuerBuilder, encrypt::Encrypt, ring::DecryptionRing};
use crate::{
    error::{AuthError, ConfigError},
    jwe::{DecryptionKey, EncryptionKey},
};

/// To whom an [`Issuer`](crate::Issuer) encrypts its tokens: somebody's [`EncryptionKey`], or our own
/// [`DecryptionRing`], whose keys change.
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
    Ring(DecryptionRing),
}

impl IssuerBuilder {
    /// Encrypts each token after it was signed, so that only the recipient can read its claims (RFC 7519 §11.2).
    ///
    /// The recipient is an [`EncryptionKey`] of somebody else, or a `&`[`DecryptionRing`] or `&`[`DecryptionKey`] of
    /// our own. Its verifiers are told with [`decrypt_with`](crate::verify::VerifierBuilder::decrypt_with).
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
            Key::Ring(ring) => ring.encrypt(token),
        }
    }

    fn check_fresh(&self) -> Result<(), AuthError> {
        match &self.0 {
            Key::Fixed(_) => Ok(()),
            Key::Ring(ring) => ring.check_fresh(),
        }
    }

    fn check_token_life(&self, life: Duration) -> Result<(), ConfigError> {
        match &self.0 {
            Key::Fixed(_) => Ok(()),
            Key::Ring(ring) => ring.check_token_life(life),
        }
    }

    /// A single key is the application's to keep.
    fn is_durable(&self) -> bool {
        match &self.0 {
            Key::Fixed(_) => true,
            Key::Ring(ring) => ring.is_durable(),
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

impl From<&DecryptionRing> for Recipient {
    /// The ring's current key at each moment: rotation and withdrawal count at once.
    fn from(ring: &DecryptionRing) -> Self {
        Self(Key::Ring(ring.clone()))
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Key::Fixed(key) => key.fmt(f),
            Key::Ring(ring) => ring.fmt(f),
        }
    }
}
