//! One issuer whose tokens come in envelopes to a key of every kind.

use jwtower::{AuthError, ErrorKind, Verifier, claims::Verified, jwe::DecryptionSource};
use jwtower_tests::{
    AUDIENCE, Forge, HEADER, ISSUER,
    envelope::{Envelope, Sender},
    good_claims,
};
use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Deserialize)]
pub(super) struct User {
    #[allow(dead_code, reason = "it is there to be demanded")]
    pub(super) name: String,
}

/// A signer, one recipient of it, and the verifier of that one.
pub(super) struct World {
    pub(super) forge: Forge,
    pub(super) sender: Sender,
    pub(super) verifier: Verifier<User>,
}

/// A token that is refused beside a good one.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) token: String,
    pub(super) code: &'static str,
}

impl Row {
    pub(super) fn new(name: impl Into<String>, token: impl Into<String>, code: &'static str) -> Self {
        Self { name: name.into(), token: token.into(), code }
    }
}

impl World {
    pub(super) fn new(sender: Sender) -> Self {
        let forge = Forge::new();
        let verifier = verifier(&forge, &sender.key);
        Self { forge, sender, verifier }
    }

    /// One for every kind of key.
    pub(super) fn all() -> Vec<Self> {
        Sender::all().into_iter().map(Self::new).collect()
    }

    /// The kind of its key.
    pub(super) fn kind(&self) -> String {
        let key = &self.sender.key;
        let detail = key.curve().map(|curve| curve.to_string());
        let detail = detail.or_else(|| key.secret().map(|secret| format!("{} letters", secret.len())));
        format!("{} {}", key.algorithm(), detail.unwrap_or_default())
    }

    /// A good signed token.
    pub(super) fn signed(&self) -> String {
        self.forge.sign(HEADER, Value::Object(good_claims()).to_string())
    }

    pub(super) fn good(&self) -> Envelope {
        self.sender.seal(self.signed())
    }

    pub(super) fn outcome(&self, token: &str) -> &'static str {
        outcome(&self.verifier, token)
    }

    /// That the twin passes, and each row is refused with its code.
    #[track_caller]
    pub(super) fn check(&self, rows: impl IntoIterator<Item = Row>) {
        assert_eq!(self.outcome(&self.good().token()), "good", "{}", self.kind());
        for Row { name, token, code } in rows {
            assert_eq!(self.outcome(&token), code, "{}: {name}", self.kind());
        }
    }
}

pub(super) fn verifier(forge: &Forge, keys: impl Into<DecryptionSource>) -> Verifier<User> {
    let builder = Verifier::builder().keys(forge.secret()).decrypt_with(keys);
    builder.issuer(ISSUER).audience(AUDIENCE).build().expect("the settings are right")
}

/// The code of a refusal, all of which are for the token.
#[track_caller]
pub(super) fn outcome(verifier: &Verifier<User>, token: &str) -> &'static str {
    match verifier.verify(token) {
        Ok(verified) => subject_of(&verified),
        Err(error) => code_of(&error),
    }
}

#[track_caller]
fn subject_of(verified: &Verified<User>) -> &'static str {
    assert_eq!(verified.registered().subject(), Some("alice"));
    "good"
}

#[track_caller]
fn code_of(error: &AuthError) -> &'static str {
    let expected = matches!(error.kind(), ErrorKind::InvalidToken | ErrorKind::TokenExpired);
    assert!(expected, "{error:?}");
    error.code()
}
