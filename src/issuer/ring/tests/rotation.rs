use std::time::Duration;

use serde_json::Value;

use super::fixture::*;
use crate::{
    clock::{Clock, Timestamp},
    issuer::{Issuer, KeyRing, Schedule},
    keys::{Algorithm, KeySet},
};

fn published(ring: &KeyRing) -> Vec<String> {
    let set: Value = serde_json::from_str(&ring.jwks()).unwrap();
    let keys = set["keys"].as_array().unwrap().iter();
    keys.map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(start_paused = true)]
async fn a_live_verifier_follows_a_ring_through_its_life() {
    let ring = open(&TestStore::new(), &kek()).await;
    let (issuer, verifier) = (issuer(&ring), verifier(&ring));
    let sign = || issuer.sign("alice", &crate::claims::NoClaims).unwrap();
    let first = ring.current_kid();

    tokio::time::sleep(76 * DAY + HOUR).await;
    let [next, current] = &*ring.kids() else { panic!("{ring:?}") };
    assert_eq!(*current, first, "the next key is announced, and does not sign");

    tokio::time::sleep(14 * DAY - 2 * HOUR).await;
    let last = sign();
    verifier.verify(last.secret()).unwrap();
    tokio::time::sleep(2 * HOUR).await;
    assert_eq!(ring.current_kid(), *next);
    verifier.verify(sign().secret()).unwrap();
    assert_eq!(ring.kids(), [next.clone(), first.clone()]);
    assert_eq!(published(&ring).len(), 2);

    tokio::time::sleep(DAY + HOUR).await;
    assert_eq!(ring.kids(), std::slice::from_ref(next));
    assert_eq!(verifier.verify(last.secret()).unwrap_err().code(), "unknown_key");
    verifier.verify(sign().secret()).unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_token_of_the_replaced_key_is_good_to_its_end() {
    let ring = open(&TestStore::new(), &kek()).await;
    let (first, verifier) = (ring.current_kid(), verifier(&ring));
    let due = ring.rotate().await.unwrap().since(clock().now().into());
    tokio::time::sleep(due - MINUTE).await;
    let token = sign(&ring);
    tokio::time::sleep(2 * MINUTE).await;
    ring.advance().await.unwrap();
    assert_ne!(ring.current_kid(), first);
    tokio::time::sleep(7 * MINUTE).await;
    verifier.verify(token.secret()).unwrap();
    tokio::time::sleep(3 * MINUTE).await;
    assert_eq!(verifier.verify(token.secret()).unwrap_err().code(), "token_expired");
}

#[tokio::test(start_paused = true)]
async fn every_algorithm_survives_a_restart() {
    let kek = kek();
    for algorithm in Algorithm::ALL {
        let (store, schedule) = (TestStore::new(), schedule().algorithm(algorithm));
        let ring = KeyRing::open(&store, schedule, &kek).await.unwrap();
        let (kid, token) = (ring.current_kid(), sign(&ring));
        assert_eq!(kid.len(), if algorithm.is_symmetric() { 22 } else { 43 }, "{algorithm}");
        drop(ring);
        let ring = KeyRing::open(&store, schedule, &kek).await.unwrap();
        assert_eq!(ring.current_kid(), kid);
        verifier(&ring).verify(token.secret()).unwrap();
        assert_eq!(published(&ring).len(), usize::from(!algorithm.is_symmetric()));
        assert!(ring.is_durable());
    }
}

#[tokio::test(start_paused = true)]
async fn a_ring_of_secrets_rotates_and_publishes_none() {
    let store = TestStore::new();
    let ring = KeyRing::open(&store, schedule().algorithm(Algorithm::HS256), &kek()).await.unwrap();
    let (old, first, verifier) = (sign(&ring), ring.current_kid(), verifier(&ring));
    ring.rotate().await.unwrap();
    assert_eq!((ring.kids().len(), &*ring.jwks()), (2, r#"{"keys":[]}"#));
    verifier.verify(old.secret()).unwrap();
    tokio::time::sleep(3 * HOUR).await;
    assert_ne!(ring.current_kid(), first);
    verifier.verify(sign(&ring).secret()).unwrap();
    assert_eq!(ring.jwks(), r#"{"keys":[]}"#);
}

#[tokio::test(start_paused = true)]
async fn a_withdrawn_key_is_refused_at_once() {
    let ring = open(&TestStore::new(), &kek()).await;
    let (old, first, verifier) = (sign(&ring), ring.current_kid(), verifier(&ring));
    verifier.verify(old.secret()).unwrap();
    ring.withdraw(&first).await.unwrap();
    assert_eq!(verifier.verify(old.secret()).unwrap_err().code(), "unknown_key");
    verifier.verify(sign(&ring).secret()).unwrap();
    assert!(!ring.jwks().contains(&first));
    let error = ring.withdraw(&first).await.unwrap_err();
    assert!(error.to_string().contains(&ring.current_kid()), "{error}");
}

#[tokio::test(start_paused = true)]
async fn rotating_by_hand_tells_when_the_next_key_signs() {
    let store = TestStore::new();
    let ring = KeyRing::open(&store, Schedule::default(), &kek()).await.unwrap();
    let (first, now) = (ring.current_kid(), Timestamp::from(clock().now()));
    let due = ring.rotate().await.unwrap().since(now);
    // 10 min max-age, 1 h cache, 5 min poll, 1 min skew.
    assert!(due.abs_diff(76 * MINUTE) < Duration::from_secs(1), "{due:?}");
    tokio::time::sleep(75 * MINUTE).await;
    assert_eq!(ring.current_kid(), first);
    tokio::time::sleep(3 * MINUTE).await;
    assert_ne!(ring.current_kid(), first);
}

#[tokio::test(start_paused = true)]
async fn a_generated_ring_rotates_by_hand() {
    let ring = KeyRing::of_process(Schedule::default(), clock()).unwrap();
    let first = ring.current_kid();
    tokio::time::sleep(400 * DAY).await;
    assert_eq!(ring.kids(), std::slice::from_ref(&first), "nothing moves it");
    verifier(&ring).verify(sign(&ring).secret()).unwrap();
    ring.rotate().await.unwrap();
    tokio::time::sleep(2 * HOUR).await;
    ring.advance().await.unwrap();
    assert_ne!(ring.current_kid(), first);
    verifier(&ring).verify(sign(&ring).secret()).unwrap();
    assert!(!ring.is_durable());
}

#[test]
fn a_generated_ring_needs_no_runtime() {
    let ring = KeyRing::generate(Algorithm::Ed25519).unwrap();
    verifier(&ring).verify(sign(&ring).secret()).unwrap();
    assert_eq!(ring.cache_control(), "public, max-age=600");
    assert!(KeySet::from_jwks(ring.jwks()).unwrap().kids().eq([Some(&*ring.current_kid())]));
}

#[test]
fn an_issuer_has_a_key_or_a_ring_and_one_that_keeps_keys_long_enough() {
    let ring = KeyRing::generate(Algorithm::HS256).unwrap();
    let key = crate::keys::SigningKey::generate(Algorithm::HS256).unwrap();
    let builder = || Issuer::builder().issuer("me").audience("api");
    for (builder, says) in [
        (builder(), "key: none was given; call `.key(&secret)`, or `.keys(ring)`"),
        (builder().key(&key).keys(&ring), "call `.key(&secret)` or `.keys(ring)`, not both"),
        (builder().keys(&ring).lifetime(2 * DAY), "schedule: a replaced key goes after 86400s"),
    ] {
        let error = builder.build().unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
    }
    let issuer = builder().audience("jobs").keys(ring).lifetime(HOUR).build().unwrap();
    assert_eq!((issuer.issuer(), issuer.lifetime()), ("me", HOUR));
    assert_eq!(issuer.audiences(), ["api", "jobs"]);
    assert!(issuer.ring().is_some());
    assert!(builder().key(&key).build().unwrap().ring().is_none());
}
