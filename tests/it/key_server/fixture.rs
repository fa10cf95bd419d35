//! Somebody who signs, and an API that fetches the keys.

use std::{collections::BTreeMap, time::Duration};

use axum::{Router, body::Body, routing::get};
use http::{HeaderValue, Request};
use jwtower::{
    Algorithm, Claims, Issuer, JwtAuthLayer, KeySet, NoClaims, SigningKey, Verifier, keys::RemoteKeySet,
};
use jwtower_tests::{
    AUDIENCE,
    hostile::{Hostile, KEYS},
};
use serde_json::{Value, json};
use tokio::{
    task::JoinSet,
    time::{sleep, timeout},
};
use tower::ServiceExt;

use super::time::pass;

/// Who signs tokens of one issuer with one key.
pub(super) struct Signer {
    key: SigningKey,
    issuer: Issuer,
}

impl Signer {
    /// With a fresh key, whose name is its thumbprint.
    pub(super) fn of(server: &Hostile) -> Self {
        Self::with(server, SigningKey::generate(Algorithm::Ed25519).expect("a key"))
    }

    /// With a fresh key of this name.
    pub(super) fn named(server: &Hostile, algorithm: Algorithm, kid: &str) -> Self {
        let key = SigningKey::generate(algorithm).and_then(|key| key.with_kid(kid)).expect("a key");
        Self::with(server, key)
    }

    fn with(server: &Hostile, key: SigningKey) -> Self {
        let issuer = Issuer::builder().key(key.clone()).issuer(server.issuer()).audience(AUDIENCE).build();
        Self { key, issuer: issuer.expect("the settings are right") }
    }

    pub(super) fn token(&self) -> String {
        self.issuer.sign("alice", &json!({})).expect("a token").secret().to_owned()
    }

    /// The entry of a JWK Set.
    pub(super) fn jwk(&self) -> Value {
        let set: Value = serde_json::from_str(&KeySet::from(&self.key).to_jwks()).expect("JSON");
        set["keys"][0].clone()
    }
}

/// A JWK Set of these entries.
pub(super) fn jwks(entries: impl IntoIterator<Item = Value>) -> String {
    json!({ "keys": Vec::from_iter(entries) }).to_string()
}

/// An API behind remote keys.
#[derive(Clone)]
pub(super) struct Api {
    app: Router,
    keys: RemoteKeySet,
}

/// A status, and the code of which the log speaks; none where the handler answered.
pub(super) type Answered = (u16, String);

impl Api {
    /// One that is told where the keys are.
    pub(super) fn of(server: &Hostile) -> Self {
        let keys = RemoteKeySet::new(&server.url(KEYS)).expect("the URL is right");
        Self::behind(keys, &server.issuer())
    }

    /// One that knows the issuer only.
    pub(super) fn discovering(issuer: &str) -> Self {
        let keys = RemoteKeySet::discover(issuer).expect("the URL is right");
        Self::behind(keys, issuer)
    }

    fn behind(keys: RemoteKeySet, issuer: &str) -> Self {
        let verifier = Verifier::<NoClaims>::builder().keys(keys.clone()).issuer(issuer).audience(AUDIENCE);
        let verifier = verifier.build().expect("the settings are right");
        let layer = JwtAuthLayer::new(verifier).on_error(|refusal, _, mut answer| {
            answer.headers_mut().insert("x-code", HeaderValue::from_static(refusal.code()));
            answer
        });
        let hello = get(|_: Claims<NoClaims>| async { "hello" });
        Self { app: Router::new().route("/", hello).route_layer(layer), keys }
    }

    /// Lets so much time pass that the keys are fetched again, and waits until they are.
    pub(super) async fn refreshed(&self) {
        let before = self.keys.status().fetched;
        pass(REFRESH).await;
        let waiting = async {
            while self.keys.status().fetched == before {
                sleep(Duration::from_millis(2)).await;
            }
        };
        timeout(Duration::from_secs(10), waiting).await.expect("the keys are fetched");
    }

    /// The answers to these tokens at once, and how often each was given.
    pub(super) async fn get_all(&self, tokens: Vec<String>) -> Vec<(Answered, usize)> {
        let mut requests = JoinSet::new();
        for token in tokens {
            let api = self.clone();
            requests.spawn(async move { api.get(&token).await });
        }
        let mut counts = BTreeMap::new();
        for answer in requests.join_all().await {
            *counts.entry(answer).or_default() += 1;
        }
        counts.into_iter().collect()
    }

    pub(super) async fn get(&self, token: &str) -> Answered {
        let request = Request::get("/").header("authorization", format!("Bearer {token}"));
        let request = request.body(Body::empty()).expect("the request is well formed");
        let answer = self.app.clone().oneshot(request).await.expect("a router does not fail");
        let (status, headers) = (answer.status().as_u16(), answer.headers());
        assert_eq!(headers.contains_key("retry-after"), status == 503, "{headers:?}");
        let code = headers.get("x-code").map_or("", |code| code.to_str().expect("text"));
        (status, code.to_owned())
    }
}

/// More than 80 % of the life of keys whose answer says nothing of caching.
const REFRESH: Duration = Duration::from_secs(8 * 60 + 1);

/// What [`Api::get`] gives.
pub(super) fn answered(status: u16, code: &str) -> Answered {
    (status, code.to_owned())
}
