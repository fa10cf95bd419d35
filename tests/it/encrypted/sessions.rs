//! Sessions whose access tokens are encrypted.

use jwtower::{
    Algorithm, ConfigError, Issuer, KeyRing, NoClaims, Sessions,
    issuer::Recipient,
    jwe::DecryptionKeys,
    session::{Accounts, BoxError},
    store::MemoryStore,
};
use jwtower_tests::{AUDIENCE, ISSUER, envelope::Sender};

struct Users;

#[derive(serde::Deserialize)]
struct Password {
    username: String,
}

impl Accounts for Users {
    type Credentials = Password;
    type Claims = NoClaims;

    fn account<'a>(&self, credentials: &'a Password) -> &'a str {
        &credentials.username
    }

    async fn find(&self, credentials: &Password) -> Result<Option<String>, BoxError> {
        Ok(Some(credentials.username.clone()))
    }

    async fn check(&self, _: Option<&str>, _: &Password) -> Result<bool, BoxError> {
        Ok(true)
    }

    async fn claims(&self, _: &str) -> Result<Option<NoClaims>, BoxError> {
        Ok(Some(NoClaims))
    }
}

async fn sessions(
    encrypt_to: Option<Recipient>,
    decrypt_with: Option<DecryptionKeys>,
) -> Result<Sessions, ConfigError> {
    let issuer =
        Issuer::builder().keys(KeyRing::generate(Algorithm::ES256)?).issuer(ISSUER).audience(AUDIENCE);
    let issuer = match encrypt_to {
        Some(recipient) => issuer.encrypt_to(recipient),
        None => issuer,
    };
    let sessions = Sessions::builder(issuer.build()?, MemoryStore::new(), Users);
    match decrypt_with {
        Some(keys) => sessions.decrypt_with(keys),
        None => sessions,
    }
    .build()
    .await
}

async fn outcome(sessions: &Sessions, token: &str) -> &'static str {
    let layer = sessions.auth_layer::<NoClaims>();
    layer.authenticate(token).await.map_or_else(|error| error.code(), |_| "good")
}

#[tokio::test]
async fn a_session_lives_and_ends_with_tokens_that_nobody_else_reads() {
    for Sender { key } in Sender::all() {
        let sessions = sessions(Some((&key).into()), Some((&key).into())).await.unwrap();
        let first = sessions.login("alice").await.unwrap();
        let second = sessions.refresh(&first.refresh_token).await.unwrap();
        for pair in [&first, &second] {
            let token = pair.access_token.secret();
            assert_eq!(token.split('.').count(), 5);
            assert_eq!(outcome(&sessions, token).await, "good", "{key:?}");
            let inside = DecryptionKeys::from(&key).decrypt(token).unwrap();
            assert_eq!(outcome(&sessions, inside.secret()).await, "plain_token");
        }
        sessions.logout(&second.refresh_token).await.unwrap();
        for pair in [&first, &second] {
            assert_eq!(outcome(&sessions, pair.access_token.secret()).await, "session_revoked", "{key:?}");
        }
        assert!(sessions.refresh(&second.refresh_token).await.is_err());
    }
}

#[tokio::test]
async fn an_issuer_and_sessions_that_do_not_fit_are_refused_when_they_are_built() {
    let (keys, others) = (Sender::all(), Sender::all());
    for (Sender { key }, Sender { key: other }) in keys.iter().zip(&others) {
        for (encrypt_to, decrypt_with, word) in [
            (Some(key), None, "could not read them"),
            (Some(key), Some(other), "to another key"),
            (None, Some(key), "does not encrypt"),
        ] {
            let (recipient, decryption) = (encrypt_to.map(Into::into), decrypt_with.map(Into::into));
            let error = sessions(recipient, decryption).await.expect_err(word);
            assert_eq!(error.setting(), "decrypt_with", "{key:?}");
            assert!(error.to_string().contains(word), "{error}");
        }
        let both = DecryptionKeys::from(key).and(&other.clone().with_kid("other").unwrap()).unwrap();
        let recipient = key.clone().with_kid(key.kid().unwrap_or("mine")).unwrap();
        let keys = if key.kid().is_some() { both } else { DecryptionKeys::from(&recipient) };
        assert!(sessions(Some((&recipient).into()), Some(keys)).await.is_ok(), "{key:?}");
    }
    assert!(sessions(None, None).await.is_ok());
}
