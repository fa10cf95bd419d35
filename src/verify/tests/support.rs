//! Keys, tokens and verifiers for the tests.

use std::sync::Arc;

use arc_swap::ArcSwap;
use serde_json::json;

use crate::{
    claims::NoClaims,
    issuer::Issuer,
    keys::{Algorithm, KeySet, KeySource, SigningKey},
    verify::{AudienceGiven, IssuerGiven, KeysGiven, Verifier, VerifierBuilder},
};

pub(super) type Ready<C> = VerifierBuilder<C, KeysGiven, IssuerGiven, AudienceGiven>;

pub(super) fn key(algorithm: Algorithm, kid: &str) -> SigningKey {
    SigningKey::generate(algorithm).unwrap().with_kid(kid).unwrap()
}

/// A token with the claims `name` and `iss`, `aud` of [`ready`].
pub(super) fn token(key: &SigningKey) -> String {
    let issuer = Issuer::builder().key(key).issuer("me").audience("api").build().unwrap();
    issuer.sign("alice", &json!({ "name": "Alice" })).unwrap().secret().to_owned()
}

pub(super) fn ready<C>(keys: impl Into<KeySource>) -> Ready<C> {
    Verifier::builder().keys(keys).issuer("me").audience("api")
}

/// Keys that can be swapped, and the source that follows them.
pub(super) fn live(keys: impl Into<KeySet>) -> (Arc<ArcSwap<KeySet>>, KeySource) {
    let cell = Arc::new(ArcSwap::from_pointee(keys.into()));
    (Arc::clone(&cell), KeySource::live(cell))
}

pub(super) fn swap(cell: &ArcSwap<KeySet>, keys: impl Into<KeySet>) {
    cell.store(Arc::new(keys.into()));
}

/// The code of the refusal, or `good`.
pub(super) fn outcome(verifier: &Verifier<NoClaims>, token: &str) -> &'static str {
    verifier.verify(token).map_or_else(|error| error.code(), |_| "good")
}
