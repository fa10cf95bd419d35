//! What is logged where revoking fails.

use std::io;

use jwtower::{
    StoreError,
    revocation::{Grain, Revocation, RevocationStore, Revocations},
};
use tracing_subscriber::filter::LevelFilter;

use super::entry;
use crate::log::Log;

/// A store that loads and keeps nothing.
struct Broken;

impl RevocationStore for Broken {
    async fn append_revocation(&self, _: &Revocation) -> Result<(), StoreError> {
        Err(StoreError::new("append a revocation", io::Error::other("the disk is gone")))
    }

    async fn load_revocations(&self) -> Result<Vec<Revocation>, StoreError> {
        Ok(Vec::new())
    }
}

#[tokio::test]
async fn a_store_that_fails_is_an_error_event_with_its_reason_and_without_a_name() {
    let (log, _guard) = Log::capture(LevelFilter::INFO);
    let revocations = Revocations::open(Broken).await.expect("it opens");
    assert_eq!(log.take(), "");
    revocations.revoke(&entry(Grain::Session("canary".into()))).await.expect_err("the store is broken");
    let logged = log.take();
    for part in ["ERROR", "a revocation was not stored", "could not append a revocation", "the disk is gone"]
    {
        assert!(logged.contains(part), "{part}: {logged}");
    }
    assert!(!logged.contains("canary"), "{logged}");
}

#[tokio::test]
async fn a_full_set_is_an_error_event_with_its_counts() {
    let (log, _guard) = Log::capture(LevelFilter::INFO);
    let revocations = Revocations::builder().capacity(1).in_memory();
    revocations.revoke(&entry(Grain::Session("canary 1".into()))).await.expect("there is room for one");
    assert_eq!(log.take(), "");
    revocations.revoke(&entry(Grain::Session("canary 2".into()))).await.expect_err("it is full");
    let logged = log.take();
    for part in ["ERROR", "the set of revocations is full", "sessions: 1", "capacity: 1"] {
        assert!(logged.contains(part), "{part}: {logged}");
    }
    assert!(!logged.contains("canary"), "{logged}");
}
