//! What shared caches are told about answers that pass.

use axum::{Router, body::Body, routing::get};
use http::Request;
use jwtower::{JwtAuthLayer, NoClaims, Verifier, cookie::CookieSource, source::Header};
use jwtower_tests::{AUDIENCE, Forge, HEADER, ISSUER, good_claims};
use serde_json::Value;
use tower::ServiceExt;

#[tokio::test]
async fn an_answer_names_the_headers_that_decide_it() {
    let forge = Forge::new();
    let token = forge.sign(HEADER, Value::Object(good_claims()).to_string());
    let verifier = Verifier::<NoClaims>::builder().keys(forge.secret()).issuer(ISSUER).audience(AUDIENCE);
    let layer = JwtAuthLayer::new(verifier.build().unwrap());
    let cookie = || CookieSource::new("__Host-access").unwrap();
    let header = || Header::new("x-api-token").unwrap();
    for (layer, vary) in [
        (layer.clone(), Some("authorization")),
        (layer.clone().optional(), Some("authorization")),
        (layer.clone().also_from(cookie()), Some("authorization, cookie")),
        (layer.clone().also_from(cookie()).optional(), Some("authorization, cookie")),
        (layer.clone().only_from(header()), Some("x-api-token")),
        (layer.also_from(header()).also_from(cookie()), Some("authorization, cookie, x-api-token")),
    ] {
        let app = Router::new().route("/", get(|| async { ([("vary", "accept")], "in") })).route_layer(layer);
        for (name, value) in [("authorization", format!("Bearer {token}")), ("x-api-token", token.clone())] {
            let request = Request::get("/").header(name, value).body(Body::empty()).unwrap();
            let answer = app.clone().oneshot(request).await.unwrap();
            if answer.status() == 200 {
                let names: Vec<_> = answer.headers().get_all("vary").iter().collect();
                assert_eq!(names.first().copied().map(|name| name.as_bytes()), Some(&b"accept"[..]));
                assert_eq!(names.get(1).map(|name| name.to_str().unwrap()), vary);
            }
        }
    }
}
