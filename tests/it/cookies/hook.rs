//! What `on_error` sees of a request of another site, and what gRPC says of it.

use std::sync::{Arc, Mutex};

use axum::{Router, body::Body};
use http::{HeaderValue, Request, StatusCode};
use jwtower::{ErrorKind, JwtAuthLayer, guard};
use jwtower_tests::Forge;
use tower::ServiceExt;

use super::{COOKIE, Demand, User, source};

fn app(layer: JwtAuthLayer<User>) -> Router {
    Router::new().fallback(|| async { "in" }).layer(guard::require(guard::authenticated())).layer(layer)
}

fn post() -> Request<Body> {
    let request = Request::post("/form").header("cookie", format!("{COOKIE}a.b.c")).header("x-page", "1");
    request.body(Body::empty()).expect("the request is well formed")
}

#[tokio::test]
async fn on_error_sees_the_code_the_kind_and_the_request_once_and_may_change_the_answer() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let keep = Arc::clone(&seen);
    let layer = Demand::Nothing.layer(&Forge::new()).only_from(source()).on_error(
        move |refusal, head, mut answer| {
            assert_eq!((answer.status(), refusal.status()), (StatusCode::FORBIDDEN, StatusCode::FORBIDDEN));
            assert!(refusal.missing_scopes().is_empty() && head.headers["cookie"].is_sensitive());
            let told = (
                refusal.code(),
                refusal.kind(),
                refusal.public_code(),
                head.method.clone(),
                head.uri.path().to_owned(),
            );
            keep.lock().expect("nobody panics with it").push(told);
            *answer.status_mut() = StatusCode::SEE_OTHER;
            answer.headers_mut().insert("location", HeaderValue::from_static("/login"));
            answer
        },
    );
    let answer = app(layer).oneshot(post()).await.expect("a router does not fail");
    assert_eq!(
        (answer.status(), &answer.headers()["location"]),
        (StatusCode::SEE_OTHER, &HeaderValue::from_static("/login"))
    );
    assert!(!answer.headers().contains_key("www-authenticate"));
    let expected = ("cross_site", ErrorKind::CrossSite, "cross_site", http::Method::POST, "/form".to_owned());
    assert_eq!(*seen.lock().expect("nobody panics with it"), [expected]);
}

#[tokio::test]
async fn grpc_says_permission_denied() {
    let layer = Demand::AToken.layer(&Forge::new()).only_from(source()).grpc();
    let answer = app(layer).oneshot(post()).await.expect("a router does not fail");
    assert_eq!(
        (answer.status(), &answer.headers()["grpc-status"]),
        (StatusCode::OK, &HeaderValue::from_static("7"))
    );
    assert!(!answer.headers().contains_key("www-authenticate"));
}
