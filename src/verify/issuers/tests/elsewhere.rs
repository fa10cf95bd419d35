use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::SystemTime,
};

use arc_swap::Guard;
use futures_util::FutureExt;

use super::support::{Directory, outcome, verifier, with_keys};
use crate::{
    claims::NoClaims,
    error::{AuthError, Code},
    issuer::Issuer,
    keys::{Algorithm, Ask, Elsewhere, KeySet, KeySource, KeyStatus, Secret, Waiting},
    verify::{Issuers, Verifier},
};

/// Keys that cannot be had, and how often they were asked for.
#[derive(Default)]
struct Away {
    asked: AtomicUsize,
}

impl Elsewhere for Away {
    fn current(&self) -> Guard<Option<Arc<KeySet>>> {
        Guard::from_inner(None)
    }

    fn ask(&self, _: Option<&str>, _: Algorithm) -> Ask {
        self.asked.fetch_add(1, Ordering::Relaxed);
        Ask::Unavailable(Code::KeysUnavailable.into())
    }

    fn limited_to(&self, _: &[Algorithm]) -> Arc<dyn Elsewhere> {
        unreachable!("no verifier here lists algorithms")
    }

    fn ready(&self) -> Waiting {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let error = AuthError::from(Code::KeysUnavailable);
        Waiting { over: Box::pin(async move { Err(error) }), late: error }
    }

    fn status(&self) -> KeyStatus {
        KeyStatus {
            issuer: None,
            source: "elsewhere".into(),
            keys: 0,
            fetched: None,
            error: None,
            next_refresh: Some(SystemTime::UNIX_EPOCH),
        }
    }
}

fn away(issuer: &str) -> (Arc<Away>, Verifier<NoClaims>) {
    let keys = Arc::new(Away::default());
    (Arc::clone(&keys), with_keys(issuer, KeySource::elsewhere(keys)))
}

fn token(issuer: &str) -> String {
    let secret = Secret::generate(Algorithm::HS256).unwrap();
    let issuer = Issuer::builder().key(&secret).issuer(issuer).audience("api").build().unwrap();
    issuer.sign("alice", &serde_json::json!({})).unwrap().secret().to_owned()
}

#[test]
fn for_an_unknown_issuer_nobody_is_asked_for_keys() {
    let (keys, of_a) = away("a");
    let issuers = Issuers::new();
    issuers.trust(of_a).unwrap();
    let verifier = Verifier::from(issuers);
    let code = |issuer| verifier.verify(&token(issuer)).unwrap_err().code();
    for _ in 0..10 {
        assert_eq!((code("b"), keys.asked.load(Ordering::Relaxed)), ("unknown_issuer", 0));
    }
    assert_eq!((code("a"), keys.asked.load(Ordering::Relaxed)), ("keys_unavailable", 1));
}

#[test]
fn the_status_of_keys_and_their_coming_are_those_of_each_issuer() {
    let ((keys_of_a, of_a), (keys_of_b, of_b)) = (away("a"), away("b"));
    let directory = Directory::of([]);
    directory.put("b", of_b);
    let (issuers, _) = directory.issuers();
    issuers.trust(of_a).unwrap();
    issuers.trust(verifier("with keys here")).unwrap();
    let all = Verifier::from(issuers.clone());
    assert_eq!(all.key_status().len(), 1);
    assert_eq!(outcome(&issuers, "b"), "found");
    assert_eq!(all.key_status().len(), 2);

    assert_eq!(all.ready().now_or_never().unwrap().unwrap_err().code(), "keys_unavailable");
    assert_eq!((keys_of_a.asked.load(Ordering::Relaxed), keys_of_b.asked.load(Ordering::Relaxed)), (1, 1));
    issuers.distrust("a");
    issuers.distrust("b");
    assert_eq!((all.key_status(), all.ready().now_or_never()), (Vec::new(), Some(Ok(()))));
}
