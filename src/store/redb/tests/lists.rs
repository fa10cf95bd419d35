//! Lists: of what is alive, bounded, and in nobody's way.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering::SeqCst},
        mpsc,
    },
    time::Duration,
};

use futures_util::{FutureExt, future::join_all};
use redb::ReadableTableMetadata;

use super::{
    super::tables::{LIVING, SESSIONS},
    damage::tamper,
    disk::Disk,
    now, random, session, subject,
};
use crate::{
    clock::{Clock, SystemClock, Timestamp},
    session::{Rotation, SessionRecord, SessionStore},
    testing::ManualClock,
    token::SessionId,
};

#[tokio::test]
async fn a_list_reads_nothing_that_has_ended() {
    let (disk, tag) = (Disk::default(), subject());
    let (ended, alive) = (session(tag, now()), session(tag, now()));
    let store = disk.store(SystemClock).await.unwrap();
    for record in [&ended, &alive] {
        assert!(store.insert_session(record, 0).await.unwrap());
    }
    store.end_session(ended.id()).await.unwrap();
    drop(store);
    tamper(&disk, |file| {
        file.open_table(SESSIONS).unwrap().insert(ended.id().as_bytes(), &b"damaged"[..]).unwrap();
    });
    let store = disk.store(SystemClock).await.unwrap();
    assert!(
        store.load_session(ended.id()).await.is_err(),
        "it is kept, so that it is known when it comes again"
    );
    let listed = store.list_sessions(tag).await.unwrap();
    assert_eq!(ids(&listed), [alive.id()]);
    let living = store.threads.read("count", |committed, _| Ok(committed.open_table(LIVING)?.len()?));
    assert_eq!(living.await.unwrap(), 1);
}

fn ids<'a>(records: impl IntoIterator<Item = &'a SessionRecord>) -> Vec<SessionId> {
    let mut ids: Vec<_> = records.into_iter().map(SessionRecord::id).collect();
    ids.sort();
    ids
}

#[tokio::test]
async fn of_many_sessions_a_list_has_the_thousand_that_were_used_last() {
    let (clock, tag) = (ManualClock::new(), subject());
    let store = Disk::default().store(clock.clone()).await.unwrap();
    let begin = Timestamp::from(clock.now());
    let records: Vec<_> = (0..1010)
        .map(|second| {
            let created = begin.plus(Duration::from_secs(second));
            let expires = begin.plus(Duration::from_secs(7200));
            SessionRecord::specimen(SessionId::new(tag, random()), 0, created, expires)
        })
        .collect();
    let inserted = join_all(records.iter().map(|record| store.insert_session(record, 0))).await;
    assert!(inserted.into_iter().all(|inserted| inserted.unwrap()));
    assert_eq!(ids(&store.list_sessions(tag).await.unwrap()), ids(&records[10..]));

    clock.advance(Duration::from_secs(3600));
    store.swap_session(records[0].id(), records[0].version(), &Rotation::specimen(1)).await.unwrap().unwrap();
    assert_eq!(
        ids(&store.list_sessions(tag).await.unwrap()),
        ids(records[11..].iter().chain([&records[0]])),
        "the first was used again"
    );
    store.end_session(records[1009].id()).await.unwrap();
    assert_eq!(
        ids(&store.list_sessions(tag).await.unwrap()),
        ids(records[10..1009].iter().chain([&records[0]])),
        "the last has ended"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_list_holds_no_load_up_and_a_list_that_nobody_waits_for_is_not_made() {
    let store = Disk::default().store(SystemClock).await.unwrap();
    let record = session(subject(), now());
    assert!(store.insert_session(&record, 0).await.unwrap());
    let (release, released) = mpsc::channel::<()>();
    let released = Arc::new(Mutex::new(released));
    // More than there are threads that read.
    let long = (0..8).map(|_| {
        let (store, released) = (store.clone(), Arc::clone(&released));
        let wait = move |_: &_, _| Ok(released.lock().unwrap().recv().is_err());
        tokio::spawn(async move { store.threads.scan("hold", wait).await.unwrap() })
    });
    let long: Vec<_> = long.collect();
    tokio::time::sleep(Duration::from_millis(50)).await;
    let made = Arc::new(AtomicUsize::new(0));
    for _ in 0..300 {
        let made = Arc::clone(&made);
        let list = store.threads.scan("list", move |_, _| Ok(made.fetch_add(1, SeqCst)));
        assert!(list.now_or_never().is_none(), "it waits for the long one");
    }
    let load = tokio::time::timeout(Duration::from_secs(5), store.load_session(record.id())).await;
    assert!(load.expect("nothing holds it up").unwrap().record.is_some());
    drop(release);
    assert!(join_all(long).await.into_iter().all(|released| released.unwrap()));
    assert_eq!(store.list_sessions(record.id().subject()).await.unwrap().len(), 1);
    assert_eq!(made.load(SeqCst), 0);
}
