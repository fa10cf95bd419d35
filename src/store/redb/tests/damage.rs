//! Entries that are not what they should be.

use redb::Database;

use super::{
    super::tables::{REVOCATIONS, SESSIONS, SUBJECTS},
    disk::Disk,
    now, session, subject, told,
};
use crate::{
    clock::SystemClock,
    revocation::RevocationStore,
    session::{Rotation, SessionStore},
};

/// Writes into the file as nobody should.
pub(super) fn tamper(disk: &Disk, change: impl FnOnce(&redb::WriteTransaction)) {
    let database = Database::builder().create_with_backend(disk.clone()).unwrap();
    let transaction = database.begin_write().unwrap();
    change(&transaction);
    transaction.commit().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_record_is_an_error_of_each_operation_and_of_no_other_session() {
    let record = session(subject(), now());
    let mut cut = serde_json::to_vec(&record).unwrap();
    cut.pop();
    let foreign = serde_json::to_vec(&session(subject(), now())).unwrap();
    for bytes in [&b"{}"[..], b"", &cut, &foreign] {
        let disk = Disk::default();
        let store = disk.store(SystemClock).await.unwrap();
        assert!(store.insert_session(&record, 0).await.unwrap());
        drop(store);
        tamper(&disk, |file| {
            file.open_table(SESSIONS).unwrap().insert(record.id().as_bytes(), bytes).unwrap();
        });
        let store = disk.store(SystemClock).await.unwrap();
        let (id, version) = (record.id(), record.version());
        let damaged = |operation: &str| {
            format!("the store could not {operation}: the record of the session is damaged")
        };
        let error = store.load_session(id).await.unwrap_err();
        assert_eq!(told(&error), damaged("read a session"));
        let error = store.list_sessions(id.subject()).await.unwrap_err();
        assert_eq!(told(&error), damaged("list sessions"));
        // In one commit with others.
        let rotation = Rotation::specimen(1);
        let others: Vec<_> = (0..8).map(|_| session(subject(), now())).collect();
        let inserted: Vec<_> = others
            .iter()
            .cloned()
            .map(|other| {
                let store = store.clone();
                tokio::spawn(async move { store.insert_session(&other, 0).await })
            })
            .collect();
        let (ended, swapped) =
            tokio::join!(store.end_session(id), store.swap_session(id, version, &rotation));
        assert_eq!(told(&ended.unwrap_err()), damaged("end a session"));
        assert_eq!(told(&swapped.unwrap_err()), damaged("rotate a session"));
        for inserted in inserted {
            assert!(inserted.await.unwrap().unwrap());
        }
        for other in &others {
            assert!(store.load_session(other.id()).await.unwrap().record.is_some());
        }
    }
}

#[tokio::test]
async fn a_damaged_revocation_is_an_error_and_not_left_out() {
    let disk = Disk::default();
    drop(disk.store(SystemClock).await.unwrap());
    tamper(&disk, |file| {
        file.open_table(REVOCATIONS).unwrap().insert((u64::MAX, &b"{}"[..]), ()).unwrap();
    });
    let error = disk.store(SystemClock).await.unwrap().load_revocations().await.unwrap_err();
    assert_eq!(told(&error), "the store could not read the revocations: a revocation is damaged");
}

#[tokio::test]
async fn a_generation_that_has_no_successor_is_an_error() {
    let (disk, tag) = (Disk::default(), subject());
    drop(disk.store(SystemClock).await.unwrap());
    tamper(&disk, |file| {
        file.open_table(SUBJECTS).unwrap().insert(tag.as_bytes(), (u64::MAX, 0)).unwrap();
    });
    let store = disk.store(SystemClock).await.unwrap();
    let error = store.raise_generation(tag, 0).await.unwrap_err();
    assert_eq!(told(&error), "the store could not raise a generation: there is no higher number");
}
