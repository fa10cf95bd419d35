//! A set with a store behind it.

use std::{
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use super::support::{ISSUER, clock, entry, entry_until, generation, session};
use crate::{
    error::StoreError,
    revocation::{Revocation, RevocationStore, Revocations},
};

/// A store in memory that may be out of order.
#[derive(Clone, Default)]
struct Shelf {
    entries: Arc<Mutex<Vec<Revocation>>>,
    broken: Arc<Mutex<bool>>,
}

impl Shelf {
    fn set_broken(&self, broken: bool) {
        *self.broken.lock().unwrap() = broken;
    }

    fn answer(&self, operation: &'static str) -> Result<(), StoreError> {
        match *self.broken.lock().unwrap() {
            true => Err(StoreError::new(operation, io::Error::other("the disk is gone"))),
            false => Ok(()),
        }
    }

    fn len(&self) -> usize {
        self.entries.lock().unwrap().len()
    }
}

impl RevocationStore for Shelf {
    async fn append_revocation(&self, entry: &Revocation) -> Result<(), StoreError> {
        self.answer("append a revocation")?;
        self.entries.lock().unwrap().push(entry.clone());
        Ok(())
    }

    async fn load_revocations(&self) -> Result<Vec<Revocation>, StoreError> {
        self.answer("load its revocations")?;
        Ok(self.entries.lock().unwrap().clone())
    }
}

#[tokio::test]
async fn what_was_revoked_is_found_by_who_opens_the_store_again() {
    let shelf = Shelf::default();
    let revocations = Revocations::open(shelf.clone()).await.unwrap();
    revocations.revoke(&entry(session("s-1"))).await.unwrap();
    revocations.revoke(&entry(generation(7))).await.unwrap();
    for revocations in [&revocations, &revocations.clone(), &Revocations::open(shelf.clone()).await.unwrap()]
    {
        assert!(revocations.holds_session(ISSUER, "s-1") && !revocations.holds_session(ISSUER, "s-2"));
        assert_eq!(revocations.held_generation(ISSUER, "alice"), 7);
    }
}

#[tokio::test]
async fn each_half_of_revoking_does_its_own() {
    let shelf = Shelf::default();
    let revocations = Revocations::open(shelf.clone()).await.unwrap();
    revocations.hold(&entry(session("held"))).unwrap();
    assert_eq!(shelf.len(), 0);
    revocations.append(&entry(session("stored"))).await.unwrap();
    assert_eq!(shelf.len(), 1);
    assert!(revocations.holds_session(ISSUER, "held") && !revocations.holds_session(ISSUER, "stored"));
    Revocations::in_memory().append(&entry(session("nowhere"))).await.unwrap();
}

#[tokio::test]
async fn a_store_that_fails_is_503_and_the_token_is_refused_here_all_the_same() {
    let shelf = Shelf::default();
    let revocations = Revocations::open(shelf.clone()).await.unwrap();
    shelf.set_broken(true);
    let error = revocations.revoke(&entry(session("s-1"))).await.unwrap_err();
    assert_eq!((error.code(), error.kind().public_code()), ("store_unavailable", "temporarily_unavailable"));
    assert!(revocations.holds_session(ISSUER, "s-1"));
    shelf.set_broken(false);
    revocations.revoke(&entry(session("s-1"))).await.unwrap();
    assert_eq!(shelf.len(), 1);
}

#[tokio::test]
async fn a_full_set_stores_nothing() {
    let shelf = Shelf::default();
    let revocations = Revocations::builder().capacity(1).open(shelf.clone()).await.unwrap();
    revocations.revoke(&entry(session("s-1"))).await.unwrap();
    let error = revocations.revoke(&entry(session("s-2"))).await.unwrap_err();
    assert_eq!((error.code(), shelf.len()), ("revocations_full", 1));
}

#[tokio::test]
async fn a_store_that_fails_or_holds_too_much_cannot_be_opened() {
    let shelf = Shelf::default();
    let revocations = Revocations::open(shelf.clone()).await.unwrap();
    for id in ["s-1", "s-2"] {
        revocations.revoke(&entry(session(id))).await.unwrap();
    }
    Revocations::builder().capacity(2).open(shelf.clone()).await.unwrap();
    let full = Revocations::builder().capacity(1).open(shelf.clone()).await.unwrap_err();
    assert_eq!(full.to_string(), "the store could not load its revocations");
    shelf.set_broken(true);
    let broken = Revocations::open(shelf).await.unwrap_err();
    assert_eq!(broken.to_string(), "the store could not load its revocations");
}

#[tokio::test]
async fn what_a_store_lists_although_it_is_over_takes_no_room() {
    let shelf = Shelf::default();
    for (id, until) in [("over", 100), ("matters", 101)] {
        shelf.append_revocation(&entry_until(session(id), until)).await.unwrap();
    }
    let clock = clock();
    clock.advance(Duration::from_secs(100));
    let revocations = Revocations::builder().capacity(1).clock(clock).open(shelf).await.unwrap();
    assert!(revocations.holds_session(ISSUER, "matters") && !revocations.holds_session(ISSUER, "over"));
}
