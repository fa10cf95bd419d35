//! A refresh token's form: which session, which counter, a nonce, and a code over all of it and the issuer.
//!
//! A forged one is refused without a look at the store. A stolen store holds no token, as it knows only the
//! nonce's hash; a stolen key makes none, as it lacks the nonce.

use zeroize::Zeroizing;

use super::keys::SessionKeys;
use crate::{
    error::{AuthError, Code},
    keys::base64url,
    token::{RefreshToken, SessionId},
};

/// Tells people and scanners for leaked secrets what it is; it is of RFC 6750's alphabet, as all the rest.
const PREFIX: &str = "jwtr_";

const VERSION: u8 = 1;

/// Bytes of a key's name; 22 characters of base64url.
const KEY: usize = 16;
const COUNTER: usize = 8;
const NONCE: usize = 16;
const CODE: usize = 32;
const LEN: usize = 1 + KEY + SessionId::LEN + COUNTER + NONCE + CODE;

/// What a genuine refresh token says.
pub(super) struct Shown {
    pub(super) session: SessionId,
    pub(super) counter: u64,
    pub(super) nonce: Nonce,
}

/// 128 bits that a login draws and every token of its session carries.
pub(super) type Nonce = Zeroizing<[u8; NONCE]>;

impl Shown {
    /// Reads a token of ours.
    pub(super) fn read(token: &RefreshToken, keys: &SessionKeys) -> Result<Self, AuthError> {
        Self::parse(token.secret(), keys).ok_or(Code::InvalidRefreshToken.into())
    }

    fn parse(text: &str, keys: &SessionKeys) -> Option<Self> {
        let mut buffer = Zeroizing::new([0; LEN]);
        let bytes = base64url::decode_into(text.strip_prefix(PREFIX)?, &mut *buffer)?;
        let (body, code) = bytes.split_last_chunk::<CODE>()?;
        let key = base64url::encode(body.get(1..=KEY)?);
        if !keys.verify_token(body, &key, code) {
            return None;
        }
        let (version, rest) = body.split_first()?;
        let (_, rest) = rest.split_first_chunk::<KEY>()?;
        let (session, rest) = rest.split_first_chunk::<{ SessionId::LEN }>()?;
        let (counter, rest) = rest.split_first_chunk::<COUNTER>()?;
        let (nonce, rest) = rest.split_first_chunk::<NONCE>()?;
        (*version == VERSION && rest.is_empty()).then(|| Self {
            session: SessionId::from_bytes(*session),
            counter: u64::from_be_bytes(*counter),
            nonce: Zeroizing::new(*nonce),
        })
    }
}

/// Makes the token of that number.
pub(super) fn mint(
    session: SessionId,
    counter: u64,
    nonce: &Nonce,
    keys: &SessionKeys,
) -> Result<RefreshToken, AuthError> {
    let key = keys.current()?;
    let name = key.kid().and_then(base64url::decode).unwrap_or_default();
    let mut bytes = Zeroizing::new(Vec::with_capacity(LEN));
    bytes.push(VERSION);
    bytes.extend_from_slice(&name);
    bytes.extend_from_slice(session.as_bytes());
    bytes.extend_from_slice(&counter.to_be_bytes());
    bytes.extend_from_slice(&**nonce);
    let code = keys.sign_token(&key, &bytes)?;
    bytes.extend_from_slice(&code);
    let mut text = String::with_capacity(PREFIX.len() + LEN.div_ceil(3) * 4);
    text.push_str(PREFIX);
    base64url::encode_into(&*bytes, &mut text);
    Ok(RefreshToken::from(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        issuer::{Issuer, KeyRing},
        keys::Algorithm,
        session::{Accounts, BoxError, Sessions},
        store::MemoryStore,
    };

    struct Anybody;

    impl Accounts for Anybody {
        type Credentials = ();
        type Claims = crate::claims::NoClaims;

        fn account<'a>(&self, (): &'a ()) -> &'a str {
            ""
        }

        async fn find(&self, (): &()) -> Result<Option<String>, BoxError> {
            Ok(None)
        }

        async fn check(&self, _: Option<&str>, (): &()) -> Result<bool, BoxError> {
            Ok(false)
        }

        async fn claims(&self, _: &str) -> Result<Option<Self::Claims>, BoxError> {
            Ok(Some(crate::claims::NoClaims))
        }
    }

    async fn sessions() -> Sessions {
        let ring = KeyRing::generate(Algorithm::HS256).unwrap();
        let issuer = Issuer::builder().keys(ring).issuer("me").audience("api").build().unwrap();
        Sessions::builder(issuer, MemoryStore::new(), Anybody).build().await.unwrap()
    }

    #[tokio::test]
    async fn a_leaked_key_alone_makes_no_token_that_counts() {
        let sessions = sessions().await;
        let keys = &sessions.0.keys;
        let pair = sessions.login("u-1").await.unwrap();
        for counter in [0, 1, 7] {
            // All that a thief of the key lacks is the nonce.
            let forged = mint(pair.session, counter, &Zeroizing::new([7; NONCE]), keys).unwrap();
            assert!(Shown::read(&forged, keys).is_ok(), "the code is right");
            for result in
                [sessions.refresh(&forged).await.map(drop), sessions.logout(&forged).await.map(drop)]
            {
                assert_eq!(result.unwrap_err().code(), "invalid_refresh_token");
            }
        }
        assert!(sessions.refresh(&pair.refresh_token).await.is_ok(), "nothing happened to the session");
    }

    #[tokio::test]
    async fn a_token_says_what_it_was_made_of() {
        let sessions = sessions().await;
        let keys = &sessions.0.keys;
        let session = sessions.login("u-1").await.unwrap().session;
        for counter in [0, 1, u64::MAX] {
            let token = mint(session, counter, &Zeroizing::new([9; NONCE]), keys).unwrap();
            let shown = Shown::read(&token, keys).unwrap();
            assert_eq!((shown.session, shown.counter, *shown.nonce), (session, counter, [9; NONCE]));
        }
    }
}
