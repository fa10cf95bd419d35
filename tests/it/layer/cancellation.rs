//! A future that is dropped half-way leaves nothing behind.

use std::{
    convert::Infallible,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::Poll,
};

use http::{Request, Response};
use jwtower::guard::{require, role};
use jwtower_tests::Forge;
use tower::{Layer, Service, limit::ConcurrencyLimit, service_fn};

use super::{User, is_ready, layer, poll, request, token};

/// Counts how many of its kind are alive.
struct Alive(Arc<AtomicUsize>);

impl Alive {
    fn new(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(count))
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[test]
fn a_request_that_is_given_up_frees_the_permit_and_drops_the_work() {
    let forge = Forge::new();
    let alive = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&alive);
    let inner = service_fn(move |_: Request<()>| {
        let work = Alive::new(&count);
        async move {
            std::future::pending::<()>().await;
            drop(work);
            Ok::<_, Infallible>(Response::new(String::new()))
        }
    });
    let mut service =
        layer::<User>(&forge).layer(require(role("user")).layer(ConcurrencyLimit::new(inner, 1)));
    for polled in [false, true].repeat(20) {
        assert!(is_ready(&mut service));
        let mut answer = Box::pin(service.call(request(&token(&forge), ())));
        if polled {
            assert!(poll(answer.as_mut()).is_pending());
        }
        assert_eq!(alive.load(Ordering::SeqCst), 1);
        drop(answer);
        assert_eq!(alive.load(Ordering::SeqCst), 0);
    }
}

#[test]
fn a_refusal_that_nobody_waits_for_changes_nothing() {
    let forge = Forge::new();
    let inner = service_fn(|_: Request<()>| async { Ok::<_, Infallible>(Response::new(String::new())) });
    let mut service = layer::<User>(&forge).layer(ConcurrencyLimit::new(inner, 1));
    for _ in 0..20 {
        assert!(is_ready(&mut service));
        drop(service.call(request("a.b.c", ())));
    }
    assert!(is_ready(&mut service));
    let answer = poll(pin!(service.call(request(&token(&forge), ()))));
    assert!(matches!(answer, Poll::Ready(Ok(answer)) if answer.status() == 200));
}
