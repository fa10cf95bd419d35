//! A layer inside another one: no identity is stale.

use axum::{Router, routing::get};
use jwtower::{
    Claims,
    guard::{require, role},
};
use tower::Layer;

use super::{Customer, Keys, NO, check, request, send, service, tea, who};

/// Where one layer is inside the other, the inner one says who it is, also where it says nobody.
#[tokio::test]
async fn of_two_layers_around_a_route_the_inner_one_wins() {
    let keys = Keys::new();
    let office = || {
        Router::new()
            .route("/desk", get(who))
            .route("/customer", get(|_: Claims<Customer>| async { "customer" }))
            .route("/clerk", get(who).layer(require(role("clerk"))))
            .route("/buyer", get(who).layer(require(role("buyer"))))
    };
    let needed = office().route_layer(keys.staff_beside());
    let optional = office().fallback(tea).layer(keys.staff_beside().optional());
    let app = Router::new()
        .route("/me", get(who))
        .nest("/office", needed)
        .nest("/lobby", optional)
        .nest_service("/files", keys.staff_beside().optional().layer(service()))
        .nest("/guarded", office().route_layer(keys.staff_beside()).route_layer(require(role("buyer"))))
        .route_layer(keys.customers());
    let (carol, steve) = (format!("Bearer {}", keys.token("carol")), keys.token("steve"));
    let (carol, steve) = (("authorization", &*carol), ("x-staff", &*steve));
    for (path, with_carol, with_both) in [
        ("/me", (200, "carol customer"), (200, "carol customer")),
        ("/office/desk", NO, (200, "steve staff")),
        ("/office/clerk", NO, (200, "steve staff")),
        ("/office/buyer", NO, (403, "")),
        ("/office/customer", NO, (500, "")),
        ("/office/nowhere", (404, ""), (404, "")),
        ("/lobby/desk", (200, "nobody"), (200, "steve staff")),
        ("/lobby/buyer", NO, (403, "")),
        ("/lobby/customer", NO, (500, "")),
        ("/lobby/nowhere", (418, "nobody"), (418, "steve staff")),
        ("/files/a", (200, "nobody"), (200, "steve staff")),
        // The guard outside the inner layer judges the outer identity, and is done before the inner one.
        ("/guarded/clerk", NO, (200, "steve staff")),
        ("/guarded/buyer", NO, (403, "")),
    ] {
        for (lines, outcome) in [([carol].as_slice(), with_carol), (&[carol, steve], with_both)] {
            let (status, _, body) = send(&app, request("GET", path, lines)).await;
            let body = if matches!(status, 200 | 418) { &*body } else { "" };
            assert_eq!((status, body), outcome, "{path} with {} tokens", lines.len());
        }
        // The outer layer asks first, whatever the inner one would say; but `route_layer` covers no fallback,
        // not even that of a nested router, which only the layer inside covers.
        let expected = match path {
            "/office/nowhere" => 404,
            "/lobby/nowhere" => 418,
            _ => 401,
        };
        let (status, _, _) = send(&app, request("GET", path, &[steve])).await;
        assert_eq!(status, expected, "{path} with Steve's token only");
    }
}

/// One place for both layers is one token for both; the outer one refuses what only the inner one knows.
#[tokio::test]
async fn two_layers_that_read_one_header_agree_on_no_token() {
    let keys = Keys::new();
    let app =
        Router::new().route("/", get(who)).route_layer(keys.staff()).route_layer(keys.customers().optional());
    check(&app, &keys, &[("GET", "/", [NO, NO, NO])]).await;
}
