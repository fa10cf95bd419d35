use futures_util::{FutureExt, future::join_all};

use super::support::{Directory, ask, outcome, poll, verifier, wait};
use crate::{
    claims::NoClaims,
    error::{BoxError, Code},
    keys::{Algorithm::HS256, Secret},
    verify::{Issuers, ResolveIssuer, Verifier},
};

#[test]
fn one_lookup_serves_all_who_wait_for_it() {
    let directory = Directory::of(["a", "b"]);
    let (issuers, _) = directory.issuers();
    directory.hold();
    let waiting: Vec<_> = (0..50).map(|_| wait(&issuers, "a")).collect();
    let other = wait(&issuers, "b");
    assert_eq!(directory.asked(), 2);
    directory.release();
    let all = join_all(waiting.into_iter().chain([other]).map(|waiting| waiting.over));
    assert_eq!(all.now_or_never(), Some(vec![Ok(()); 51]));
    assert_eq!((outcome(&issuers, "a"), outcome(&issuers, "b"), directory.asked()), ("found", "found", 0));
}

#[test]
fn a_lookup_goes_on_when_the_one_who_began_it_goes_away() {
    let directory = Directory::of(["a"]);
    let (issuers, _) = directory.issuers();
    directory.hold();
    let (first, mut second, third) = (wait(&issuers, "a"), wait(&issuers, "a"), wait(&issuers, "a"));
    drop(first);
    drop(third);
    assert!(poll(&mut second).is_none());
    directory.release();
    assert_eq!(poll(&mut second), Some(Ok(())));
    assert_eq!((outcome(&issuers, "a"), directory.asked()), ("found", 1));
}

#[tokio::test]
async fn whoever_is_left_is_woken() {
    let directory = Directory::of(["a"]);
    let (issuers, _) = directory.issuers();
    directory.hold();
    let [first, second] = [(); 2].map(|()| ask(&issuers, "a").unwrap_err());
    let first = tokio::spawn(first.over);
    tokio::task::yield_now().await;
    let second = tokio::spawn(second.over);
    tokio::task::yield_now().await;
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    directory.release();
    assert_eq!(second.await.unwrap(), Ok(()));
    assert_eq!((outcome(&issuers, "a"), directory.asked()), ("found", 1));
}

#[test]
fn a_lookup_that_nobody_waits_for_is_dropped_and_the_next_one_begins_anew() {
    let directory = Directory::of(["a"]);
    let (issuers, _) = directory.issuers();
    directory.hold();
    drop((wait(&issuers, "a"), wait(&issuers, "a")));
    assert_eq!(directory.asked(), 1);
    // Nor is one begun by whoever cannot wait.
    drop(ask(&issuers, "a").unwrap_err());
    assert_eq!(directory.asked(), 0);
    directory.release();
    assert_eq!((outcome(&issuers, "a"), directory.asked()), ("found", 1));
}

#[test]
fn an_issuer_that_is_distrusted_while_it_is_looked_up_is_looked_up_again() {
    let directory = Directory::of(["a"]);
    let (issuers, _) = directory.issuers();
    directory.hold();
    let mut old = wait(&issuers, "a");
    assert!(!issuers.distrust("a"));
    let mut new = wait(&issuers, "a");
    directory.release();
    assert_eq!(poll(&mut old), Some(Ok(())));
    assert!(issuers.verifiers().is_empty(), "what the first lookup found is not believed");
    assert_eq!(poll(&mut new), Some(Ok(())));
    assert_eq!((outcome(&issuers, "a"), directory.asked()), ("found", 2));
    assert!(issuers.distrust("a") && issuers.verifiers().is_empty());
}

#[test]
fn an_issuer_that_is_trusted_by_name_is_never_looked_up() {
    let directory = Directory::of(["a"]);
    let (issuers, _) = directory.issuers();
    issuers.trust(verifier("a")).unwrap();
    assert_eq!((outcome(&issuers, "a"), directory.asked()), ("found", 0));
    assert!(issuers.distrust("a"));
    assert_eq!((outcome(&issuers, "a"), directory.asked()), ("found", 1));
}

#[test]
fn a_verifier_of_another_issuer_than_was_asked_for_is_not_used() {
    let secret = Secret::generate(HS256).unwrap();
    let any = Verifier::builder().keys(&secret).dangerous().any_issuer().audience("api").build().unwrap();
    let several = Issuers::new();
    several.trust(verifier("a")).unwrap();
    for wrong in [verifier("b"), verifier("A"), verifier("a/"), any, several.into()] {
        let directory = Directory::of([]);
        let (issuers, _) = directory.issuers();
        directory.put("a", wrong);
        assert_eq!(outcome(&issuers, "a"), "issuers_unavailable");
        assert!(issuers.verifiers().is_empty());
    }
}

/// Panics before it is a future, and while it is one.
struct Panics;

impl ResolveIssuer<NoClaims> for Panics {
    #[allow(clippy::manual_async_fn, reason = "it is to panic before there is a future")]
    fn resolve(
        &self,
        issuer: &str,
    ) -> impl Future<Output = Result<Option<Verifier<NoClaims>>, BoxError>> + Send {
        assert_ne!(issuer, "first", "on purpose");
        async { panic!("on purpose") }
    }
}

#[test]
fn a_resolver_that_panics_takes_nobody_with_it() {
    let issuers = Issuers::resolved_by(Panics);
    for issuer in ["first", "then", "first"] {
        let mut waits = [(); 2].map(|()| ask(&issuers, issuer));
        for waiting in waits.iter_mut().flat_map(|outcome| outcome.as_mut().err()) {
            assert_eq!(poll(waiting), Some(Err(Code::IssuersUnavailable.into())), "{issuer}");
        }
        assert_eq!(outcome(&issuers, issuer), "issuers_unavailable");
    }
}
