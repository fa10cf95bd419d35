//! Guessing passwords in a row.

use std::{future::poll_fn, pin::pin, sync::atomic::Ordering, task::Poll, time::Duration};

use axum::body::Body;
use http::Request;
use serde_json::json;

use super::fixture::{Answer, PASSWORD, Service, json_request, peer};

fn login(username: &str, password: &str) -> Request<Body> {
    json_request("/auth/login", json!({ "username": username, "password": password }))
}

async fn from(service: &Service, address: &str, mut request: Request<Body>) -> Answer {
    request.extensions_mut().insert(peer(address));
    service.send(request).await
}

/// How many wrong passwords are compared before one is not.
async fn guesses(service: &Service, address: &str) -> usize {
    let mut count = 0;
    while count < 30 && from(service, address, login("alice", "wrong")).await.status == 400 {
        count += 1;
    }
    count
}

#[tokio::test]
async fn ten_failures_lock_an_account_for_one_address_until_the_window_ends() {
    let service = Service::new().await;
    assert_eq!(guesses(&service, "192.0.2.1").await, 10);
    service.clock.advance(Duration::from_secs(300));
    let refused = from(&service, "192.0.2.1", login("alice", PASSWORD)).await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, "601"));
    let body = json!({
        "error": "too_many_attempts", "error_description": "too many attempts failed; try again later",
    });
    assert_eq!((refused.json(), refused.header("cache-control")), (body, "no-store"));

    assert_eq!(from(&service, "192.0.2.2", login("alice", PASSWORD)).await.status, 200, "from elsewhere");
    assert_eq!(from(&service, "192.0.2.1", login("bob", PASSWORD)).await.status, 200, "another account");
    service.clock.advance(Duration::from_secs(600));
    assert_eq!(
        from(&service, "192.0.2.1", login("alice", PASSWORD)).await.status,
        200,
        "the window has ended"
    );
}

#[tokio::test]
async fn a_success_clears_what_failed_before() {
    let service = Service::new().await;
    for _ in 0..3 {
        for _ in 0..9 {
            assert_eq!(from(&service, "192.0.2.1", login("alice", "wrong")).await.status, 400);
        }
        assert_eq!(from(&service, "192.0.2.1", login("alice", PASSWORD)).await.status, 200);
    }
}

#[tokio::test]
async fn sixty_four_guesses_at_once_are_ten() {
    let service = Service::new().await;
    let attempts = (0..64).map(|_| {
        let (router, mut request) = (service.router.clone(), login("alice", "wrong"));
        request.extensions_mut().insert(peer("192.0.2.1"));
        tokio::spawn(tower::ServiceExt::oneshot(router, request))
    });
    let mut refused = 0;
    for attempt in attempts.collect::<Vec<_>>() {
        let answer = attempt.await.expect("no panic").expect("a router never fails");
        refused += usize::from(answer.status() == 429);
    }
    assert_eq!((refused, service.users.checks.load(Ordering::SeqCst)), (54, 10));
}

#[tokio::test]
async fn what_nobody_could_judge_is_no_failure() {
    let service = Service::new().await;
    let away = &service.users.away;
    away.store(true, Ordering::SeqCst);
    for _ in 0..20 {
        assert_eq!(from(&service, "192.0.2.1", login("alice", "wrong")).await.status, 503);
    }
    away.store(false, Ordering::SeqCst);
    for _ in 0..20 {
        let malformed = json_request("/auth/login", json!({ "username": "alice" }));
        assert_eq!(from(&service, "192.0.2.1", malformed).await.error().0, "invalid_request");
    }
    assert_eq!(guesses(&service, "192.0.2.1").await, 10);
}

#[tokio::test]
async fn who_hangs_up_before_the_password_is_compared_has_not_guessed() {
    let service = Service::new().await;
    for attempt in 1..=20 {
        let mut answer = pin!(from(&service, "192.0.2.1", login("alice", "wrong")));
        while service.users.checks.load(Ordering::SeqCst) < attempt {
            assert!(poll_fn(|context| Poll::Ready(answer.as_mut().poll(context).is_pending())).await);
        }
    }
    assert_eq!(guesses(&service, "192.0.2.1").await, 10);
}

#[tokio::test]
async fn an_ipv6_client_cannot_change_its_address_within_its_64() {
    let service = Service::new().await;
    assert_eq!(guesses(&service, "2001:db8::1").await, 10);
    assert_eq!(guesses(&service, "2001:db8::2").await, 0);
    assert_eq!(guesses(&service, "2001:db8:0:1::2").await, 10);
}
