//! Sessions whose access tokens are encrypted.

use super::{builder::SessionsBuilder, store::SessionStore};
use crate::{jwe::DecryptionSource, revocation::RevocationStore};

impl<S: SessionStore + RevocationStore + Clone> SessionsBuilder<S> {
    /// The keys that decrypt the access tokens, where the issuer encrypts them
    /// ([`encrypt_to`](crate::issuer::IssuerBuilder::encrypt_to)).
    ///
    /// Refresh tokens carry no claims, and stay as they are.
    ///
    /// ```
    /// # use jwtower::session::{Accounts, BoxError};
    /// # struct Users;
    /// # #[derive(serde::Deserialize)]
    /// # struct Password { username: String }
    /// # impl Accounts for Users {
    /// #     type Credentials = Password;
    /// #     type Claims = jwtower::NoClaims;
    /// #     fn account<'a>(&self, credentials: &'a Password) -> &'a str { &credentials.username }
    /// #     async fn find(&self, _: &Password) -> Result<Option<String>, BoxError> { Ok(None) }
    /// #     async fn check(&self, _: Option<&str>, _: &Password) -> Result<bool, BoxError> { Ok(false) }
    /// #     async fn claims(&self, _: &str) -> Result<Option<jwtower::NoClaims>, BoxError> { Ok(None) }
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use jwtower::jwe::{DecryptionKey, KeyManagement};
    /// use jwtower::{Algorithm, Issuer, KeyRing, Sessions, store::MemoryStore};
    ///
    /// let key = DecryptionKey::generate(KeyManagement::A256KW)?;
    /// let issuer = Issuer::builder()
    ///     .keys(KeyRing::generate(Algorithm::ES256)?)
    ///     .encrypt_to(&key)
    ///     .issuer("https://login.example.com")
    ///     .audience("https://api.example.com")
    ///     .build()?;
    /// let sessions = Sessions::builder(issuer, MemoryStore::new(), Users).decrypt_with(&key).build().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn decrypt_with(self, keys: impl Into<DecryptionSource>) -> Self {
        self.encryption(keys.into().into())
    }
}
