//! The file: who may read it, what stays in it, and what is no file of ours.

use std::{
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::SeqCst},
    },
    time::Duration,
};

use redb::{Database, TableDefinition};

use super::{
    super::{
        store::RedbStore,
        tables::{self, META},
    },
    Folder, now, session, subject, told,
};
use crate::{
    clock::{Clock, SystemClock},
    issuer::KeyStore,
    revocation::{Grain, Revocation, RevocationStore},
    session::{Rotation, SessionStore},
};

#[tokio::test]
async fn everything_is_there_after_the_file_was_closed_and_opened() {
    let folder = Folder::new();
    let tag = subject();
    let (alive, ended) = (session(tag, now()), session(tag, now()));
    let rotation = Rotation::specimen(1);
    let revocation = Revocation {
        issuer: "https://login.example.com".to_owned(),
        grain: Grain::Session(ended.id().to_string()),
        until: now().plus(Duration::from_secs(60)),
    };
    let store = RedbStore::open(folder.file()).await.unwrap();
    assert_eq!(store.open_sessions().await.unwrap().last_write, None);
    for record in [&alive, &ended] {
        assert!(store.insert_session(record, 0).await.unwrap());
    }
    let swapped = store.swap_session(alive.id(), alive.version(), &rotation).await.unwrap().unwrap();
    store.end_session(ended.id()).await.unwrap();
    store.append_revocation(&revocation).await.unwrap();
    assert!(store.swap_keys("ring", 0, b"sealed".to_vec()).await.unwrap());
    let raised = store.raise_generation(subject(), 0).await.unwrap();
    let other = subject();
    let generation = store.raise_generation(other, 0).await.unwrap();
    drop(store);

    let store = RedbStore::open(folder.file()).await.unwrap();
    let found = store.load_session(alive.id()).await.unwrap();
    assert_eq!(
        serde_json::to_string(&found.record).unwrap(),
        serde_json::to_string(&alive.rotated(&rotation, swapped)).unwrap()
    );
    assert!(store.load_session(ended.id()).await.unwrap().record.unwrap().is_ended());
    assert_eq!(store.list_sessions(tag).await.unwrap().len(), 1);
    assert_eq!(store.load_revocations().await.unwrap(), [revocation]);
    let keys = store.load_keys("ring").await.unwrap();
    assert_eq!((&*keys.blob, keys.version), (&b"sealed"[..], 1));
    assert_eq!(store.load_generation(other).await.unwrap().value, generation.value);
    assert!(store.open_sessions().await.unwrap().last_write.unwrap() >= raised.now);
}

#[cfg(unix)]
#[tokio::test]
async fn a_created_file_is_its_owners_alone_and_one_that_is_there_keeps_its_permissions() {
    use std::os::unix::fs::PermissionsExt;

    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let folder = Folder::new();
    drop(RedbStore::open(folder.file()).await.unwrap());
    assert_eq!(mode(&folder.file()), 0o600);
    fs::set_permissions(folder.file(), fs::Permissions::from_mode(0o640)).unwrap();
    drop(RedbStore::open(folder.file()).await.unwrap());
    assert_eq!(mode(&folder.file()), 0o640);
}

#[tokio::test]
async fn a_file_that_cannot_be_taken_into_use_says_why() {
    let folder = Folder::new();
    let file = |name: &str| folder.0.join(name);
    fs::write(file("text"), "not a database, and long enough to be looked at").unwrap();
    fs::write(file("short"), "x").unwrap();
    fs::create_dir(file("folder")).unwrap();
    let other: TableDefinition<'_, &str, u64> = TableDefinition::new("orders");
    for (name, format) in [("newer", Some(3)), ("foreign", None)] {
        let transaction = Database::create(file(name)).unwrap();
        let transaction = transaction.begin_write().unwrap();
        match format {
            Some(format) => {
                transaction.open_table(META).unwrap().insert(tables::FORMAT, format).unwrap();
            }
            None => drop(transaction.open_table(other).unwrap()),
        }
        transaction.commit().unwrap();
    }
    let held = RedbStore::open(file("held")).await.unwrap();
    for (name, problem) in [
        ("missing/sessions.redb", "its directory does not exist"),
        ("text", "it is no redb database"),
        ("short", "it is no redb database"),
        ("folder", "directory"),
        ("newer", "its format is 3, and this version of jwtower reads 2 only"),
        ("foreign", "it is a redb database of another application"),
        ("held", "another process, or this one, has it open"),
    ] {
        let error = told(&RedbStore::open(file(name)).await.unwrap_err());
        let start = format!("the store could not open its file: {}: ", file(name).display());
        assert!(error.starts_with(&start) && error.contains(problem), "{error}");
    }
    assert!(held.insert_session(&session(subject(), now()), 0).await.unwrap());
    let text = fs::read_to_string(file("text")).unwrap();
    assert!(text.starts_with("not a database"), "a file that is not ours was written");
}

#[tokio::test]
async fn an_empty_file_is_taken_into_use() {
    let folder = Folder::new();
    fs::write(folder.file(), "").unwrap();
    let store = RedbStore::open(folder.file()).await.unwrap();
    assert!(store.insert_session(&session(subject(), now()), 0).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_is_free_when_the_last_clone_is_gone_whatever_was_asked_before() {
    let folder = Folder::new();
    for _ in 0..20 {
        let store = RedbStore::open(folder.file()).await.unwrap();
        let (first, last) = (store.clone(), store);
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let store = first.clone();
                tokio::spawn(async move { store.insert_session(&session(subject(), now()), 0).await })
            })
            .collect();
        // Asked and given up on.
        drop(futures_util::FutureExt::now_or_never(last.load_generation(subject())));
        drop(futures_util::FutureExt::now_or_never(last.raise_generation(subject(), 0)));
        drop(first);
        for task in tasks {
            assert!(task.await.unwrap().unwrap());
        }
        drop(last);
    }
    drop(RedbStore::open(folder.file()).await.unwrap());
}

#[tokio::test]
async fn time_does_not_go_back_over_a_restart() {
    let folder = Folder::new();
    let start = SystemClock.now();
    let day = Duration::from_secs(86_400);
    let store = RedbStore::open_with_clock(folder.file(), move || start + day).await.unwrap();
    let before = store.raise_generation(subject(), 0).await.unwrap().now;
    drop(store);

    let store = RedbStore::open_with_clock(folder.file(), move || start).await.unwrap();
    let opened = store.open_sessions().await.unwrap();
    assert_eq!((opened.now, opened.last_write), (before, Some(before)));
    let record = session(subject(), before);
    assert!(store.insert_session(&record, 0).await.unwrap());
    let swapped = store.swap_session(record.id(), record.version(), &Rotation::specimen(1)).await.unwrap();
    assert_eq!(swapped, Some(before));
}

#[tokio::test]
async fn two_restarts_soon_after_each_other_count_as_one() {
    let folder = Folder::new();
    let start = SystemClock.now();
    // Opens the file at one time, and writes to it at a later one.
    let lives = async |from: u64, until: u64| {
        let seconds = Arc::new(AtomicU64::new(from));
        let clock = {
            let seconds = Arc::clone(&seconds);
            move || start + Duration::from_secs(seconds.load(SeqCst))
        };
        let store = RedbStore::open_with_clock(folder.file(), clock).await.unwrap();
        let away_since = store.open_sessions().await.unwrap().last_write;
        seconds.store(until, SeqCst);
        let wrote = store.raise_generation(subject(), 0).await.unwrap().now;
        (away_since, wrote)
    };
    let (away_since, first) = lives(0, 5).await;
    assert_eq!(away_since, None);
    assert_eq!(lives(60, 70).await.0, Some(first));
    let (away_since, last) = lives(90, 3600).await;
    assert_eq!(away_since, Some(first), "a client had ten seconds only");
    assert_eq!(lives(7200, 7300).await.0, Some(last));
}
