//! An identity provider of a test, and an application that asks who somebody is.

use axum::{Router, body::Body, routing::get};
use http::{HeaderMap, Request};
use http_body_util::BodyExt;
use jwtower::{
    JwtAuthLayer, Principal, Verifier,
    guard::{require, role, when},
    verify::{AudienceGiven, IssuerGiven, KeysGiven, VerifierBuilder},
};
use jwtower_tests::{AUDIENCE, Forge, HEADER, good_claims};
use serde::Deserialize;
use serde_json::Value;
use tower::ServiceExt;

pub(super) const A: &str = "https://a.example.com";
pub(super) const B: &str = "https://b.example.com";

#[derive(Deserialize)]
pub(super) struct User {
    #[allow(dead_code, reason = "it is there to be demanded")]
    name: String,
}

pub(super) struct Provider {
    issuer: String,
    forge: Forge,
}

impl Provider {
    pub(super) fn new(issuer: impl Into<String>) -> Self {
        Self { issuer: issuer.into(), forge: Forge::new() }
    }

    pub(super) fn builder(&self) -> VerifierBuilder<User, KeysGiven, IssuerGiven, AudienceGiven> {
        Verifier::builder().keys(self.forge.secret()).issuer(self.issuer.clone()).audience(AUDIENCE)
    }

    pub(super) fn verifier(&self) -> Verifier<User> {
        self.builder().build().unwrap()
    }

    /// A good token, with these claims in the place of the usual ones.
    pub(super) fn token(&self, claims: &[(&str, Value)]) -> String {
        let mut all = good_claims();
        all.insert("iss".into(), self.issuer.clone().into());
        all.extend(claims.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        self.sign(Value::Object(all).to_string())
    }

    pub(super) fn sign(&self, payload: impl AsRef<[u8]>) -> String {
        self.forge.sign(HEADER, payload)
    }
}

/// The code of the refusal, or `good`.
pub(super) fn outcome(verifier: &Verifier<User>, token: &str) -> &'static str {
    verifier.verify(token).map_or_else(|error| error.code(), |_| "good")
}

pub(super) async fn authenticate(layer: &JwtAuthLayer<User>, token: &str) -> &'static str {
    layer.authenticate(token).await.map_or_else(|error| error.code(), |_| "good")
}

/// `/me` names who asks, `/admin` is for admins, `/admin-of-a` for those of the issuer [`A`].
pub(super) fn app(layer: JwtAuthLayer<User>) -> Router {
    let of_a = when("of A", |principal, _| principal.issuer() == Some(A));
    Router::new()
        .route("/me", get(who))
        .route("/admin", get(who).layer(require(role("admin"))))
        .route("/admin-of-a", get(who).layer(require(role("admin") & of_a)))
        .route_layer(layer)
}

async fn who(principal: Principal) -> String {
    format!("{} of {}", principal.subject().unwrap(), principal.issuer().unwrap())
}

/// Status, headers and body of an answer to a request with this token.
pub(super) async fn ask(app: &Router, path: &str, token: &str) -> (u16, HeaderMap, String) {
    let request = Request::get(path).header("authorization", format!("Bearer {token}")).body(Body::empty());
    let answer = app.clone().oneshot(request.unwrap()).await.unwrap();
    let (head, body) = answer.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    (head.status.as_u16(), head.headers, String::from_utf8_lossy(&body).into_owned())
}
