//! Tokens as types: secrets that never print, and the names of what they belong to.

use std::{fmt, str::FromStr, time::Duration};

use base64_simd::URL_SAFE_NO_PAD;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use zeroize::Zeroize;

/// The largest token that is read or made, in bytes; many proxies take no larger header either.
pub(crate) const MAX_TOKEN: usize = 16 * 1024;

/// The largest cookie, its name and its value together, in bytes; browsers drop a longer one without a word
/// (RFC 6265bis §5.6).
pub(crate) const MAX_COOKIE: usize = 4096;

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

/// A refresh token, as it goes into the body of a token answer or into a cookie.
///
/// ```
/// use jwtower::RefreshToken;
///
/// let token = RefreshToken::from("what a client sent".to_owned());
/// assert_eq!(format!("{token:?}"), "RefreshToken(..)");
/// ```
///
/// # Security
///
/// Whoever presents it stays logged in until the session ends: it goes to its owner only. The text is wiped
/// from memory on drop.
pub struct RefreshToken(String);

impl RefreshToken {
    /// The token's text, to be sent to its owner and to nobody else.
    #[must_use]
    pub fn secret(&self) -> &str {
        &self.0
    }
}

impl From<String> for RefreshToken {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefreshToken(..)")
    }
}

impl Drop for RefreshToken {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// What a login or a refresh gives.
#[derive(Debug)]
pub struct TokenPair {
    /// For requests; short-lived.
    pub access_token: AccessToken,
    /// For the next refresh.
    pub refresh_token: RefreshToken,
    /// How long the access token lives from now.
    pub expires_in: Duration,
    /// How long the refresh token lives from now, if nobody refreshes before.
    pub refresh_expires_in: Duration,
    /// What the access token allows, where the accounts name scopes.
    pub scope: Option<String>,
    /// Whose tokens they are.
    pub session: SessionId,
}

/// The name of a session, which is `sid` in its access tokens; 32 characters of base64url.
///
/// It begins with a [`SubjectTag`], so that a store can keep all that belongs to one subject together. It is
/// no secret: nobody gets in with it.
///
/// ```
/// use jwtower::SessionId;
///
/// assert!("not-a-session".parse::<SessionId>().is_err());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId([u8; Self::LEN]);

/// A keyed hash of a subject, under which a store keeps what belongs to the subject; 12 characters of base64url.
///
/// Without the key nobody can tell whose it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SubjectTag([u8; Self::LEN]);

/// What is no [`SessionId`].
#[derive(thiserror::Error, Debug)]
#[error("it is no session id: that has 32 characters of base64url")]
pub struct ParseSessionIdError(());

impl SessionId {
    /// Bytes; without padding in base64url.
    pub(crate) const LEN: usize = 24;

    /// A session of the subject; the rest is random.
    pub(crate) fn new(subject: SubjectTag, random: [u8; Self::LEN - SubjectTag::LEN]) -> Self {
        let mut bytes = [0; Self::LEN];
        let (start, end) = bytes.split_at_mut(SubjectTag::LEN);
        start.copy_from_slice(&subject.0);
        end.copy_from_slice(&random);
        Self(bytes)
    }

    pub(crate) fn from_bytes(bytes: [u8; Self::LEN]) -> Self {
        Self(bytes)
    }

    /// The first name that a session of the subject could have, in the order of bytes.
    pub(crate) fn first(subject: SubjectTag) -> Self {
        Self::new(subject, [0; Self::LEN - SubjectTag::LEN])
    }

    /// The last name that a session of the subject could have.
    pub(crate) fn last(subject: SubjectTag) -> Self {
        Self::new(subject, [u8::MAX; Self::LEN - SubjectTag::LEN])
    }

    /// The 24 bytes, for stores that index by bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 24] {
        &self.0
    }

    /// Whose session it is.
    #[must_use]
    pub fn subject(&self) -> SubjectTag {
        let [a, b, c, d, e, f, g, h, i, ..] = self.0;
        SubjectTag([a, b, c, d, e, f, g, h, i])
    }
}

impl SubjectTag {
    /// Bytes; without padding in base64url.
    pub(crate) const LEN: usize = 9;

    pub(crate) fn new(hash: [u8; Self::LEN]) -> Self {
        Self(hash)
    }

    /// The 9 bytes, for stores that index by bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 9] {
        &self.0
    }
}

impl FromStr for SessionId {
    type Err = ParseSessionIdError;

    fn from_str(text: &str) -> Result<Self, ParseSessionIdError> {
        let bytes = URL_SAFE_NO_PAD.decode_to_vec(text).map_err(|_| ParseSessionIdError(()))?;
        Ok(Self(bytes.try_into().map_err(|_| ParseSessionIdError(()))?))
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode_to_string(self.0))
    }
}

impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SessionId({self})")
    }
}

impl fmt::Display for SubjectTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode_to_string(self.0))
    }
}

impl fmt::Debug for SubjectTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SubjectTag({self})")
    }
}

impl Serialize for SessionId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for SessionId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}
