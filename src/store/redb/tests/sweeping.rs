//! A file does not grow with what has expired.

use std::time::Duration;

use redb::ReadableTableMetadata;

use super::{
    super::tables::{LIVING, REVOCATIONS, SESSIONS, SUBJECTS},
    disk::Disk,
    random, subject,
};
use crate::{
    clock::{Clock, Timestamp},
    revocation::{Grain, Revocation, RevocationStore},
    session::{SessionRecord, SessionStore},
    testing::ManualClock,
    token::SessionId,
};

#[tokio::test]
async fn what_has_expired_is_forgotten_as_new_entries_come() {
    let clock = ManualClock::new();
    let store = Disk::default().store(clock.clone()).await.unwrap();
    for number in 0..500 {
        clock.advance(Duration::from_secs(360));
        let now = Timestamp::from(clock.now());
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
