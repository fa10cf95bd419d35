//! Faults of our own wiring: 500 for the client, an event for us.

use axum::{Extension, Router, body::Body, routing::get};
use http::Request;
use jwtower::Principal;
use jwtower_tests::Forge;
use tracing_subscriber::filter::LevelFilter;

use super::app::{Answered, Carried, ask, doors, layer};
use crate::log::Log;

fn assert_fault(answer: &Answered, log: &Log, told: &[&str]) {
    let body = r#"{"type":"about:blank","title":"Internal Server Error","status":500,"code":"server_error"}"#;
    assert_eq!((answer.status, &*answer.body), (500, body));
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.count("www-authenticate"), 0);
    let text = log.take();
    let errors = text.lines().filter(|line| line.contains("ERROR jwtower: ")).count();
    assert_eq!(errors, 1, "one event says what to write: {text}");
    for word in told {
        assert!(text.contains(word), "{word} is missing in {text}");
    }
}

#[tokio::test]
async fn without_a_layer_guards_and_extractors_answer_500_and_say_why_in_the_log() {
    let forge = Forge::new();
    for path in [
        "/claims",
        "/maybe-claims",
        "/principal",
        "/maybe-principal",
        "/other",
        "/maybe-other",
        "/user",
        "/writers",
    ] {
        for carried in [Carried::Nothing, Carried::Good, Carried::Forged] {
            let (log, _guard) = Log::capture(LevelFilter::INFO);
            let answer = ask(doors(), carried.request(&forge, "GET", path)).await;
            assert_fault(&answer, &log, &["JwtAuthLayer", "missing_layer"]);
        }
    }
    let answer = ask(doors(), Carried::Nothing.request(&forge, "GET", "/open")).await;
    assert_eq!((answer.status, &*answer.body), (200, "open"));
}

#[tokio::test]
async fn claims_of_another_type_are_500_and_the_log_names_the_type() {
    let forge = Forge::new();
    for path in ["/other", "/maybe-other"] {
        let (log, _guard) = Log::capture(LevelFilter::INFO);
        let app = doors().route_layer(layer(&forge));
        let answer = ask(app, Carried::Good.request(&forge, "GET", path)).await;
        assert_fault(&answer, &log, &["answers::app::Other", "wrong_claims_type"]);
    }
}

#[tokio::test]
async fn a_layer_below_the_routes_covers_none_of_them() {
    let forge = Forge::new();
    let app = Router::new().layer(layer(&forge).optional()).merge(doors());
    let (log, _guard) = Log::capture(LevelFilter::INFO);
    let answer = ask(app, Carried::Good.request(&forge, "GET", "/user")).await;
    assert_fault(&answer, &log, &["a guard runs outside any JwtAuthLayer", "rule"]);
}

#[tokio::test]
async fn a_principal_that_did_not_come_from_a_layer_opens_nothing() {
    let forge = Forge::new();
    let seen = Router::new()
        .route("/", get(|principal: Principal| async move { Extension(principal) }))
        .route_layer(layer(&forge));
    let request = Carried::Good.request(&forge, "GET", "/");
    let answer = tower::ServiceExt::oneshot(seen, request).await.expect("a router does not fail");
    let stolen = answer.extensions().get::<Principal>().expect("the handler gave it away").clone();
    for path in ["/principal", "/maybe-principal", "/user"] {
        let mut request = Request::get(path).body(Body::empty()).expect("the request is well formed");
        request.extensions_mut().insert(stolen.clone());
        let (log, _guard) = Log::capture(LevelFilter::INFO);
        assert_fault(&ask(doors(), request).await, &log, &["missing_layer"]);
    }
}
