//! A client that goes away before it has its answer: the server drops the request then.

use std::{pin::pin, task::Poll};

use axum::body::Body;
use http::Request;
use serde_json::json;
use tower::ServiceExt;

use super::{
    cookies::{
        asks::{ALICE, LOGIN, post},
        browser::Browser,
    },
    fixture::{HOME, Pair, Service, json_request, peer},
};

/// Drops a request while the store holds it up, and lets the store go on.
async fn abandon(service: &Service, mut request: Request<Body>) {
    request.extensions_mut().insert(peer(HOME));
    service.store.ends.close();
    let mut answer = pin!(service.router.clone().oneshot(request));
    for _ in 0..100 {
        let poll = std::future::poll_fn(|context| Poll::Ready(answer.as_mut().poll(context))).await;
        assert!(poll.is_pending(), "the store holds it up");
        tokio::task::yield_now().await;
    }
    service.store.ends.open();
}

/// Lets what is still under way come to its end.
async fn settle() {
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
}

fn bearer(method: &str, path: &str, pair: &Pair) -> Request<Body> {
    let request = Request::builder().method(method).uri(path);
    let request = request.header("authorization", format!("Bearer {}", pair.access));
    request.body(Body::empty()).expect("it is a request")
}

#[tokio::test]
async fn a_logout_is_done_although_nobody_waits_for_it() {
    let service = Service::new().await;
    for way in ["logout", "everywhere", "delete"] {
        let pair = service.login("alice").await;
        let id = service.ask(http::Method::GET, "/auth/session", &pair.access).await.json()["session"]["id"]
            .clone();
        let path = format!("/auth/sessions/{}", id.as_str().expect("it is a name"));
        let request = match way {
            "logout" => json_request("/auth/logout", json!({ "refresh_token": pair.refresh })),
            "everywhere" => bearer("POST", "/auth/logout-everywhere", &pair),
            _ => bearer("DELETE", &path, &pair),
        };
        abandon(&service, request).await;
        settle().await;
        let subject = service.sessions.list("u-1").await.expect("the store answers");
        assert!(subject.is_empty(), "{way}");
        assert!(!service.is_alive(&pair).await, "{way}");
    }
}

#[tokio::test]
async fn a_login_that_nobody_waits_for_ends_the_session_that_it_would_replace_and_makes_none() {
    let service = Service::with_cookies().await;
    let browser = Browser::logged_in(&service).await;
    let mut elsewhere = Browser::logged_in(&service).await;
    let request = post(LOGIN).json(ALICE).request(&service, &browser).await;
    abandon(&service, request).await;
    settle().await;
    let left = service.sessions.list("u-1").await.expect("the store answers");
    let left: Vec<_> = left.iter().map(|session| session.id()).collect();
    assert_eq!(left, [elsewhere.session()]);
    assert!(!browser.is_logged_in(&service).await && elsewhere.is_logged_in(&service).await);
    assert_eq!(elsewhere.login(&service).await.status, 200);
}
