//! What the layer answers.

use axum::{Router, body::Body, routing::get};
use http::Request;
use http_body_util::BodyExt;
use jwtower::{
    Claims, NoClaims, Timestamp,
    revocation::{Grain, Revocations},
};
use jwtower_tests::{Forge, HEADER, good_claims};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::{layer, revoke, token};

/// Status, challenge and public code.
async fn ask(app: &Router, token: &str) -> (u16, Option<String>, Option<String>) {
    let request = Request::get("/").header("authorization", format!("Bearer {token}"));
    let request = request.body(Body::empty()).expect("the request is well formed");
    let (head, body) = app.clone().oneshot(request).await.expect("a router does not fail").into_parts();
    let body = body.collect().await.expect("a body of bytes does not fail").to_bytes();
    let code =
        serde_json::from_slice::<Value>(&body).ok().and_then(|body| body["code"].as_str().map(str::to_owned));
    let challenge = head.headers.get("www-authenticate").and_then(|value| value.to_str().ok());
    (head.status.as_u16(), challenge.map(str::to_owned), code)
}

fn app(forge: &Forge, revocations: &Revocations) -> Router {
    let hello = |_: Claims<NoClaims>| async { "hello" };
    Router::new().route("/", get(hello)).route_layer(layer(forge, revocations))
}

#[tokio::test]
async fn a_logout_is_felt_by_the_next_request_and_by_no_other_session() {
    let (forge, revocations) = (Forge::new(), Revocations::in_memory());
    let app = app(&forge, &revocations);
    let (one, other) = (token(&forge, "s-1", &[]), token(&forge, "s-2", &[]));
    assert_eq!(ask(&app, &one).await.0, 200);

    revoke(&revocations, Grain::Session("s-1".into())).await;
    let (status, challenge, code) = ask(&app, &one).await;
    assert_eq!((status, code.as_deref()), (401, Some("token_revoked")));
    let challenge = challenge.expect("a 401 has a challenge");
    assert!(challenge.contains(r#"error="invalid_token""#), "{challenge}");
    assert_eq!(ask(&app, &other).await.0, 200);
}

#[tokio::test]
async fn each_grain_reaches_the_layer_and_authenticate() {
    let (forge, subject) = (Forge::new(), || "alice".to_owned());
    // The token is made after this line, so maybe in the next second.
    let issued_at = Timestamp::from(std::time::SystemTime::now()).plus(std::time::Duration::from_secs(60));
    for (grain, code) in [
        (Grain::Token("token of s-1".into()), "token_revoked"),
        (Grain::Session("s-1".into()), "session_revoked"),
        (Grain::Generation { subject: subject(), generation: 8 }, "subject_revoked"),
        (Grain::Watermark { subject: subject(), issued_at }, "subject_revoked"),
    ] {
        let revocations = Revocations::in_memory();
        let (app, layer) = (app(&forge, &revocations), layer(&forge, &revocations));
        let token = token(&forge, "s-1", &[("sgen", json!(7))]);
        layer.authenticate(&token).await.expect("nothing was revoked yet");
        revoke(&revocations, grain.clone()).await;
        assert_eq!(layer.authenticate(&token).await.expect_err("it was revoked").code(), code, "{grain:?}");
        let (status, _, public) = ask(&app, &token).await;
        assert_eq!((status, public.as_deref()), (401, Some("token_revoked")), "{grain:?}");
    }
}

#[tokio::test]
async fn what_is_issued_after_a_logout_everywhere_passes() {
    let (forge, revocations) = (Forge::new(), Revocations::in_memory());
    let app = app(&forge, &revocations);
    revoke(&revocations, Grain::Generation { subject: "alice".into(), generation: 8 }).await;
    for (sgen, status) in
        [(json!(7), 401), (json!("8"), 401), (json!(null), 401), (json!(8), 200), (json!(9), 200)]
    {
        let token = token(&forge, "s-1", &[("sgen", sgen.clone())]);
        assert_eq!(ask(&app, &token).await.0, status, "{sgen}");
    }
    // Spelt with an escape, it is the same claim.
    let mut claims = good_claims();
    claims.insert("sid".into(), "s-1".into());
    let payload = Value::Object(claims).to_string().replacen('{', r#"{"s\u0067en":8,"#, 1);
    assert_eq!(ask(&app, &forge.sign(HEADER, payload)).await.0, 200);
}

#[tokio::test]
async fn a_token_that_nobody_could_revoke_is_refused_only_where_revocations_are_asked() {
    let (forge, revocations) = (Forge::new(), Revocations::in_memory());
    let app = app(&forge, &revocations);
    let anonymous = forge.sign(HEADER, Value::Object(good_claims()).to_string());
    let (status, challenge, code) = ask(&app, &anonymous).await;
    assert_eq!((status, code.as_deref()), (401, Some("invalid_token")));
    assert!(challenge.is_some_and(|challenge| challenge.contains(r#"error="invalid_token""#)));
    assert_eq!(ask(&app, &token(&forge, "s-1", &[])).await.0, 200);
    let without = crate::layer::layer::<NoClaims>(&forge);
    assert!(without.authenticate(&anonymous).await.is_ok());
}

#[tokio::test]
async fn a_forged_or_expired_token_of_a_revoked_session_is_named_after_what_comes_first() {
    let (forge, revocations) = (Forge::new(), Revocations::in_memory());
    let app = app(&forge, &revocations);
    revoke(&revocations, Grain::Session("s-1".into())).await;
    let code = async |token: String| ask(&app, &token).await.2;
    assert_eq!(code(token(&Forge::new(), "s-1", &[])).await.as_deref(), Some("invalid_token"));
    assert_eq!(code(token(&forge, "s-1", &[("exp", json!(1))])).await.as_deref(), Some("token_expired"));
    assert_eq!(code(token(&forge, "s-1", &[])).await.as_deref(), Some("token_revoked"));
}

#[tokio::test]
async fn an_optional_layer_lets_no_revoked_token_pass_as_nobody() {
    let (forge, revocations) = (Forge::new(), Revocations::in_memory());
    let hello = |claims: Option<Claims<NoClaims>>| async move { claims.map_or("nobody", |_| "somebody") };
    let app = Router::new().route("/", get(hello)).route_layer(layer(&forge, &revocations).optional());
    let token = token(&forge, "s-1", &[]);
    assert_eq!(ask(&app, &token).await.0, 200);
    revoke(&revocations, Grain::Session("s-1".into())).await;
    assert_eq!(ask(&app, &token).await.0, 401);
}
