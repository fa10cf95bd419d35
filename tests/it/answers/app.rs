//! One application with a door of each kind, and what each request meets there.

use axum::{Router, body::Body, routing::get};
use http::Request;
use http_body_util::BodyExt;
use jwtower::{
    Claims, JwtAuthLayer, Principal, Verifier,
    guard::{require, role, scope},
};
use jwtower_tests::{AUDIENCE, Forge, HEADER, ISSUER, good_claims};
use serde::Deserialize;
use serde_json::Value;
use tower::ServiceExt;

#[derive(Deserialize)]
pub(super) struct User {
    name: String,
}

/// Claims that no layer here makes.
#[derive(Deserialize)]
pub(super) struct Other;

pub(super) fn layer(forge: &Forge) -> JwtAuthLayer<User> {
    let verifier = Verifier::builder().keys(forge.secret()).issuer(ISSUER).audience(AUDIENCE).build();
    JwtAuthLayer::new(verifier.expect("the settings are right"))
}

/// The doors, still without a layer.
pub(super) fn doors() -> Router {
    let writers = scope("write") & scope("posts.write") & scope("posts.delete");
    Router::new()
        .route("/open", get(|| async { "open" }))
        .route("/claims", get(|user: Claims<User>| async move { user.name.clone() }))
        .route("/maybe-claims", get(|user: Option<Claims<User>>| async move { name(user.as_deref()) }))
        .route("/principal", get(|principal: Principal| async move { subject(Some(&principal)) }))
        .route(
            "/maybe-principal",
            get(|principal: Option<Principal>| async move { subject(principal.as_ref()) }),
        )
        .route("/other", get(|_: Claims<Other>| async { "other" }))
        .route(
            "/maybe-other",
            get(|other: Option<Claims<Other>>| async move { other.map_or("nobody", |_| "other") }),
        )
        .route("/user", get(|| async { "user" }).layer(require(role("user"))))
        .route("/admin", get(|| async { "admin" }).layer(require(role("admin"))))
        .route("/writers", get(|| async { "writers" }).layer(require(writers)))
}

fn name(user: Option<&User>) -> String {
    user.map_or("nobody", |user| &user.name).to_owned()
}

fn subject(principal: Option<&Principal>) -> String {
    principal.and_then(Principal::subject).unwrap_or("nobody").to_owned()
}

/// What comes with a request.
#[derive(Clone, Copy, Debug)]
pub(super) enum Carried {
    Nothing,
    Basic,
    Good,
    Twice,
    Forged,
    Expired,
}

impl Carried {
    pub(super) fn request(self, forge: &Forge, method: &str, path: &str) -> Request<Body> {
        let good = || forge.sign(HEADER, Value::Object(good_claims()).to_string());
        let tokens = match self {
            Self::Nothing => vec![],
            Self::Basic => vec!["Basic Y2FuYXJ5OmNhbmFyeQ==".to_owned()],
            Self::Good => vec![format!("Bearer {}", good())],
            Self::Twice => vec![format!("Bearer {}", good()); 2],
            Self::Forged => {
                let token = Forge::new().sign(HEADER, Value::Object(good_claims()).to_string());
                vec![format!("Bearer {token}")]
            }
            Self::Expired => {
                let mut claims = good_claims();
                claims.insert("exp".into(), 1.into());
                vec![format!("Bearer {}", forge.sign(HEADER, Value::Object(claims).to_string()))]
            }
        };
        let request = Request::builder().method(method).uri(path);
        let request =
            tokens.into_iter().fold(request, |request, token| request.header("authorization", token));
        request.body(Body::empty()).expect("the request is well formed")
    }
}

/// An answer, as far as it is looked at.
#[derive(Debug)]
pub(super) struct Answered {
    pub(super) status: u16,
    headers: http::HeaderMap,
    pub(super) body: String,
}

impl Answered {
    /// The header's one value; `None` also where it came twice, so that no second value hides.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.get_all(name).iter();
        let value = values.next().and_then(|value| value.to_str().ok());
        value.filter(|_| values.next().is_none())
    }

    pub(super) fn count(&self, name: &str) -> usize {
        self.headers.get_all(name).iter().count()
    }
}

pub(super) async fn ask(app: Router, request: Request<Body>) -> Answered {
    let (head, body) = app.oneshot(request).await.expect("a router does not fail").into_parts();
    let body = body.collect().await.expect("a body of bytes does not fail").to_bytes();
    let body = String::from_utf8(body.to_vec()).expect("an answer is text");
    Answered { status: head.status.as_u16(), headers: head.headers, body }
}
