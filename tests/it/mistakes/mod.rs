//! Mistakes that are made often: each is refused at start, or told in one event that says what to write.

mod cookies;
mod issuers;
mod pages;
mod wiring;

use std::fmt::Display;

use axum::{Router, body::Body};
use http::Request;
use http_body_util::BodyExt;
use jwtower::{ConfigError, Verifier};
use jwtower_tests::{AUDIENCE, Forge, HEADER, good_claims};
use serde::Deserialize;
use serde_json::Value;
use tower::ServiceExt;
use tracing_subscriber::filter::LevelFilter;

use crate::log::Log;

#[derive(Deserialize)]
struct User {
    name: String,
}

fn verifier(forge: &Forge, issuer: &str) -> Verifier<User> {
    let verifier = Verifier::builder().keys(forge.secret()).issuer(issuer).audience(AUDIENCE).build();
    verifier.expect("the settings are right")
}

fn token(forge: &Forge, issuer: &str) -> String {
    let mut claims = good_claims();
    claims.insert("iss".into(), issuer.into());
    forge.sign(HEADER, Value::Object(claims).to_string())
}

/// Status and body of an answer to a request with this token.
async fn ask(app: &Router, path: &str, token: &str) -> (u16, String) {
    let request = Request::get(path).header("authorization", format!("Bearer {token}")).body(Body::empty());
    let answer = app.clone().oneshot(request.expect("the request is well formed")).await;
    let (head, body) = answer.expect("a router does not fail").into_parts();
    let body = body.collect().await.expect("a body of bytes does not fail").to_bytes();
    (head.status.as_u16(), String::from_utf8_lossy(&body).into_owned())
}

/// Runs it and gives back what it logs by default.
fn logged<T>(run: impl FnOnce() -> T) -> (T, String) {
    let (log, _guard) = Log::capture(LevelFilter::INFO);
    let outcome = run();
    (outcome, log.take())
}

#[track_caller]
fn assert_one_event(log: &str, level: &str, words: &[&str]) {
    assert_eq!(log.lines().count(), 1, "{log}");
    assert!(log.trim_start().starts_with(&format!("{level} jwtower: ")), "{log}");
    for word in words {
        assert!(log.contains(word), "{word:?} is not in {log}");
    }
}

#[track_caller]
fn assert_refused<T>(
    (outcome, log): (Result<T, ConfigError>, String),
    setting: &str,
    given: impl Display,
    word: &str,
) {
    let error = outcome.err().unwrap_or_else(|| panic!("{given} is let in"));
    assert_eq!((error.setting(), &*log), (setting, ""), "{given}");
    assert!(error.to_string().contains(word), "{word:?} is not in {error}");
}
