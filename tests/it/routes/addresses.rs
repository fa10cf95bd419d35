//! Whose address counts, behind proxies and without.

use axum::body::Body;
use http::Request;
use jwtower::routes::TrustedProxies;
use serde_json::json;
use tracing_subscriber::filter::LevelFilter;

use super::fixture::{Service, json_request};
use crate::log::Log;

fn guess() -> Request<Body> {
    json_request("/auth/login", json!({ "username": "alice", "password": "wrong" }))
}

/// How many of 30 guesses are compared, each with another first entry in the header.
async fn guesses(service: &Service, header: &'static str, entry: impl Fn(usize) -> String) -> usize {
    let mut count = 0;
    for number in 0..30 {
        let mut request = guess();
        request.headers_mut().insert(header, entry(number).parse().expect("it is a header"));
        count += usize::from(service.send(request).await.status == 400);
    }
    count
}

#[tokio::test]
async fn a_spoofed_header_changes_nothing_unless_it_is_configured() {
    let service = Service::new().await;
    assert_eq!(guesses(&service, "x-forwarded-for", |number| format!("198.51.100.{number}")).await, 10);
    let service = Service::new().await;
    assert_eq!(guesses(&service, "forwarded", |number| format!("for=198.51.100.{number}")).await, 10);
}

#[tokio::test]
async fn behind_a_proxy_its_own_entry_counts_and_what_stands_before_it_does_not() {
    for (proxies, header, entry) in [
        (TrustedProxies::x_forwarded_for(1), "x-forwarded-for", ""),
        (TrustedProxies::forwarded(1), "forwarded", "for="),
    ] {
        let service = Service::behind(proxies).await;
        let each = |number| format!("{entry}198.51.100.{number}");
        assert_eq!(guesses(&service, header, each).await, 30, "each client has its own window");
        let spoofing = |number| format!("{entry}198.51.100.{number}, {entry}203.0.113.9");
        assert_eq!(guesses(&service, header, spoofing).await, 10);
    }
}

#[tokio::test]
async fn behind_two_proxies_the_entry_before_the_last_counts() {
    let service = Service::behind(TrustedProxies::x_forwarded_for(2)).await;
    let each = |number| format!("6.6.6.6, 198.51.100.{number}, 10.0.0.1");
    assert_eq!(guesses(&service, "x-forwarded-for", each).await, 30);
    let spoofing = |number| format!("198.51.100.{number}, 203.0.113.9, 10.0.0.{number}");
    assert_eq!(guesses(&service, "x-forwarded-for", spoofing).await, 10);
    let past_a_proxy = |number| format!("203.0.113.{number}");
    assert_eq!(guesses(&service, "x-forwarded-for", past_a_proxy).await, 10, "the peer's address counts");
}

#[tokio::test]
async fn an_unknown_address_is_a_fault_of_ours_and_the_log_says_what_to_write() {
    let (log, _guard) = Log::capture(LevelFilter::ERROR);
    let service = Service::new().await;
    let answer = service.send_as_it_is(guess()).await;
    assert_eq!((answer.status, &*answer.error().0), (500, "server_error"));
    let text = log.take();
    assert!(text.contains("into_make_service_with_connect_info::<SocketAddr>()"), "{text}");
    assert!(text.contains("trusted_proxies"), "{text}");

    let service = Service::behind(TrustedProxies::x_forwarded_for(1)).await;
    assert_eq!(service.send_as_it_is(guess()).await.status, 500);
    assert!(log.take().contains("X-Forwarded-For"));
    let mut request = guess();
    request.headers_mut().insert("x-forwarded-for", "192.0.2.1".parse().expect("it is a header"));
    assert_eq!(service.send_as_it_is(request).await.status, 400);
    assert_eq!(log.take(), "");
}
