//! A store or accounts that do not answer: try again, nothing was changed.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use http::Method;
use serde_json::json;

use super::fixture::{Answer, PASSWORD, Pair, Service};

const ROUTES: [&str; 7] =
    ["login", "refresh", "session", "sessions", "sessions/{id}", "logout-everywhere", "logout"];

/// A good request to a route.
async fn ask(service: &Service, pair: &Pair, route: &str) -> Answer {
    let token = json!({ "refresh_token": pair.refresh });
    let credentials = json!({ "username": "alice", "password": PASSWORD });
    let bearer = async |method, path: &str| service.ask(method, path, &pair.access).await;
    match route {
        "login" => service.post("/auth/login", credentials).await,
        "refresh" => service.post("/auth/refresh", token).await,
        "logout" => service.post("/auth/logout", token).await,
        "logout-everywhere" => bearer(Method::POST, "/auth/logout-everywhere").await,
        "sessions/{id}" => bearer(Method::DELETE, &format!("/auth/sessions/{}", "A".repeat(32))).await,
        _ => bearer(Method::GET, &format!("/auth/{route}")).await,
    }
}

fn assert_unavailable(name: &str, answer: &Answer) {
    assert_eq!((answer.status, answer.header("retry-after")), (503, "1"), "{name}: {}", answer.body);
    assert_eq!(answer.header("cache-control"), "no-store", "{name}");
    let body = answer.json();
    let code = if body["error"].is_string() { &body["error"] } else { &body["code"] };
    assert_eq!(code, "temporarily_unavailable", "{name}");
    assert!(!answer.body.contains("away"), "{name}");
}

async fn without(switch: &Arc<AtomicBool>, work: impl Future<Output = ()>) {
    switch.store(true, Ordering::SeqCst);
    work.await;
    switch.store(false, Ordering::SeqCst);
}

#[tokio::test]
async fn a_store_that_is_away_is_503_on_every_route() {
    let service = Service::new().await;
    let pair = service.login("alice").await;
    without(&service.store.away, async {
        for route in ROUTES {
            assert_unavailable(route, &ask(&service, &pair, route).await);
        }
    })
    .await;
}

#[tokio::test]
async fn a_refresh_that_the_store_did_not_take_used_nothing_up() {
    let service = Service::new().await;
    let pair = service.login("alice").await;
    service.clock.advance(Duration::from_secs(60));
    without(&service.store.away, async {
        assert_unavailable("refresh", &ask(&service, &pair, "refresh").await);
    })
    .await;
    let refreshed = service.refresh(&pair.refresh).await;
    assert_eq!(refreshed.status, 200);
    assert!(refreshed.pair().refresh != pair.refresh);
}

#[tokio::test]
async fn a_logout_that_the_store_did_not_take_is_told_and_done_at_the_next_try() {
    let service = Service::new().await;
    for route in ["logout", "logout-everywhere"] {
        let pair = service.login("alice").await;
        without(&service.store.away, async {
            assert_unavailable(route, &ask(&service, &pair, route).await);
        })
        .await;
        assert_eq!(ask(&service, &pair, route).await.status, 204, "{route}");
        assert!(!service.is_alive(&pair).await, "{route}");
        assert_eq!(service.refresh(&pair.refresh).await.error().0, "invalid_grant", "{route}");
    }
}

#[tokio::test]
async fn accounts_that_are_away_are_503_and_nothing_is_lost() {
    let service = Service::new().await;
    let pair = service.login("alice").await;
    service.clock.advance(Duration::from_secs(60));
    without(&service.users.away, async {
        for route in ["login", "refresh"] {
            assert_unavailable(route, &ask(&service, &pair, route).await);
        }
        assert_eq!(ask(&service, &pair, "sessions").await.status, 200, "what asks no account goes on");
    })
    .await;
    let refreshed = service.refresh(&pair.refresh).await;
    assert!(refreshed.status == 200 && refreshed.pair().refresh != pair.refresh);
    let sessions = ask(&service, &refreshed.pair(), "sessions").await.json();
    assert_eq!(sessions.as_array().map(Vec::len), Some(1));
}
