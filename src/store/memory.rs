//! A store in memory.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    fmt,
    sync::{Arc, Mutex},
};

use super::rules::{self, Subject};
use crate::{
    clock::{Clock, SystemClock, Timestamp},
    error::StoreError,
    issuer::{KeyStore, SealedKeys},
    revocation::{Revocation, RevocationStore},
    session::{Generation, LISTED, Loaded, Opened, Rotation, SessionRecord, SessionStore, Version},
    token::{SessionId, SubjectTag},
};

/// How many entries of each kind a write forgets at most, so that no write has to wait for long; more than one,
/// so that they become fewer.
const SWEPT_AT_ONCE: usize = 4;

/// Sessions, revocations and sealed keys in the memory of one process; gone when it ends.
///
/// A clone is the same store. What has expired is forgotten as new entries come.
///
/// ```
/// use jwtower::{session::SessionStore, store::MemoryStore};
///
/// let store = MemoryStore::new();
/// assert!(!SessionStore::is_durable(&store));
/// ```
#[derive(Clone)]
pub struct MemoryStore {
    clock: Arc<dyn Clock>,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    /// The latest time that was told.
    now: Timestamp,
    /// In the order of their names, which begin with the subject.
    sessions: BTreeMap<SessionId, SessionRecord>,
    expiries: BTreeSet<(Timestamp, SessionId)>,
    subjects: HashMap<SubjectTag, Subject>,
    revocations: BTreeMap<Timestamp, HashSet<Revocation>>,
    /// Version and blob.
    keys: HashMap<String, (u64, Vec<u8>)>,
}

impl MemoryStore {
    /// An empty store with the system's clock.
    #[must_use]
    pub fn new() -> Self {
        Self::with_clock(SystemClock)
    }

    /// An empty store whose time is this clock's; where the clock is set back, the store's time stands still.
    #[must_use]
    pub fn with_clock(clock: impl Clock) -> Self {
        Self { clock: Arc::new(clock), state: Arc::default() }
    }

    /// Runs one operation with nothing between its parts; it gets the store's time.
    fn run<T>(
        &self,
        operation: &'static str,
        run: impl FnOnce(&mut State, Timestamp) -> T,
    ) -> Result<T, StoreError> {
        let read = Timestamp::from(self.clock.now());
        // Who panicked may have left half of a change.
        let mut state =
            self.state.lock().map_err(|_| StoreError::new(operation, "an earlier operation panicked"))?;
        let now = read.max(state.now);
        state.now = now;
        Ok(run(&mut state, now))
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore").finish_non_exhaustive()
    }
}

impl State {
    fn generation(&self, subject: SubjectTag) -> u64 {
        self.subjects.get(&subject).map_or(0, |subject| subject.generation)
    }

    /// The record, unless its time is over.
    fn session(&mut self, id: SessionId, now: Timestamp) -> Option<&mut SessionRecord> {
        self.sessions.get_mut(&id).filter(|record| !rules::is_expired(record, now))
    }

    fn insert(&mut self, record: &SessionRecord, generation: u64, now: Timestamp) -> bool {
        let id = record.id();
        let before = self.subjects.get(&id.subject()).copied().unwrap_or_default();
        if before.generation != generation || self.sessions.contains_key(&id) {
            return false;
        }
        let after = before.inserted(record.generation(), now);
        if !after.is_forgettable(now) {
            self.subjects.insert(id.subject(), after);
        }
        self.sessions.insert(id, record.clone());
        self.expiries.insert((record.expires_at(), id));
        self.sweep(now);
        true
    }

    fn swap(
        &mut self,
        id: SessionId,
        expected: Version,
        rotation: &Rotation,
        now: Timestamp,
    ) -> Option<Timestamp> {
        let record = self.session(id, now)?;
        if record.is_ended() || record.version() != expected {
            return None;
        }
        *record = record.clone().rotated(rotation, now);
        Some(now)
    }

    fn raise(&mut self, subject: SubjectTag, held: u64, now: Timestamp) -> Option<u64> {
        let before = self.subjects.get(&subject).copied().unwrap_or_default();
        let after = before.raised(held, now)?;
        self.subjects.insert(subject, after);
        Some(after.generation)
    }

    fn list(&self, subject: SubjectTag, now: Timestamp) -> Vec<SessionRecord> {
        let generation = self.generation(subject);
        let own = self.sessions.range(SessionId::first(subject)..=SessionId::last(subject));
        let alive = own.map(|(_, record)| record).filter(|record| rules::is_alive(record, generation, now));
        let mut alive: Vec<_> = alive.collect();
        alive.sort_unstable_by_key(|record| Reverse(record.last_used()));
        alive.into_iter().take(LISTED).cloned().collect()
    }

    /// Forgets a few of those that have expired.
    fn sweep(&mut self, now: Timestamp) {
        for _ in 0..SWEPT_AT_ONCE {
            let Some(&(expires, id)) = self.expiries.first().filter(|(expires, _)| *expires <= now) else {
                break;
            };
            self.expiries.remove(&(expires, id));
            self.sessions.remove(&id);
            if self.subjects.get(&id.subject()).is_some_and(|subject| subject.is_forgettable(now)) {
                self.subjects.remove(&id.subject());
            }
        }
        for _ in 0..SWEPT_AT_ONCE {
            let Some(entry) = self.revocations.first_entry().filter(|entry| *entry.key() <= now) else {
                break;
            };
            entry.remove();
        }
    }
}

impl SessionStore for MemoryStore {
    fn is_durable(&self) -> bool {
        false
    }

    async fn open_sessions(&self) -> Result<Opened, StoreError> {
        self.run("tell its time", |_, now| Opened { now, last_write: None })
    }

    async fn load_session(&self, id: SessionId) -> Result<Loaded, StoreError> {
        self.run("read a session", |state, now| Loaded {
            record: state.session(id, now).cloned(),
            generation: state.generation(id.subject()),
            now,
        })
    }

    async fn load_generation(&self, subject: SubjectTag) -> Result<Generation, StoreError> {
        self.run("read a generation", |state, now| Generation { value: state.generation(subject), now })
    }

    async fn insert_session(&self, record: &SessionRecord, generation: u64) -> Result<bool, StoreError> {
        self.run("keep a session", |state, now| state.insert(record, generation, now))
    }

    async fn swap_session(
        &self,
        id: SessionId,
        expected: Version,
        rotation: &Rotation,
    ) -> Result<Option<Timestamp>, StoreError> {
        self.run("rotate a session", |state, now| state.swap(id, expected, rotation, now))
    }

    async fn end_session(&self, id: SessionId) -> Result<(), StoreError> {
        self.run("end a session", |state, now| {
            if let Some(record) = state.session(id, now) {
                *record = record.clone().ended();
            }
        })
    }

    async fn raise_generation(&self, subject: SubjectTag, held: u64) -> Result<Generation, StoreError> {
        const OPERATION: &str = "raise a generation";
        let raised = self.run(OPERATION, |state, now| {
            state.raise(subject, held, now).map(|value| Generation { value, now })
        })?;
        raised.ok_or_else(|| StoreError::new(OPERATION, "there is no higher number"))
    }

    async fn list_sessions(&self, subject: SubjectTag) -> Result<Vec<SessionRecord>, StoreError> {
        self.run("list sessions", |state, now| state.list(subject, now))
    }
}

impl RevocationStore for MemoryStore {
    async fn append_revocation(&self, entry: &Revocation) -> Result<(), StoreError> {
        self.run("keep a revocation", |state, now| {
            state.revocations.entry(entry.until).or_default().insert(entry.clone());
            state.sweep(now);
        })
    }

    async fn load_revocations(&self) -> Result<Vec<Revocation>, StoreError> {
        self.run("read the revocations", |state, now| {
            let matter = state.revocations.iter().filter(|(until, _)| **until > now);
            matter.flat_map(|(_, entries)| entries).cloned().collect()
        })
    }
}

impl KeyStore for MemoryStore {
    fn is_durable(&self) -> bool {
        false
    }

    async fn load_keys(&self, name: &str) -> Result<SealedKeys, StoreError> {
        self.run("read keys", |state, now| {
            let (version, blob) = state.keys.get(name).cloned().unwrap_or_default();
            SealedKeys { blob, version, now }
        })
    }

    async fn swap_keys(&self, name: &str, expected: u64, blob: Vec<u8>) -> Result<bool, StoreError> {
        self.run("write keys", |state, _| {
            let version = state.keys.get(name).map_or(0, |(version, _)| *version);
            if version != expected {
                return false;
            }
            state.keys.insert(name.to_owned(), (version.saturating_add(1), blob));
            true
        })
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::atomic::{AtomicU64, Ordering},
        time::{Duration, SystemTime},
    };

    use super::*;
    use crate::revocation::Grain;

    #[tokio::test]
    async fn what_has_expired_is_forgotten_as_new_entries_come() {
        let seconds = Arc::new(AtomicU64::new(0));
        let read = seconds.clone();
        let clock = move || SystemTime::UNIX_EPOCH + Duration::from_secs(read.load(Ordering::SeqCst));
        let store = MemoryStore::with_clock(clock.clone());
        for number in 0..500_u64 {
            seconds.fetch_add(360, Ordering::SeqCst);
            let now = Timestamp::from(clock());
            let expires = now.plus(Duration::from_secs(3600));
            let [.., a, b] = number.to_be_bytes();
            let id = SessionId::new(SubjectTag::new([a, b, 0, 0, 0, 0, 0, 0, 0]), [0; 15]);
            let record = SessionRecord::specimen(id, now.as_millis(), now, expires);
            assert!(store.insert_session(&record, 0).await.unwrap());
            let grain = Grain::Token(number.to_string());
            let issuer = "https://login.example.com".to_owned();
            store.append_revocation(&Revocation { issuer, grain, until: expires }).await.unwrap();
        }
        let state = store.state.lock().unwrap();
        // Ten begin in the hour that one lasts.
        let lengths =
            (state.sessions.len(), state.expiries.len(), state.subjects.len(), state.revocations.len());
        assert_eq!(lengths, (10, 10, 10, 10));
    }
}
