//! Methods and paths: what the layer covers, and what it leaves open.

use axum::{
    Router,
    routing::{any, get},
};
use jwtower::guard::{require, role};
use jwtower_tests::Forge;

use super::app::{Carried, ask, doors, layer};

/// The method, the path, and the statuses without a token, with a bad one and with a good one.
type Row = (&'static str, &'static str, [u16; 3]);

async fn check(app: Router, forge: &Forge, rows: &[Row]) {
    for (method, path, statuses) in rows {
        let carried = [Carried::Nothing, Carried::Forged, Carried::Good];
        for (carried, status) in carried.into_iter().zip(*statuses) {
            let answer = ask(app.clone(), carried.request(forge, method, path)).await;
            assert_eq!(answer.status, status, "{method} {path} with {carried:?}: {answer:?}");
            assert_eq!(answer.count("www-authenticate"), usize::from(status == 401 || status == 403));
        }
    }
}

#[tokio::test]
async fn a_route_layer_covers_routes_and_leaves_unknown_paths_as_they_are() {
    let forge = Forge::new();
    let app = doors().route_layer(layer(&forge)).route("/healthz", get(|| async { "ok" }));
    let rows = [
        ("GET", "/open", [401, 401, 200]),
        ("HEAD", "/open", [401, 401, 200]),
        ("OPTIONS", "/open", [401, 401, 405]),
        ("POST", "/open", [401, 401, 405]),
        ("GET", "/nowhere", [404, 404, 404]),
        ("GET", "/open/", [404, 404, 404]),
        ("GET", "/healthz", [200, 200, 200]),
        ("GET", "/admin", [401, 401, 403]),
        ("HEAD", "/admin", [401, 401, 403]),
    ];
    check(app, &forge, &rows).await;
}

#[tokio::test]
async fn a_layer_covers_unknown_paths_and_methods_too() {
    let forge = Forge::new();
    let app = doors().layer(layer(&forge)).route("/healthz", get(|| async { "ok" }));
    let rows = [
        ("GET", "/open", [401, 401, 200]),
        ("OPTIONS", "/open", [401, 401, 405]),
        ("POST", "/open", [401, 401, 405]),
        ("GET", "/nowhere", [401, 401, 404]),
        ("GET", "/healthz", [200, 200, 200]),
    ];
    check(app, &forge, &rows).await;
}

#[tokio::test]
async fn nested_routers_and_any_method_are_covered() {
    let forge = Forge::new();
    let admin = Router::new().route("/any", any(|| async { "any" })).route_layer(require(role("admin")));
    let app = Router::new()
        .route("/any", any(|| async { "any" }))
        .nest("/admin", admin)
        .route_layer(layer(&forge))
        .fallback(|| async { (http::StatusCode::IM_A_TEAPOT, "tea") });
    let rows = [
        ("GET", "/any", [401, 401, 200]),
        ("OPTIONS", "/any", [401, 401, 200]),
        ("DELETE", "/any", [401, 401, 200]),
        ("PROPFIND", "/any", [401, 401, 200]),
        ("DELETE", "/admin/any", [401, 401, 403]),
        ("GET", "/admin/nowhere", [418, 418, 418]),
    ];
    check(app, &forge, &rows).await;
}

#[tokio::test]
async fn head_is_answered_as_get_without_the_body() {
    let forge = Forge::new();
    for (path, carried) in
        [("/open", Carried::Nothing), ("/open", Carried::Forged), ("/admin", Carried::Good)]
    {
        let app = doors().route_layer(layer(&forge));
        let get = ask(app.clone(), carried.request(&forge, "GET", path)).await;
        let head = ask(app, carried.request(&forge, "HEAD", path)).await;
        assert_eq!((head.status, &*head.body), (get.status, ""));
        for name in ["www-authenticate", "content-type", "content-length", "cache-control"] {
            assert!(get.header(name).is_some(), "{name}");
            assert_eq!(head.header(name), get.header(name), "{name}");
        }
    }
}
