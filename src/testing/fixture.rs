//! What the checks share: a store with its clock, things to put into it, and how a broken rule is told.

use std::{error::Error, fmt, sync::Arc, time::Duration};

use tokio::{sync::Barrier, task::JoinSet};

use super::clock::ManualClock;
use crate::{
    clock::{Clock, Timestamp},
    error::StoreError,
    session::{Loaded, SessionRecord, SessionStore},
    token::{SessionId, SubjectTag},
};

/// How long the sessions last that the checks make.
pub(super) const LIFE: Duration = Duration::from_secs(3600);

pub(super) const SECOND: Duration = Duration::from_secs(1);

pub(super) const MILLISECOND: Duration = Duration::from_millis(1);

/// How many do the same thing at once.
pub(super) const CROWD: u64 = 64;

/// A store under check.
pub(super) struct Bench<S> {
    pub(super) store: Arc<S>,
    pub(super) clock: ManualClock,
}

impl<S> Bench<S> {
    pub(super) async fn new(make: &impl AsyncFn(ManualClock) -> S) -> Self {
        let clock = ManualClock::new();
        Self { store: Arc::new(make(clock.clone()).await), clock }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now().into()
    }
}

impl<S: SessionStore> Bench<S> {
    /// A session that is not in the store yet.
    pub(super) fn record(&self, subject: SubjectTag, generation: u64) -> SessionRecord {
        let id = SessionId::new(subject, random());
        SessionRecord::specimen(id, generation, self.now(), self.now().plus(LIFE))
    }

    /// A session of its own subject that is in the store.
    pub(super) async fn kept(&self) -> SessionRecord {
        let record = self.record(subject(), 0);
        let kept = answered(self.store.insert_session(&record, 0).await);
        hold(kept, "a session of the current generation is kept", "the insert told that it was not");
        record
    }

    pub(super) async fn load(&self, id: SessionId) -> Loaded {
        answered(self.store.load_session(id).await)
    }
}

/// A subject that no other check uses.
pub(super) fn subject() -> SubjectTag {
    SubjectTag::new(random())
}

pub(super) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    match getrandom::fill(&mut bytes) {
        Ok(()) => bytes,
        Err(error) => panic!("the operating system has no random bytes: {error}"),
    }
}

/// All that a store keeps of a session, for comparing.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Text(String);

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

pub(super) fn text(record: Option<&SessionRecord>) -> Text {
    match serde_json::to_string(&record) {
        Ok(text) => Text(text),
        Err(error) => panic!("a record has no JSON: {error}"),
    }
}

/// Fails the check unless the rule holds.
#[track_caller]
pub(super) fn hold(holds: bool, rule: &str, seen: impl fmt::Display) {
    assert!(holds, "the store breaks a rule: {rule}; seen: {seen}");
}

/// Fails the check unless both are the same.
#[track_caller]
pub(super) fn same<T: PartialEq + fmt::Debug>(seen: T, expected: T, rule: &str) {
    hold(seen == expected, rule, format_args!("{seen:?} instead of {expected:?}"));
}

#[track_caller]
pub(super) fn answered<T>(answer: Result<T, StoreError>) -> T {
    match answer {
        Ok(answer) => answer,
        Err(error) => {
            let source = error.source().map_or_else(String::new, |source| format!(": {source}"));
            panic!("the store breaks a rule: it answers; seen: {error}{source}")
        }
    }
}

/// Runs tasks that begin at the same time, and gives what they return in any order.
pub(super) async fn together<F>(tasks: Vec<F>) -> Vec<F::Output>
where
    F: Future<Output: Send> + Send + 'static,
{
    let start = Arc::new(Barrier::new(tasks.len()));
    let mut running = JoinSet::new();
    for task in tasks {
        let start = start.clone();
        running.spawn(async move {
            start.wait().await;
            task.await
        });
    }
    running.join_all().await
}
