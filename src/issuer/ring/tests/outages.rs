use std::{sync::Arc, time::Duration};

use super::fixture::*;
use crate::{claims::NoClaims, issuer::KeyRing};

#[tokio::test(start_paused = true)]
async fn without_its_store_a_node_signs_until_the_poll_and_again_afterwards() {
    let (store, kek) = (TestStore::new(), kek());
    let ring = open(&store, &kek).await;
    let issuer = issuer(&ring);
    tokio::time::sleep(10 * HOUR).await;

    store.set_broken(true);
    tokio::time::sleep(46 * MINUTE).await;
    issuer.sign("alice", &NoClaims).unwrap();
    assert_eq!(ring.cache_control(), "public, max-age=600");
    tokio::time::sleep(15 * MINUTE).await;
    assert_eq!(ring.current().err().map(|error| error.code()), Some("keys_stale"));
    assert_eq!(ring.cache_control(), "no-store");
    let error = issuer.sign("alice", &NoClaims).unwrap_err().to_string();
    assert!(error.contains("its store did not answer for too long"), "{error}");

    store.set_broken(false);
    tokio::time::sleep(13 * MINUTE).await;
    issuer.sign("alice", &NoClaims).unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_failing_store_fails_what_needs_it_and_changes_nothing() {
    let (store, kek) = (TestStore::new(), kek());
    let ring = open(&store, &kek).await;
    let kids = ring.kids();
    store.set_broken(true);
    for error in [
        ring.rotate().await.map(drop).unwrap_err(),
        ring.withdraw(&kids[0]).await.unwrap_err(),
        ring.advance().await.unwrap_err(),
        KeyRing::open(&store, schedule(), &kek).await.map(drop).unwrap_err(),
    ] {
        assert_eq!(error.to_string(), "key store: the store could not do anything: the disk is gone");
    }
    assert_eq!(ring.kids(), kids);
}

#[tokio::test(start_paused = true)]
async fn a_store_that_hangs_is_given_up() {
    #[derive(Clone)]
    struct Hangs;

    impl crate::issuer::KeyStore for Hangs {
        fn is_durable(&self) -> bool {
            true
        }

        async fn load_keys(&self, _: &str) -> Result<crate::issuer::SealedKeys, crate::error::StoreError> {
            std::future::pending().await
        }

        async fn swap_keys(&self, _: &str, _: u64, _: Vec<u8>) -> Result<bool, crate::error::StoreError> {
            std::future::pending().await
        }
    }

    let error = KeyRing::open(&Hangs, schedule(), &kek()).await.unwrap_err();
    assert_eq!(error.to_string(), "key store: it did not answer within 10s");
}

#[tokio::test(start_paused = true)]
async fn the_task_ends_with_the_last_handle() {
    let metrics = tokio::runtime::Handle::current().metrics();
    let before = metrics.num_alive_tasks();
    let ring = open(&TestStore::new(), &kek()).await;
    let clone = ring.clone();
    assert_eq!(metrics.num_alive_tasks(), before + 1);
    drop(ring);
    tokio::time::sleep(DAY + MINUTE).await;
    assert_eq!(metrics.num_alive_tasks(), before + 1);
    let weak = Arc::downgrade(&clone.0);
    drop(clone);
    tokio::time::sleep(Duration::from_millis(1)).await;
    assert_eq!(metrics.num_alive_tasks(), before);
    assert!(weak.upgrade().is_none());
}

#[test]
fn an_impossible_schedule_opens_nothing() {
    let store = TestStore::new();
    let opened =
        futures_util::FutureExt::now_or_never(KeyRing::open(&store, schedule().lifetime(DAY), &kek()));
    assert_eq!(opened.unwrap().unwrap_err().setting(), "schedule");
    assert_eq!(store.blob().0, 0);
}
