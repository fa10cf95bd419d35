//! Disks that are full, disks that fail, threads that panic.

use super::{disk::Disk, now, session, subject, told};
use crate::{
    clock::SystemClock,
    issuer::KeyStore,
    revocation::{Grain, Revocation, RevocationStore},
    session::{Rotation, SessionStore},
    store::RedbStore,
};

/// Waits until the store answers, as an application does that tries again.
async fn recovered(store: &RedbStore) {
    while store.load_generation(subject()).await.is_err() {
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_an_error_of_every_write_and_nothing_is_lost() {
    let disk = Disk::default();
    let store = disk.store(SystemClock).await.unwrap();
    let (record, late) = (session(subject(), now()), session(subject(), now()));
    assert!(store.insert_session(&record, 0).await.unwrap());

    disk.fill(true);
    let revocation = Revocation {
        issuer: "https://login.example.com".to_owned(),
        grain: Grain::Token("jti".to_owned()),
        until: now(),
    };
    let rotation = Rotation::specimen(1);
    for error in [
        store.insert_session(&late, 0).await.err(),
        store.swap_session(record.id(), record.version(), &rotation).await.err(),
        store.end_session(record.id()).await.err(),
        store.raise_generation(record.id().subject(), 0).await.err(),
        store.append_revocation(&revocation).await.err(),
        store.swap_keys("ring", 0, Vec::new()).await.err(),
    ] {
        let error = told(&error.expect("nothing can be written"));
        assert!(error.starts_with("the store could not "), "{error}");
    }

    disk.fill(false);
    recovered(&store).await;
    let found = store.load_session(record.id()).await.unwrap().record.unwrap();
    assert!(!found.is_ended() && found.version() == record.version());
    assert!(store.load_session(late.id()).await.unwrap().record.is_none());
    assert!(store.insert_session(&late, 0).await.unwrap());
    store.end_session(record.id()).await.unwrap();
    drop(store);
    let store = disk.store(SystemClock).await.unwrap();
    assert!(store.load_session(record.id()).await.unwrap().record.unwrap().is_ended());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_cannot_be_read_is_an_error_until_it_can() {
    let disk = Disk::default();
    let store = disk.store(SystemClock).await.unwrap();
    let record = session(subject(), now());
    assert!(store.insert_session(&record, 0).await.unwrap());
    disk.lose(true);
    let error = told(&store.load_session(record.id()).await.unwrap_err());
    assert!(error.starts_with("the store could not read a session: "), "{error}");
    disk.lose(false);
    recovered(&store).await;
    assert!(store.load_session(record.id()).await.unwrap().record.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_is_an_error_and_the_store_goes_on() {
    let disk = Disk::default();
    let store = disk.store(SystemClock).await.unwrap();
    let record = session(subject(), now());
    assert!(store.insert_session(&record, 0).await.unwrap());
    for _ in 0..10 {
        let error = store.threads.read::<(), _>("read", |_, _| panic!("as a bug would")).await.unwrap_err();
        assert_eq!(told(&error), "the store could not read: its thread panicked");
        let error = store.threads.write::<(), _>("write", |_, _| panic!("as a bug would")).await.unwrap_err();
        assert_eq!(told(&error), "the store could not write: its thread panicked");
        recovered(&store).await;
    }
    assert!(store.load_session(record.id()).await.unwrap().record.is_some());
    store.end_session(record.id()).await.unwrap();
}

#[tokio::test]
async fn a_panic_while_opening_is_an_error() {
    let open = || panic!("as a bug would");
    let threads = super::super::threads::Threads::start(std::sync::Arc::new(SystemClock), open).await;
    let error = threads.err().expect("there is no file");
    assert_eq!(told(&error), "the store could not start its threads: its thread panicked");
}
