//! Keys and issuer from one URL.

use super::{
    builder::VerifierBuilder,
    mistakes,
    typestate::{IssuerGiven, KeysGiven},
};
use crate::{error::ConfigError, keys::RemoteKeySet};

impl<C, K, I, A> VerifierBuilder<C, K, I, A> {
    /// The issuer, and the keys that it publishes: `.keys(RemoteKeySet::discover(issuer)?).issuer(issuer)`.
    ///
    /// Nothing is fetched before the first token needs it, or [`Verifier::ready`](super::Verifier::ready) is
    /// called.
    ///
    /// ```
    /// # use jwtower::{NoClaims, Verifier};
    /// let verifier = Verifier::<NoClaims>::builder()
    ///     .discover("https://login.example.com")?
    ///     .audience("https://api.example.com")
    ///     .build()?;
    /// # Ok::<(), jwtower::ConfigError>(())
    /// ```
    ///
    /// [`keys`](Self::keys) afterwards replaces the keys and leaves the issuer: for a provider that has another
    /// address inside a cluster, for an own way to fetch, or for a [`KeySet`](crate::keys::KeySet) in tests.
    ///
    /// ```
    /// # use jwtower::{NoClaims, Verifier, keys::RemoteKeySet};
    /// let verifier = Verifier::<NoClaims>::builder()
    ///     .discover("https://login.example.com")?
    ///     .keys(RemoteKeySet::new("http://login.internal:8080/jwks.json")?)
    ///     .audience("https://api.example.com")
    ///     .build()?;
    /// # Ok::<(), jwtower::ConfigError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// What is no http or https URL, or is the URL of a document in the issuer's place.
    pub fn discover(
        self,
        issuer: &str,
    ) -> Result<VerifierBuilder<C, KeysGiven, IssuerGiven, A>, ConfigError> {
        mistakes::check_issuer(issuer)?;
        Ok(self.keys(RemoteKeySet::discover(issuer)?).issuer(issuer))
    }
}
