//! The documents by which other services verify the tokens.

use axum::body::Body;
use http::{Method, Request};
use jwtower::{KeySet, NoClaims, Verifier, routes::TrustedProxies};
use jwtower_tests::{AUDIENCE, ISSUER};
use serde_json::json;
use tracing_subscriber::filter::LevelFilter;

use super::fixture::Service;
use crate::log::Log;

const JWKS: &str = "/.well-known/jwks.json";
const CONFIGURATION: &str = "/.well-known/openid-configuration";

#[tokio::test]
async fn a_verifier_that_knows_only_the_documents_accepts_the_tokens() {
    let service = Service::new().await;
    let configuration = service.ask(Method::GET, CONFIGURATION, "x").await;
    let expected = json!({ "issuer": ISSUER, "jwks_uri": format!("{ISSUER}{JWKS}") });
    assert_eq!((configuration.status, configuration.json()), (200, expected));
    assert_eq!(configuration.header("content-type"), "application/json");

    let jwks = service.ask(Method::GET, JWKS, "x").await;
    assert_eq!((jwks.status, jwks.header("content-type")), (200, "application/json"));
    assert!(jwks.header("cache-control").starts_with("public, max-age="), "{}", jwks.header("cache-control"));
    let verifier = Verifier::<NoClaims>::builder()
        .keys(KeySet::from_jwks(&jwks.body).expect("it is a JWK Set"))
        .issuer(ISSUER)
        .audience(AUDIENCE)
        .build()
        .expect("the settings are right");
    let pair = service.login("alice").await;
    let token = verifier.verify(&pair.access).expect("the token is good");
    assert_eq!(token.registered().subject(), Some("u-1"));
}

#[tokio::test]
async fn the_keys_show_nothing_private() {
    let service = Service::new().await;
    let jwks = service.ask(Method::GET, JWKS, "x").await.json();
    for key in jwks["keys"].as_array().expect("it is one") {
        let members: Vec<_> = key.as_object().expect("it is one").keys().cloned().collect();
        assert!(members.iter().all(|name| ["alg", "crv", "kid", "kty", "use", "x", "y"].contains(&&**name)));
    }
}

#[tokio::test]
async fn who_has_a_document_is_not_sent_it_again() {
    let service = Service::new().await;
    for path in [JWKS, CONFIGURATION] {
        let first = service.ask(Method::GET, path, "x").await;
        let tag = first.header("etag").to_owned();
        let ask = async |tags: String| {
            let request = Request::get(path).header("if-none-match", tags).body(Body::empty());
            service.send(request.expect("it is a request")).await
        };
        for tags in [tag.clone(), format!("W/{tag}"), format!("\"a\", {tag}"), "*".into()] {
            let answer = ask(tags).await;
            assert_eq!((answer.status, &*answer.body, answer.header("etag")), (304, "", &*tag));
            assert_eq!(answer.header("cache-control"), first.header("cache-control"));
        }
        let answer = ask("\"a\"".into()).await;
        assert_eq!((answer.status, &answer.body), (200, &first.body));
    }
}

#[tokio::test]
async fn an_issuer_that_is_no_url_has_keys_and_no_configuration_and_the_log_says_why() {
    let (log, _guard) = Log::capture(LevelFilter::WARN);
    let service = Service::of("our-login", TrustedProxies::default()).await;
    let text = log.take();
    assert!(text.contains("WARN") && text.contains(CONFIGURATION), "{text}");
    assert_eq!(service.ask(Method::GET, JWKS, "x").await.status, 200);
    assert_eq!(service.ask(Method::GET, CONFIGURATION, "x").await.status, 404);
}
