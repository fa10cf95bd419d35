//! Layers beside each other: each covers what stood before it, and no more.

use axum::{
    Router,
    routing::{any, get, post},
};
use tower::Layer;

use super::{Keys, NO, check, service, tea, who};

#[tokio::test]
async fn routers_with_a_layer_each_stand_side_by_side() {
    let keys = Keys::new();
    let shop = || Router::new().route("/cart", get(who).post(who));
    let office = || Router::new().route("/desk", any(who));
    let nested = Router::new()
        .nest("/shop", shop().route_layer(keys.customers()))
        .nest("/office", office().route_layer(keys.staff()))
        .route("/healthz", get(who));
    let rows = [
        ("GET", "/shop/cart", [NO, (200, "carol customer"), NO]),
        ("POST", "/shop/cart", [NO, (200, "carol customer"), NO]),
        ("HEAD", "/shop/cart", [NO, (200, ""), NO]),
        ("OPTIONS", "/shop/cart", [NO, (405, ""), NO]),
        ("DELETE", "/shop/cart", [NO, (405, ""), NO]),
        ("GET", "/office/desk", [NO, NO, (200, "steve staff")]),
        ("OPTIONS", "/office/desk", [NO, NO, (200, "steve staff")]),
        ("PURGE", "/office/desk", [NO, NO, (200, "steve staff")]),
        ("GET", "/shop/nowhere", [(404, ""); 3]),
        ("GET", "/office/nowhere", [(404, ""); 3]),
        ("GET", "/shop", [(404, ""); 3]),
        ("GET", "/nowhere", [(404, ""); 3]),
        ("GET", "/healthz", [(200, "nobody"); 3]),
        ("DELETE", "/healthz", [(405, ""); 3]),
    ];
    check(&nested, &keys, &rows).await;

    // A layer in the other's place changes nothing: it covers only what stood there before it.
    let in_turn = Router::new()
        .nest("/shop", shop())
        .route_layer(keys.customers())
        .nest("/office", office().route_layer(keys.staff()))
        .route("/healthz", get(who));
    check(&in_turn, &keys, &rows).await;

    let merged = Router::new()
        .nest("/shop", shop())
        .route_layer(keys.customers())
        .merge(Router::new().nest("/office", office()).route_layer(keys.staff()));
    check(&merged.route("/healthz", get(who)), &keys, &rows).await;
}

/// `layer` covers what is no route too, under its own path.
#[tokio::test]
async fn a_layer_covers_the_unknown_paths_of_its_router() {
    let keys = Keys::new();
    let app = Router::new()
        .nest("/shop", Router::new().route("/cart", get(who)).fallback(tea).layer(keys.customers()))
        .nest("/office", Router::new().route("/desk", get(who)).fallback(tea).layer(keys.staff().optional()));
    let rows = [
        ("GET", "/shop/cart", [NO, (200, "carol customer"), NO]),
        ("GET", "/shop/nowhere", [NO, (418, "carol customer"), NO]),
        ("OPTIONS", "/shop/nowhere", [NO, (418, "carol customer"), NO]),
        ("GET", "/office/desk", [(200, "nobody"), NO, (200, "steve staff")]),
        ("GET", "/office/nowhere", [(418, "nobody"), NO, (418, "steve staff")]),
        ("POST", "/office/desk", [(405, ""), NO, (405, "")]),
        ("GET", "/nowhere", [(404, ""); 3]),
    ];
    check(&app, &keys, &rows).await;

    // The fallback of the whole serves nested routers that have none; whether it is covered is its own affair.
    let inherited = Router::new()
        .nest("/shop", Router::new().route("/cart", get(who)).route_layer(keys.customers()))
        .fallback(tea);
    check(&inherited, &keys, &[("GET", "/shop/nowhere", [(418, "nobody"); 3])]).await;
    let covered = inherited.layer(keys.customers());
    check(&covered, &keys, &[("GET", "/shop/nowhere", [NO, (418, "carol customer"), NO])]).await;
    check(&covered, &keys, &[("GET", "/nowhere", [NO, (418, "carol customer"), NO])]).await;
}

#[tokio::test]
async fn services_are_covered_as_handlers_are() {
    let keys = Keys::new();
    let app = Router::new()
        .nest_service("/files", keys.staff().layer(service()))
        .route_service("/cart", keys.customers().layer(service()))
        .nest("/office", Router::new().route_service("/desk", service()).route_layer(keys.staff()))
        .fallback_service(keys.customers().optional().layer(service()));
    let rows = [
        ("GET", "/files/a/b", [NO, NO, (200, "steve staff")]),
        ("DELETE", "/files/a", [NO, NO, (200, "steve staff")]),
        ("OPTIONS", "/files/a", [NO, NO, (200, "steve staff")]),
        ("GET", "/cart", [NO, (200, "carol customer"), NO]),
        ("GET", "/office/desk", [NO, NO, (200, "steve staff")]),
        ("GET", "/nowhere", [(200, "nobody"), (200, "carol customer"), NO]),
        ("GET", "/office/nowhere", [(200, "nobody"), (200, "carol customer"), NO]),
    ];
    check(&app, &keys, &rows).await;
}

#[tokio::test]
async fn a_method_router_may_have_a_layer_of_its_own() {
    let keys = Keys::new();
    let app = Router::new()
        // `layer` covers the methods before it, and what has no method.
        .route("/a", get(who).layer(keys.customers()).post(who))
        // `route_layer` covers the methods before it only.
        .route("/b", get(who).route_layer(keys.customers()).post(who))
        .route("/c", get(who).route_layer(keys.customers()).merge(post(who).route_layer(keys.staff())));
    let rows = [
        ("GET", "/a", [NO, (200, "carol customer"), NO]),
        ("HEAD", "/a", [NO, (200, ""), NO]),
        ("POST", "/a", [(200, "nobody"); 3]),
        ("DELETE", "/a", [NO, (405, ""), NO]),
        ("GET", "/b", [NO, (200, "carol customer"), NO]),
        ("POST", "/b", [(200, "nobody"); 3]),
        ("DELETE", "/b", [(405, ""); 3]),
        ("OPTIONS", "/b", [(405, ""); 3]),
        ("GET", "/c", [NO, (200, "carol customer"), NO]),
        ("POST", "/c", [NO, NO, (200, "steve staff")]),
        ("DELETE", "/c", [(405, ""); 3]),
    ];
    check(&app, &keys, &rows).await;
}
