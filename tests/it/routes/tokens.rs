//! Tokens that are none, that are another's, or that stand in the other's place: refused, and nothing lost.

use http::Method;
use jwtower::{Algorithm, Issuer, Secret};
use jwtower_tests::{AUDIENCE, ISSUER};
use serde_json::json;

use super::fixture::{Pair, Service, form_request};

/// The text with another character at this place.
fn altered(text: &str, place: usize) -> String {
    let at = |position: usize, character: char| match position == place {
        true if character == 'A' => 'B',
        true => 'A',
        false => character,
    };
    text.chars().enumerate().map(|(position, character)| at(position, character)).collect()
}

fn cut(text: &str, length: usize) -> String {
    text.chars().take(length).collect()
}

/// Bad copies of a token, each with a name. The last characters of base64url may hold unused bits, so the one
/// before is altered too.
fn damaged(token: &str) -> Vec<(String, String)> {
    let length = token.len();
    let places = [0, 1, length / 4, length / 2, 3 * length / 4, length - 2, length - 1];
    let mut all: Vec<_> =
        places.iter().map(|place| (format!("altered at {place}"), altered(token, *place))).collect();
    for shorter in [1, length / 2, length - 1] {
        all.push((format!("cut to {shorter}"), cut(token, shorter)));
    }
    all.push(("longer".into(), format!("{token}A")));
    all.push(("twice".into(), format!("{token}{token}")));
    all.push(("padded".into(), format!("{token}=")));
    all
}

/// A refresh token of another server, an access token, and damaged ones.
async fn bad_refresh_tokens(other: &Service, pair: &Pair) -> Vec<(String, String)> {
    let mut bad = damaged(&pair.refresh);
    bad.push(("an access token".into(), pair.access.clone()));
    bad.push(("another server's".into(), other.login("alice").await.refresh));
    bad.push(("a word".into(), "token".into()));
    bad.push(("spaces around".into(), format!(" {} ", pair.refresh)));
    bad.push(("another alphabet".into(), "ä".repeat(100)));
    bad
}

#[tokio::test]
async fn a_bad_refresh_token_is_refused_by_refresh_and_logout_and_ends_nothing() {
    let (service, other) = (Service::new().await, Service::new().await);
    let pair = service.login("alice").await;
    for (name, token) in bad_refresh_tokens(&other, &pair).await {
        for path in ["/auth/refresh", "/auth/logout"] {
            let answer = service.post(path, json!({ "refresh_token": token })).await;
            let body = json!({
                "error": "invalid_grant",
                "error_description": "the credentials or the refresh token are not valid",
            });
            assert_eq!((answer.status, answer.json()), (400, body), "{path} {name}");
            assert_eq!(answer.header("cache-control"), "no-store");
            assert!(service.is_alive(&pair).await, "{path} {name}");
        }
    }
    let form = |path| form_request(path, &format!("refresh_token={}", pair.refresh));
    assert_eq!(service.send(form("/auth/refresh")).await.status, 200);
    assert_eq!(service.send(form("/auth/logout")).await.status, 204);
}

const BEARER_ROUTES: [(Method, &str, u16); 4] = [
    (Method::GET, "/auth/session", 200),
    (Method::GET, "/auth/sessions", 200),
    (Method::DELETE, "/auth/sessions/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 404),
    (Method::POST, "/auth/logout-everywhere", 204),
];

#[tokio::test]
async fn a_bad_access_token_is_401_on_every_route_that_takes_one_and_ends_nothing() {
    let (service, other) = (Service::new().await, Service::new().await);
    let pair = service.login("alice").await;
    let mut bad = damaged(&pair.access);
    bad.push(("a refresh token".into(), pair.refresh.clone()));
    bad.push(("another server's".into(), other.login("alice").await.access));
    bad.push(("of a key that anyone has".into(), {
        let secret = Secret::generate(Algorithm::HS256).expect("the system has randomness");
        let issuer = Issuer::builder().key(&secret).issuer(ISSUER).audience(AUDIENCE).build();
        let token = issuer.expect("the settings are right").sign("u-1", &json!({ "sid": "A".repeat(32) }));
        token.expect("it can be signed").secret().to_owned()
    }));
    for (method, path, good) in BEARER_ROUTES {
        for (name, token) in &bad {
            let answer = service.ask(method.clone(), path, token).await;
            assert_eq!(answer.status, 401, "{path} {name}: {}", answer.body);
            assert!(answer.header("www-authenticate").contains("error=\"invalid_token\""), "{path} {name}");
            assert_eq!(
                (&answer.json()["code"], answer.header("cache-control")),
                (&json!("invalid_token"), "no-store")
            );
            assert!(service.is_alive(&pair).await, "{path} {name}");
        }
        let none = service
            .send(
                http::Request::builder().method(method.clone()).uri(path).body("".into()).expect("it is one"),
            )
            .await;
        assert_eq!((none.status, &none.json()["code"]), (401, &json!("missing_token")), "{path}");
        let answer = service.ask(method, path, &pair.access).await;
        assert_eq!(answer.status, good, "{path}: {}", answer.body);
    }
}

#[tokio::test]
async fn a_token_of_a_session_that_was_logged_out_is_401_on_every_route() {
    let service = Service::new().await;
    let pair = service.login("alice").await;
    assert_eq!(service.post("/auth/logout", json!({ "refresh_token": pair.refresh })).await.status, 204);
    for (method, path, _) in BEARER_ROUTES {
        let answer = service.ask(method, path, &pair.access).await;
        assert_eq!((answer.status, &answer.json()["code"]), (401, &json!("token_revoked")), "{path}");
    }
}
