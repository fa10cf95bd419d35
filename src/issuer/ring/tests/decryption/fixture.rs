//! Issuers that encrypt to a ring, and verifiers that decrypt with it.

use std::sync::OnceLock;

use serde_json::Value;

pub(super) use super::super::fixture::{DAY, HOUR, MINUTE, TestStore, clock, kek, schedule};
use crate::{
    claims::NoClaims,
    issuer::{DecryptionRing, Issuer, KeyEncryptionKey, Recipient},
    jwe::{EncryptionKey, KeyManagement},
    keys::{Algorithm, Secret, base64url},
    token::AccessToken,
    verify::Verifier,
};

pub(super) async fn open(store: &TestStore, kek: &KeyEncryptionKey) -> DecryptionRing {
    DecryptionRing::open(store, KeyManagement::EcdhEsA256KW, schedule(), kek).await.unwrap()
}

/// Signs what is encrypted.
pub(super) fn secret() -> &'static Secret {
    static SECRET: OnceLock<Secret> = OnceLock::new();
    SECRET.get_or_init(|| Secret::generate(Algorithm::HS256).unwrap())
}

/// Its tokens live for eight hours.
pub(super) fn issuer(recipient: impl Into<Recipient>) -> Issuer {
    let builder = Issuer::builder().key(secret()).encrypt_to(recipient).issuer("me").audience("api");
    builder.lifetime(8 * HOUR).clock(clock()).build().unwrap()
}

pub(super) fn encrypt(recipient: impl Into<Recipient>) -> AccessToken {
    issuer(recipient).sign("alice", &NoClaims).unwrap()
}

/// One that follows the ring.
pub(super) fn verifier(ring: &DecryptionRing) -> Verifier<NoClaims> {
    let builder = Verifier::builder().keys(secret()).decrypt_with(ring).issuer("me").audience("api");
    builder.clock(clock()).build().unwrap()
}

/// Why the token is refused, or `""`.
pub(super) fn refusal(verifier: &Verifier<NoClaims>, token: &AccessToken) -> &'static str {
    verifier.verify(token.secret()).map_or_else(|error| error.code(), |_| "")
}

/// The key that a sender finds now, and keeps.
pub(super) fn published(ring: &DecryptionRing) -> EncryptionKey {
    EncryptionKey::from_jwks(ring.jwks()).unwrap()
}

/// A member of the token's header.
pub(super) fn header(token: &AccessToken, member: &str) -> String {
    let (header, _) = token.secret().split_once('.').unwrap();
    let header: Value = serde_json::from_slice(&base64url::decode(header.as_bytes()).unwrap()).unwrap();
    header[member].as_str().unwrap().to_owned()
}
