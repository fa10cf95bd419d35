//! A service is called when it said that it is ready, and a refusal keeps nothing of that.
//!
//! No runtime runs here: tokio's would make a semaphore wait now and then for the sake of fairness.

use std::{
    convert::Infallible,
    future::{Pending, Ready, pending, ready},
    pin::pin,
    task::{Context, Poll},
};

use http::{Request, Response};
use jwtower::guard::{require, role};
use jwtower_tests::Forge;
use tower::{Layer, Service, limit::ConcurrencyLimit, service_fn};

use super::{User, is_ready, layer, poll, poll_ready, request, token};

#[derive(Clone)]
struct NeverAnswers;

impl Service<Request<()>> for NeverAnswers {
    type Response = Response<String>;
    type Error = Infallible;
    type Future = Pending<Result<Response<String>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<()>) -> Self::Future {
        pending()
    }
}

#[test]
fn a_hundred_refusals_keep_no_permit_and_a_request_that_passes_does() {
    let forge = Forge::new();
    let mut service = layer::<User>(&forge).layer(ConcurrencyLimit::new(NeverAnswers, 1));
    let mut other = service.clone();
    let mut refusals = Vec::new();
    for bad in 0..100 {
        assert!(is_ready(&mut service), "before refusal {bad}");
        let answer = service.call(request(&Forge::new().sign("{}", "{}"), ()));
        assert!(is_ready(&mut other), "after refusal {bad}, which nobody polled");
        // `other` holds the one permit now; a fresh clone lets it go.
        assert!(!is_ready(&mut service.clone()));
        other = other.clone();
        refusals.push(answer);
    }
    for refusal in refusals {
        assert!(matches!(poll(pin!(refusal)), Poll::Ready(Ok(answer)) if answer.status() == 401));
    }

    assert!(is_ready(&mut service));
    let mut passed = Box::pin(service.call(request(&token(&forge), ())));
    assert!(poll(passed.as_mut()).is_pending());
    assert!(!is_ready(&mut other), "the request that passed holds the permit");
    assert!(!is_ready(&mut service));
    drop(passed);
    assert!(is_ready(&mut other), "and gives it back");
}

#[test]
fn a_guard_that_refuses_keeps_no_permit_either() {
    let forge = Forge::new();
    let guarded = require(role("admin")).layer(ConcurrencyLimit::new(NeverAnswers, 1));
    let mut service = layer::<User>(&forge).layer(guarded);
    let mut other = service.clone();
    for _ in 0..100 {
        assert!(is_ready(&mut service));
        let answer = service.call(request(&token(&forge), ()));
        assert!(matches!(poll(pin!(answer)), Poll::Ready(Ok(answer)) if answer.status() == 403));
        assert!(is_ready(&mut other));
        other = other.clone();
    }
}

/// Panics if it is called without having said that it is ready; a clone has not said so.
struct Strict {
    is_ready: bool,
}

impl Clone for Strict {
    fn clone(&self) -> Self {
        Self { is_ready: false }
    }
}

impl Service<Request<()>> for Strict {
    type Response = Response<String>;
    type Error = Infallible;
    type Future = Ready<Result<Response<String>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.is_ready = true;
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<()>) -> Self::Future {
        assert!(std::mem::take(&mut self.is_ready), "called without being ready");
        ready(Ok(Response::new("in".into())))
    }
}

#[test]
fn the_service_that_was_made_ready_is_the_one_that_is_called() {
    let forge = Forge::new();
    let token = token(&forge);
    let mut services = vec![
        layer::<User>(&forge)
            .layer(require(role("user")).layer(require(role("user")).layer(Strict { is_ready: false }))),
    ];
    for round in 0..50 {
        let mut service = services[round % services.len()].clone();
        for bad in [false, true, true, false, false, true] {
            assert!(is_ready(&mut service));
            let (token, status) = if bad { ("no.token.here", 401) } else { (&*token, 200) };
            let answer = service.call(request(token, ()));
            assert!(matches!(poll(pin!(answer)), Poll::Ready(Ok(answer)) if answer.status() == status));
            if round % 3 == 0 {
                service = service.clone();
            }
        }
        services.push(service);
    }
}

#[test]
#[should_panic(expected = "called without being ready")]
fn the_strict_service_does_notice() {
    let forge = Forge::new();
    let mut service = layer::<User>(&forge).layer(Strict { is_ready: false });
    drop(service.call(request(&token(&forge), ())));
}

#[derive(Clone, Debug, PartialEq)]
struct Broken(u8);

#[derive(Clone)]
struct Fails {
    when_asked: bool,
}

impl Service<Request<()>> for Fails {
    type Response = Response<String>;
    type Error = Broken;
    type Future = Ready<Result<Response<String>, Broken>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Broken>> {
        if self.when_asked { Poll::Ready(Err(Broken(1))) } else { Poll::Ready(Ok(())) }
    }

    fn call(&mut self, _: Request<()>) -> Self::Future {
        ready(Err(Broken(2)))
    }
}

#[test]
fn errors_of_the_inner_service_pass_as_they_are() {
    let forge = Forge::new();
    let mut service = layer::<User>(&forge).layer(require(role("user")).layer(Fails { when_asked: true }));
    assert_eq!(poll_ready(&mut service), Poll::Ready(Err(Broken(1))));

    let mut service = layer::<User>(&forge).layer(require(role("user")).layer(Fails { when_asked: false }));
    assert!(is_ready(&mut service));
    let answer = service.call(request(&token(&forge), ()));
    assert!(matches!(poll(pin!(answer)), Poll::Ready(Err(Broken(2)))));
}

#[test]
fn waiting_passes_too() {
    let forge = Forge::new();
    let limited =
        ConcurrencyLimit::new(service_fn(|_: Request<()>| pending::<Result<Response<()>, Infallible>>()), 1);
    let mut service = layer::<User>(&forge).layer(limited);
    let mut holder = service.clone();
    assert!(is_ready(&mut holder));
    assert!(poll_ready(&mut service).is_pending());
}
