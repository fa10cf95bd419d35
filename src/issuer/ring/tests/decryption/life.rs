use std::slice;

use super::fixture::*;
use crate::{
    clock::{Clock, Timestamp},
    issuer::{DecryptionRing, Schedule},
    jwe::KeyManagement,
};

#[tokio::test(start_paused = true)]
async fn tokens_of_before_between_and_after_a_rotation_are_read() {
    let ring = open(&TestStore::new(), &kek()).await;
    let verifier = verifier(&ring);
    let (first, before) = (ring.current_kid(), encrypt(&ring));

    let due = ring.rotate().await.unwrap().since(clock().now().into());
    let between = encrypt(&ring);
    let [second, current] = &*ring.kids() else { panic!("{ring:?}") };
    assert_eq!((current, &*header(&between, "kid")), (&first, &*first), "the next key only decrypts");

    tokio::time::sleep(due + HOUR).await;
    let after = encrypt(&ring);
    assert_eq!((&ring.current_kid(), &header(&after, "kid")), (second, second));
    for token in [&before, &between, &after] {
        assert_eq!(refusal(&verifier, token), "");
    }

    tokio::time::sleep(DAY + HOUR).await;
    assert_eq!(ring.kids(), slice::from_ref(second));
    assert_eq!(refusal(&verifier, &before), "unknown_key");
    assert_eq!(refusal(&verifier, &encrypt(&ring)), "");
}

#[tokio::test(start_paused = true)]
async fn a_ring_rotates_by_its_schedule() {
    let ring = open(&TestStore::new(), &kek()).await;
    let (first, verifier) = (ring.current_kid(), verifier(&ring));
    tokio::time::sleep(76 * DAY + HOUR).await;
    let [next, current] = &*ring.kids() else { panic!("{ring:?}") };
    assert_eq!(*current, first);
    tokio::time::sleep(14 * DAY - 2 * HOUR).await;
    assert_eq!(ring.current_kid(), first);
    let last = encrypt(&ring);
    tokio::time::sleep(2 * HOUR).await;
    assert_eq!(ring.kids(), [next.clone(), first]);
    assert_eq!((refusal(&verifier, &last), refusal(&verifier, &encrypt(&ring))), ("", ""));
    tokio::time::sleep(DAY + HOUR).await;
    assert_eq!(ring.kids(), slice::from_ref(next));
}

#[tokio::test(start_paused = true)]
async fn every_algorithm_survives_a_restart() {
    let kek = kek();
    for algorithm in KeyManagement::ALL {
        let store = TestStore::new();
        let open = || DecryptionRing::open(&store, algorithm, schedule(), &kek);
        let ring = open().await.unwrap();
        let (kid, token) = (ring.current_kid(), encrypt(&ring));
        assert_eq!((header(&token, "alg"), header(&token, "kid")), (algorithm.name().into(), kid.clone()));
        assert_eq!(kid.len(), if algorithm.is_symmetric() { 22 } else { 43 }, "{algorithm}");
        drop(ring);
        let ring = open().await.unwrap();
        assert_eq!((ring.current_kid(), ring.is_durable()), (kid, true));
        assert_eq!(refusal(&verifier(&ring), &token), "", "{algorithm}");
    }
}

#[tokio::test(start_paused = true)]
async fn another_algorithm_comes_with_the_next_key() {
    let (store, kek) = (TestStore::new(), kek());
    let old = encrypt(&open(&store, &kek).await);
    let ring = DecryptionRing::open(&store, KeyManagement::A256KW, schedule(), &kek).await.unwrap();
    assert_eq!(header(&encrypt(&ring), "alg"), "ECDH-ES+A256KW");
    ring.rotate().await.unwrap();
    tokio::time::sleep(3 * HOUR).await;
    let new = encrypt(&ring);
    assert_eq!(header(&new, "alg"), "A256KW");
    assert_eq!((refusal(&verifier(&ring), &old), refusal(&verifier(&ring), &new)), ("", ""));
}

#[tokio::test(start_paused = true)]
async fn a_withdrawn_key_is_refused_at_once() {
    let ring = open(&TestStore::new(), &kek()).await;
    let (old, first, verifier) = (encrypt(&ring), ring.current_kid(), verifier(&ring));
    assert_eq!(refusal(&verifier, &old), "");
    ring.withdraw(&first).await.unwrap();
    assert_eq!(refusal(&verifier, &old), "unknown_key");
    assert_eq!(refusal(&verifier, &encrypt(&ring)), "");
    assert!(!ring.jwks().contains(&first));
    let error = ring.withdraw(&first).await.unwrap_err();
    assert!(error.to_string().contains(&ring.current_kid()), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_generated_ring_rotates_by_hand() {
    let algorithm = KeyManagement::A256KW;
    let ring = DecryptionRing::of_process(algorithm, Schedule::default(), clock()).unwrap();
    let (first, old) = (ring.current_kid(), encrypt(&ring));
    let due = ring.rotate().await.unwrap();
    assert_eq!(due.since(Timestamp::from(clock().now())), 76 * MINUTE);
    tokio::time::sleep(2 * HOUR).await;
    assert_eq!(ring.current_kid(), first, "nothing moves it");
    ring.advance().await.unwrap();
    assert_ne!(ring.current_kid(), first);
    assert_eq!(refusal(&verifier(&ring), &old), "");
    assert!(!ring.is_durable());
}

#[test]
fn a_generated_ring_needs_no_runtime() {
    let ring = DecryptionRing::generate(KeyManagement::RsaOaep256).unwrap();
    assert_eq!(refusal(&verifier(&ring), &encrypt(&ring)), "");
    assert_eq!(ring.cache_control(), "public, max-age=600");
}

#[tokio::test(start_paused = true)]
async fn as_many_keys_as_a_ring_may_hold_all_decrypt() {
    let schedule = Schedule::default().retire(30 * DAY);
    let ring = DecryptionRing::of_process(KeyManagement::Dir, schedule, clock()).unwrap();
    let (verifier, token) = (verifier(&ring), encrypt(&ring));
    for _ in 0..90 {
        ring.rotate().await.unwrap();
        tokio::time::sleep(77 * MINUTE).await;
        ring.advance().await.unwrap();
    }
    let error = ring.rotate().await.unwrap_err().to_string();
    assert!(error.contains("90 replaced keys are still kept"), "{error}");
    assert_eq!(ring.kids().len(), 91);
    assert_eq!(refusal(&verifier, &token), "token_expired", "it was read");
}
