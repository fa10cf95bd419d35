//! CORS outside answers preflights by itself, and lets pages read refusals.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{Router, routing::get};
use http::{HeaderValue, Method, header::AUTHORIZATION};
use jwtower::{
    Claims,
    cookie::CookieSource,
    guard::{require, role},
};
use tower_http::cors::CorsLayer;

use super::{Customer, Keys, request, send, who};

const PAGE: &str = "https://app.example.com";

fn cors() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(HeaderValue::from_static(PAGE))
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([AUTHORIZATION])
        .allow_credentials(true)
}

/// An application whose doors refuse in every way, and how often its layer was asked to.
fn doors(keys: &Keys) -> (Router, Arc<AtomicUsize>) {
    let refusals = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&refusals);
    let source = CookieSource::new("__Host-access").and_then(|source| source.origin(PAGE));
    let layer = keys.customers().also_from(source.expect("the settings are right"));
    let layer = layer.on_error(move |_, _, answer| {
        count.fetch_add(1, Ordering::SeqCst);
        answer
    });
    let app = Router::new()
        .route("/", get(who).post(who))
        .route("/staff", get(who).layer(require(role("clerk"))))
        .route("/claims", get(|_: Claims<Customer>| async { "in" }))
        .route_layer(layer);
    (app, refusals)
}

#[tokio::test]
async fn with_cors_outside_preflights_never_reach_the_layer() {
    let keys = Keys::new();
    let (app, refusals) = doors(&keys);
    let app = app.layer(cors());
    for path in ["/", "/staff", "/claims", "/nowhere"] {
        for origin in [PAGE, "https://attacker.example"] {
            let lines = [
                ("origin", origin),
                ("access-control-request-method", "POST"),
                ("access-control-request-headers", "authorization"),
                ("sec-fetch-site", "cross-site"),
            ];
            let (status, headers, body) = send(&app, request("OPTIONS", path, &lines)).await;
            assert_eq!((status, &*body), (200, ""), "{path}");
            let allowed = headers.get("access-control-allow-origin");
            assert!(allowed.is_none_or(|allowed| allowed == PAGE), "{path} for {origin}");
            assert!(headers["access-control-allow-methods"].to_str().unwrap().contains("POST"));
            assert!(!headers.contains_key("www-authenticate"));
        }
    }
    assert_eq!(refusals.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn with_cors_inside_a_preflight_is_refused_like_any_request_without_a_token() {
    let keys = Keys::new();
    let app = Router::new().route("/", get(who)).layer(cors()).layer(keys.customers());
    let lines = [("origin", PAGE), ("access-control-request-method", "GET")];
    let (status, headers, _) = send(&app, request("OPTIONS", "/", &lines)).await;
    assert_eq!(status, 401);
    assert!(!headers.contains_key("access-control-allow-origin"));
}

#[tokio::test]
async fn refusals_carry_the_headers_of_cors_so_that_a_page_can_read_them() {
    let keys = Keys::new();
    let (app, refusals) = doors(&keys);
    let app = app.layer(cors());
    let carol = keys.token("carol");
    let (bearer, cookie) = (format!("Bearer {carol}"), format!("__Host-access={carol}"));
    let (bearer, cookie) = (("authorization", &*bearer), ("cookie", &*cookie));
    let page = ("origin", PAGE);
    let attacker = ("origin", "https://attacker.example");
    type Case<'c> = (&'static str, &'static str, &'c [(&'static str, &'c str)], u16, &'static str);
    let cases: [Case<'_>; 11] = [
        ("GET", "/", &[page], 401, "missing_token"),
        ("GET", "/", &[page, ("authorization", "Bearer a.b.c")], 401, "invalid_token"),
        ("GET", "/", &[page, ("authorization", "Bearer")], 400, "invalid_request"),
        ("GET", "/", &[page, bearer, cookie], 400, "invalid_request"),
        ("GET", "/staff", &[page, bearer], 403, "insufficient_scope"),
        ("HEAD", "/staff", &[page, bearer], 403, ""),
        ("POST", "/", &[attacker, cookie], 403, "cross_site"),
        ("GET", "/", &[page, bearer], 200, "carol customer"),
        ("GET", "/claims", &[page, cookie], 200, "in"),
        ("POST", "/", &[page, cookie], 200, "carol customer"),
        ("POST", "/", &[attacker, bearer], 200, "carol customer"),
    ];
    let mut refused = 0;
    for (method, path, lines, status, word) in cases {
        let (given, headers, body) = send(&app, request(method, path, lines)).await;
        assert!(given == status && body.contains(word), "{method} {path} {status} {word}: {given} {body}");
        // The browser compares it with the page's origin, and keeps the answer from any other.
        assert_eq!(headers["access-control-allow-origin"], PAGE, "{method} {path} {status}");
        assert_eq!(headers["access-control-allow-credentials"], "true", "{method} {path} {status}");
        let challenged = matches!(status, 400 | 401) || word == "insufficient_scope" || method == "HEAD";
        assert_eq!(headers.contains_key("www-authenticate"), challenged, "{method} {path} {status}");
        refused += usize::from(status >= 400);
    }
    assert_eq!(refusals.load(Ordering::SeqCst), refused);
}
