//! Tokens as types: secrets that never print.

use std::fmt;

use zeroize::Zeroize;

/// The largest token that is read or made, in bytes; many proxies take no larger header either.
pub(crate) const MAX_TOKEN: usize = 16 * 1024;

/// A signed access token, as it goes into an `Authorization` header.
///
/// It has no `Display`, and its `Debug` prints no part of the token; [`secret`](Self::secret) is the one
/// way to the text, so that a search for it finds every place where a token leaves the process. The text
/// is wiped from memory on drop.
///
/// ```
/// use jwtower::{Algorithm, Issuer, NoClaims, Secret};
///
/// # fn main() -> Result<(), jwtower::ConfigError> {
/// let secret = Secret::generate(Algorithm::HS256)?;
/// let issuer = Issuer::builder().key(&secret).issuer("https://login.example.com").audience("api").build()?;
/// let token = issuer.sign("alice", &NoClaims)?;
/// assert_eq!(format!("{token:?}"), "AccessToken(..)");
/// assert_eq!(token.secret().split('.').count(), 3);
/// # Ok(())
/// # }
/// ```
pub struct AccessToken(String);

impl AccessToken {
    pub(crate) fn new(text: String) -> Self {
        Self(text)
    }

    /// The token's text, to be sent to its owner and to nobody else.
    ///
    /// # Security
    ///
    /// Whoever holds this text is the user until it expires: keep it out of logs, URLs and error messages
    /// (RFC 6750 §5.3).
    #[must_use]
    pub fn secret(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessToken(..)")
    }
}

impl Drop for AccessToken {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}
