//! Layers, guards and handlers that do not fit together.

use axum::{Router, routing::get};
use jwtower::{
    Claims, JwtAuthLayer, NoClaims, Principal, Verifier,
    guard::{require, role},
};
use jwtower_tests::{AUDIENCE, Forge, ISSUER};
use tracing_subscriber::filter::LevelFilter;

use super::{User, ask, assert_one_event, token, verifier};
use crate::log::Log;

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
