//! Mistakes that are made often: each is refused at start, or told in one event that says what to write.

use std::fmt::Display;

use axum::{Router, body::Body, routing::get};
use http::Request;
use http_body_util::BodyExt;
use jwtower::{
    Claims, ConfigError, JwtAuthLayer, NoClaims, Principal, Verifier,
    cookie::CookieSource,
    guard::{require, role},
};
use jwtower_tests::{AUDIENCE, Forge, HEADER, ISSUER, good_claims};
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

#[tokio::test]
async fn a_handler_that_asks_for_the_claims_of_an_outer_layer_is_told_both_types() {
    let forge = Forge::new();
    let of_user = JwtAuthLayer::new(verifier(&forge, ISSUER));
    let none = Verifier::<NoClaims>::builder().keys(forge.secret()).issuer(ISSUER).audience(AUDIENCE);
    let of_none = JwtAuthLayer::new(none.build().expect("the settings are right"));
    let app = Router::new()
        .route("/user", get(|user: Claims<User>| async move { user.name.clone() }))
        .route("/maybe-user", get(|user: Option<Claims<User>>| async move { format!("{}", user.is_some()) }))
        .route("/none", get(|_: Claims<NoClaims>| async { "none" }))
        .route_layer(of_none)
        .route_layer(of_user);
    let token = token(&forge, ISSUER);
    for path in ["/user", "/maybe-user"] {
        let (log, _guard) = Log::capture(LevelFilter::INFO);
        assert_eq!(ask(&app, path, &token).await.0, 500);
        let words =
            ["write `Claims<..>` of the type", "mistakes::User", "NoClaims", "code=wrong_claims_type"];
        assert_one_event(&log.take(), "ERROR", &words);
    }
    let (log, _guard) = Log::capture(LevelFilter::INFO);
    assert_eq!(ask(&app, "/none", &token).await, (200, "none".into()));
    assert_eq!(log.take(), "");
}

#[tokio::test]
async fn a_guard_or_an_extractor_outside_any_layer_is_told_where_to_put_one() {
    let forge = Forge::new();
    let doors = Router::new()
        .route("/guard", get(|| async { "in" }).layer(require(role("user"))))
        .route("/claims", get(|_: Claims<User>| async { "in" }))
        .route("/maybe-claims", get(|_: Option<Claims<User>>| async { "in" }))
        .route("/principal", get(|_: Principal| async { "in" }))
        .route("/maybe-principal", get(|_: Option<Principal>| async { "in" }));
    let token = token(&forge, ISSUER);
    for path in ["/guard", "/claims", "/maybe-claims", "/principal", "/maybe-principal"] {
        let (log, _guard) = Log::capture(LevelFilter::INFO);
        assert_eq!(ask(&doors, path, &token).await.0, 500, "{path}");
        let words = [
            "outside any JwtAuthLayer",
            "add `.route_layer(JwtAuthLayer::new(verifier))`",
            "code=missing_layer",
        ];
        assert_one_event(&log.take(), "ERROR", &words);
        let mended = doors.clone().route_layer(JwtAuthLayer::new(verifier(&forge, ISSUER)));
        assert_eq!(ask(&mended, path, &token).await, (200, "in".into()), "{path}");
        assert_eq!(log.take(), "");
    }
}

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
    for issuer in ["https://login.example.com", "https://login.example.com/.well-known/openid-configurations"]
    {
        assert!(build(issuer).0.is_ok(), "{issuer}");
    }
}

#[test]
fn a_cookie_without_the_prefix_is_told_once() {
    for name in ["access", "__Secure-access", "Host-access", "__HostAccess"] {
        let (built, log) =
            logged(|| CookieSource::new(name).and_then(|source| source.origin("https://app.example.com")));
        assert!(built.is_ok());
        assert_one_event(
            &log,
            "WARN",
            &["__Host-", "name it", "Secure and Path=/", &format!("cookie={name}")],
        );
    }
    // This one is right on plain http, so it is told nothing more.
    for name in ["access", "__mine"] {
        let (built, log) =
            logged(|| CookieSource::new(name).and_then(|source| source.origin("http://localhost:5173")));
        assert!(built.is_ok());
        assert_one_event(&log, "WARN", &["unless this is plain http on localhost"]);
    }
    let (built, log) =
        logged(|| CookieSource::new("__Host-access").and_then(|source| source.origin("https://a.example")));
    assert!(built.is_ok());
    assert_eq!(log, "");
}

#[test]
fn a_cookie_with_a_prefix_on_plain_http_is_told_once() {
    for origin in ["http://localhost:5173", "http://127.0.0.1:3000", "http://[::1]:3000"] {
        let (built, log) =
            logged(|| CookieSource::new("__Host-access").and_then(|source| source.origin(origin)));
        assert!(built.is_ok());
        let words = [
            "plain http",
            "serve https, or name the cookie without the prefix",
            "cookie=__Host-access",
            origin,
        ];
        assert_one_event(&log, "WARN", &words);
    }
    let (built, log) = logged(|| {
        let source = CookieSource::new("__Host-access")?.origin("http://localhost:5173")?;
        source.origin("http://localhost:3000")?.origin("https://app.example.com")
    });
    assert!(built.is_ok());
    assert_one_event(&log, "WARN", &["plain http"]);
    let (source, log) = logged(|| CookieSource::new("__Secure-access"));
    assert_one_event(&log, "WARN", &["__Host-"]);
    let (_, log) = logged(|| source.and_then(|source| source.origin("http://localhost:5173")));
    assert_one_event(&log, "WARN", &["plain http"]);
}

#[test]
fn what_is_no_cookie_name_or_no_origin_is_refused() {
    for (name, word) in [
        ("", "is no cookie name"),
        (" ", "use letters, digits"),
        ("a b", "is no cookie name"),
        ("a=b", "is no cookie name"),
        ("a;b", "is no cookie name"),
        ("a,b", "is no cookie name"),
        ("a\"b", "is no cookie name"),
        ("a\tb", "is no cookie name"),
        ("a\r\nb", "is no cookie name"),
        ("a[b]", "is no cookie name"),
        ("größe", "is no cookie name"),
        ("access ", "is no cookie name"),
        ("__host-access", "write __Host- and a name"),
        ("__HOST-access", "write __Host- and a name"),
        ("__Host-", "write __Host- and a name"),
        ("__secure-access", "write __Secure- and a name"),
        ("__Secure-", "write __Secure- and a name"),
    ] {
        assert_refused(logged(|| CookieSource::new(name)), "cookie", format!("{name:?}"), word);
    }
    for origin in [
        "http://app.example.com",
        "https://app.example.com/",
        "https://app.example.com:443",
        "null",
        "*",
        "http:",
    ] {
        let source = CookieSource::new("__Host-access").expect("it is a cookie's name");
        assert_refused(logged(|| source.origin(origin)), "origin", origin, "write it as browsers do");
    }
}
