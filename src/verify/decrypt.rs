//! Decryption keys of a verifier.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::{
    builder::VerifierBuilder,
    encrypted::{Decrypt, Encryption, Found, Wanted},
};
use crate::{
    error::Code,
    jwe::{DecryptionKeys, DecryptionSource, Opened},
};

impl<C, K, I, A> VerifierBuilder<C, K, I, A> {
    /// Takes encrypted tokens, which these keys decrypt; plain ones are refused from now on (RFC 9068 §4).
    ///
    /// The token inside is verified as any other: encryption says nothing about who made it. Keys are
    /// [`DecryptionKeys`](crate::jwe::DecryptionKeys), a `&DecryptionKey`, or any other [`DecryptionSource`].
    ///
    /// ```
    /// use jwtower::jwe::{DecryptionKey, KeyManagement};
    /// use jwtower::{Algorithm, NoClaims, Secret, Verifier};
    ///
    /// let secret = Secret::generate(Algorithm::HS256)?;
    /// let verifier = Verifier::<NoClaims>::builder()
    ///     .keys(&secret)
    ///     .decrypt_with(&DecryptionKey::generate(KeyManagement::RsaOaep256)?)
    ///     .issuer("https://login.example.com")
    ///     .audience("https://api.example.com")
    ///     .build()?;
    /// assert_eq!(verifier.verify("a.b.c").unwrap_err().code(), "plain_token");
    /// # Ok::<(), jwtower::ConfigError>(())
    /// ```
    pub fn decrypt_with(self, keys: impl Into<DecryptionSource>) -> Self {
        self.encryption(keys.into().into())
    }
}

impl From<DecryptionSource> for Encryption {
    fn from(keys: DecryptionSource) -> Self {
        Self::Always(Arc::new(keys))
    }
}

impl Decrypt for DecryptionSource {
    fn decrypt(&self, token: &str) -> Result<(String, Map<String, Value>), Code> {
        let Opened { token, replicated } = self.with(|keys| keys.open(token))?;
        Ok((token, replicated))
    }

    fn wanted(&self, token: &str) -> Result<Wanted, Code> {
        let (kid, algorithm) = DecryptionKeys::wanted(token)?;
        Ok(Wanted { kid, algorithm: algorithm.name() })
    }

    fn find(&self, wanted: &Wanted) -> Result<Found, Code> {
        self.with(|keys| {
            let key = keys.named(wanted.kid.as_deref(), wanted.algorithm)?;
            let is_named = wanted.kid.is_some() && key.kid() == wanted.kid.as_deref();
            Ok(Found { fingerprint: key.fingerprint(), is_named })
        })
    }
}
