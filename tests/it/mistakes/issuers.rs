//! Issuers and audiences that are not what the tokens say.

use axum::{Router, routing::get};
use jwtower::{JwtAuthLayer, Verifier};
use jwtower_tests::{AUDIENCE, Forge, ISSUER};
use tracing_subscriber::filter::LevelFilter;

use super::{User, ask, assert_one_event, assert_refused, logged, token, verifier};
use crate::log::Log;

#[test]
fn an_audience_that_is_the_issuer_is_told_once() {
    let forge = Forge::new();
    let build = |issuer: &str, audience: &str| {
        let builder = Verifier::<User>::builder().keys(forge.secret()).issuer(issuer.to_owned());
        logged(|| builder.audience(audience.to_owned()).build().map(|_| ()))
    };
    for (issuer, audience) in [
        ("https://login.example.com", "https://login.example.com"),
        ("https://login.example.com/", "https://login.example.com"),
        ("https://login.example.com", "https://login.example.com/"),
        ("me", "me"),
    ] {
        let (built, log) = build(issuer, audience);
        assert!(built.is_ok());
        assert_one_event(
            &log,
            "WARN",
            &["audience is its issuer", "write the name of this service", audience],
        );
    }
    for audience in ["https://api.example.com", "https://login.example.com/api", "https://login.example.co"] {
        assert_eq!(build("https://login.example.com", audience).1, "", "{audience}");
    }
}

#[tokio::test]
async fn a_slash_too_many_or_too_few_is_told_once_and_never_answered() {
    let with_slash = format!("{ISSUER}/");
    for (ours, theirs, write) in
        [(&*with_slash, ISSUER, "without the slash"), (ISSUER, &with_slash, "with a slash")]
    {
        let forge = Forge::new();
        let layer = JwtAuthLayer::new(verifier(&forge, ours));
        let app = |layer| Router::new().route("/", get(|| async { "in" })).route_layer(layer);
        let apps = [app(layer.clone()), app(layer.clone().optional()), app(layer)];
        let (log, _guard) = Log::capture(LevelFilter::INFO);

        // Nobody but the issuer can make it warn, and no other mistake does.
        let forged = token(&Forge::new(), theirs);
        let twice = format!("{theirs}//");
        let others = ["https://login.example.org", "https://LOGIN.example.com", "/", "", &twice]
            .map(|iss| token(&forge, iss));
        for bad in others.iter().chain([&forged]) {
            assert_eq!(ask(&apps[0], "/", bad).await.0, 401);
            assert_eq!(log.take(), "", "{ours}");
        }

        let elsewhere = ask(&apps[0], "/", &others[0]).await;
        assert_eq!(
            ask(&apps[0], "/", &token(&forge, theirs)).await,
            elsewhere,
            "the answer says nothing of it"
        );
        assert_one_event(&log.take(), "WARN", &["slash at the end", "write `.issuer(..)` as they do", write]);
        for app in apps.iter().cycle().take(30) {
            assert_eq!(ask(app, "/", &token(&forge, theirs)).await, elsewhere);
        }
        assert_eq!(log.take(), "", "it is told once");
        assert_eq!(ask(&apps[0], "/", &token(&forge, ours)).await, (200, "in".into()));
    }
}

#[test]
fn the_address_of_a_metadata_document_is_no_issuer() {
    let forge = Forge::new();
    let build = |issuer: &str| {
        let builder =
            Verifier::<User>::builder().keys(forge.secret()).issuer(issuer.to_owned()).audience(AUDIENCE);
        logged(|| builder.build())
    };
    for (given, instead) in [
        ("https://login.example.com/.well-known/openid-configuration", "\"https://login.example.com\""),
        ("https://login.example.com/.well-known/oauth-authorization-server", "\"https://login.example.com\""),
        ("https://login.example.com/.well-known/openid-configuration/", "\"https://login.example.com\""),
        (
            "https://login.example.com/a/b/.well-known/openid-configuration",
            "\"https://login.example.com/a/b\"",
        ),
        // RFC 8414 §3.1 puts the issuer's path behind.
        (
            "https://login.example.com/.well-known/oauth-authorization-server/a/b",
            "\"https://login.example.com/a/b\"",
        ),
        (
            "https://login.example.com/.well-known/openid-configuration?tenant=a",
            "\"https://login.example.com\"",
        ),
    ] {
        assert_refused(build(given), "issuer", given, instead);
    }
    for issuer in ["https://login.example.com", "https://login.example.com/well-known/openid"] {
        assert!(build(issuer).0.is_ok(), "{issuer}");
    }
}
