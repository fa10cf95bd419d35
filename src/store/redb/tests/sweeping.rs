//! A file does not grow with what has expired.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime},
};

use redb::ReadableTableMetadata;

use super::{
    super::tables::{LIVING, REVOCATIONS, SESSIONS, SUBJECTS},
    disk::Disk,
    random, subject,
};
use crate::{
    clock::Timestamp,
    revocation::{Grain, Revocation, RevocationStore},
    session::{SessionRecord, SessionStore},
    token::SessionId,
};

#[tokio::test]
async fn what_has_expired_is_forgotten_as_new_entries_come() {
    let seconds = Arc::new(AtomicU64::new(0));
    let read = seconds.clone();
    let clock = move || SystemTime::UNIX_EPOCH + Duration::from_secs(read.load(Ordering::SeqCst));
    let store = Disk::default().store(clock.clone()).await.unwrap();
    for number in 0..500 {
        seconds.fetch_add(360, Ordering::SeqCst);
        let now = Timestamp::from(clock());
        let expires = now.plus(Duration::from_secs(3600));
        let record =
            SessionRecord::specimen(SessionId::new(subject(), random()), now.as_millis(), now, expires);
        assert!(store.insert_session(&record, 0).await.unwrap());
        let grain = Grain::Token(number.to_string());
        let issuer = "https://login.example.com".to_owned();
        store.append_revocation(&Revocation { issuer, grain, until: expires }).await.unwrap();
    }
    let counted = store.threads.read("count", |committed, _| {
        let sessions = committed.open_table(SESSIONS)?.len()?;
        let living = committed.open_table(LIVING)?.len()?;
        let revocations = committed.open_table(REVOCATIONS)?.len()?;
        Ok((sessions, living, revocations, committed.open_table(SUBJECTS)?.len()?))
    });
    // Ten begin in the hour that one lasts.
    assert_eq!(counted.await.unwrap(), (10, 10, 10, 10));
}
