//! A store as someone else would write it, which can be told to do one thing wrong.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard},
    time::{Duration, Instant, SystemTime},
};

use jwtower::{
    Clock, SessionId, StoreError, SubjectTag, Timestamp,
    issuer::{KeyStore, SealedKeys},
    revocation::{Grain, Revocation, RevocationStore},
    session::{Generation, Loaded, Opened, Rotation, SessionRecord, SessionStore, Version},
    testing::ManualClock,
};
use tokio::task::yield_now;

use super::faults::Fault;

pub(super) struct Store {
    clock: ManualClock,
    fault: Option<Fault>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// The latest time that was told, and when.
    latest: Option<(Timestamp, Instant)>,
    sessions: HashMap<SessionId, SessionRecord>,
    /// Each subject's generation, and the highest of a session.
    subjects: HashMap<SubjectTag, (u64, u64)>,
    revocations: Vec<Revocation>,
    keys: HashMap<String, (u64, Vec<u8>)>,
}

impl Store {
    pub(super) fn new(clock: ManualClock, fault: Option<Fault>) -> Self {
        Self { clock, fault, state: Mutex::default() }
    }

    fn has(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Between reading and writing; a sound store has nothing between them.
    async fn pause(&self, fault: Fault) {
        if self.has(fault) {
            yield_now().await;
        }
    }

    fn now(&self) -> Timestamp {
        let system = self.has(Fault::TimeIsTheSystems);
        let read = if system { SystemTime::now() + Duration::from_secs(5) } else { self.clock.now() };
        if self.has(Fault::TimeGoesBack) {
            return read.into();
        }
        let mut state = self.state();
        let at = self.clock.instant();
        let passed = state.latest.map_or(Timestamp::default(), |(latest, before)| {
            latest.plus(if self.has(Fault::TimeStandsStill) { Duration::ZERO } else { at - before })
        });
        let now = passed.max(read.into());
        state.latest = Some((now, at));
        now
    }

    fn generation(&self, subject: SubjectTag) -> u64 {
        self.state().subjects.get(&subject).map_or(0, |(generation, _)| *generation)
    }

    fn session(&self, id: SessionId) -> Option<SessionRecord> {
        self.state().sessions.get(&id).cloned()
    }

    fn put(&self, record: SessionRecord) {
        self.state().sessions.insert(record.id(), record);
    }

    fn forget(&self) {
        let now = self.now();
        let (early, soon) = (self.has(Fault::EndedAreForgottenEarly), now.plus(Duration::from_secs(60)));
        let mut state = self.state();
        let (stay, over): (HashMap<_, _>, HashMap<_, _>) =
            std::mem::take(&mut state.sessions).into_iter().partition(|(_, record)| {
                record.expires_at() > if early && record.is_ended() { soon } else { now }
            });
        state.sessions = stay;
        for id in over.into_keys().filter(|_| self.has(Fault::RaiseIgnoresExpiredSessions)) {
            state.subjects.remove(&id.subject());
        }
    }
}

fn revived(record: &SessionRecord) -> SessionRecord {
    let text = serde_json::to_string(record).unwrap();
    serde_json::from_str(&text.replace(r#""ended":true"#, r#""ended":false"#)).unwrap()
}

impl SessionStore for Store {
    fn is_durable(&self) -> bool {
        false
    }

    async fn open_sessions(&self) -> Result<Opened, StoreError> {
        Ok(Opened { now: self.now(), last_write: None })
    }

    async fn load_session(&self, id: SessionId) -> Result<Loaded, StoreError> {
        let record = self.session(id);
        let generation = match &record {
            Some(record) if self.has(Fault::LoadTakesTheRecordsGeneration) => record.generation(),
            None if self.has(Fault::LoadTakesTheRecordsGeneration) => 0,
            _ => self.generation(id.subject()),
        };
        Ok(Loaded { record, generation, now: self.now() })
    }

    async fn load_generation(&self, subject: SubjectTag) -> Result<Generation, StoreError> {
        Ok(Generation { value: self.generation(subject), now: self.now() })
    }

    async fn insert_session(&self, record: &SessionRecord, generation: u64) -> Result<bool, StoreError> {
        self.forget();
        let (id, subject) = (record.id(), record.id().subject());
        let is_current =
            self.generation(subject) == generation || self.has(Fault::InsertIgnoresTheGeneration);
        let is_new = self.session(id).is_none() || self.has(Fault::InsertReplaces);
        self.pause(Fault::InsertIsNotAtomic).await;
        if !is_current || !is_new {
            return Ok(false);
        }
        if !self.has(Fault::InsertIsLost) {
            self.put(record.clone());
        }
        if !self.has(Fault::RaiseIgnoresSessions) {
            let mut state = self.state();
            let (_, highest) = state.subjects.entry(subject).or_default();
            *highest = record.generation().max(*highest);
        }
        Ok(true)
    }

    async fn swap_session(
        &self,
        id: SessionId,
        expected: Version,
        rotation: &Rotation,
    ) -> Result<Option<Timestamp>, StoreError> {
        let now = self.now();
        let Some(record) = self.session(id) else { return Ok(None) };
        if record.is_ended() && self.has(Fault::SwapRevivesTheEnded) {
            self.put(revived(&record));
        }
        let is_over = record.is_ended() && !self.has(Fault::SwapRotatesTheEnded);
        let is_other = record.version() != expected && !self.has(Fault::SwapIgnoresTheVersion);
        if is_over || is_other {
            return Ok(None);
        }
        self.pause(Fault::SwapIsNotAtomic).await;
        self.pause(Fault::SwapOverwritesAnEnd).await;
        let is_same = self.session(id).is_some_and(|now| now.version() == record.version());
        if self.has(Fault::SwapOverwritesAnEnd) && !is_same {
            return Ok(None);
        }
        if !self.has(Fault::SwapIsLost) {
            self.put(record.rotated(rotation, now));
        }
        let early = self.has(Fault::SwapTellsAnotherTime);
        Ok(Some(if early { Timestamp::from_millis(now.as_millis() - 1) } else { now }))
    }

    async fn end_session(&self, id: SessionId) -> Result<(), StoreError> {
        let Some(record) = self.session(id) else { return Ok(()) };
        if self.has(Fault::EndRemoves) {
            self.state().sessions.remove(&id);
            return Ok(());
        }
        let is_first = serde_json::to_string(&record).unwrap().contains(r#""counter":0"#);
        if is_first || !self.has(Fault::EndAsksForTheFirstVersion) {
            self.put(record.ended());
        }
        Ok(())
    }

    async fn raise_generation(&self, subject: SubjectTag, held: u64) -> Result<Generation, StoreError> {
        let now = self.now();
        let (stored, highest) = self.state().subjects.get(&subject).copied().unwrap_or_default();
        self.pause(Fault::RaiseIsNotAtomic).await;
        let time = if self.has(Fault::RaiseIgnoresTheTime) { 0 } else { now.as_millis() };
        let held = if self.has(Fault::RaiseIgnoresWhatIsHeld) { 0 } else { held };
        let step = u64::from(!self.has(Fault::RaiseStandsStill));
        let value = time.max(stored.max(highest).max(held) + step);
        let mut state = self.state();
        state.subjects.insert(subject, (value, highest));
        if self.has(Fault::RaiseConcernsEverybody) {
            let everybody: Vec<_> = state.sessions.keys().map(SessionId::subject).collect();
            state.subjects.extend(everybody.into_iter().map(|subject| (subject, (value, value))));
        }
        Ok(Generation { value, now })
    }

    async fn list_sessions(&self, subject: SubjectTag) -> Result<Vec<SessionRecord>, StoreError> {
        let (generation, now) = (self.generation(subject), self.now());
        let is_current = |record: &&SessionRecord| match self.fault {
            Some(Fault::ListHasEarlierGenerations) => true,
            Some(Fault::ListHasOneGeneration) => record.generation() == generation,
            _ => record.generation() >= generation,
        };
        let state = self.state();
        let records = state.sessions.values();
        let records = records
            .filter(|record| record.id().subject() == subject || self.has(Fault::ListHasEverybodys))
            .filter(|record| !record.is_ended() || self.has(Fault::ListHasTheEnded))
            .filter(|record| record.expires_at() > now || self.has(Fault::ListHasTheExpired))
            .filter(is_current);
        Ok(records.cloned().collect())
    }
}

impl RevocationStore for Store {
    async fn append_revocation(&self, entry: &Revocation) -> Result<(), StoreError> {
        let now = self.now();
        let mut entries = self.state().revocations.clone();
        self.pause(Fault::AppendIsNotAtomic).await;
        if !self.has(Fault::AppendIsNotAtomic) {
            entries = self.state().revocations.clone();
        }
        if entries.contains(entry) && self.has(Fault::AppendRefusesTheSecond) {
            return Err(StoreError::new("keep a revocation", "it is there already"));
        }
        if self.has(Fault::AppendKeepsTheLast) {
            entries.retain(|other| other.issuer != entry.issuer || other.grain != entry.grain);
        }
        let early = self.has(Fault::RevocationsAreForgottenEarly);
        let soon = if early { now.plus(Duration::from_secs(60)) } else { now };
        entries.retain(|entry| entry.until > soon);
        if !(matches!(entry.grain, Grain::Watermark { .. }) && self.has(Fault::WatermarksAreLost)) {
            entries.push(entry.clone());
        }
        self.state().revocations = entries;
        Ok(())
    }

    async fn load_revocations(&self) -> Result<Vec<Revocation>, StoreError> {
        Ok(self.state().revocations.clone())
    }
}

impl KeyStore for Store {
    fn is_durable(&self) -> bool {
        self.has(Fault::KeysAreDurable)
    }

    async fn load_keys(&self, name: &str) -> Result<SealedKeys, StoreError> {
        let name = if self.has(Fault::KeysHaveOneName) { "" } else { name };
        let (version, blob) = self.state().keys.get(name).cloned().unwrap_or_default();
        Ok(SealedKeys { blob, version, now: self.now() })
    }

    async fn swap_keys(&self, name: &str, expected: u64, mut blob: Vec<u8>) -> Result<bool, StoreError> {
        let name = if self.has(Fault::KeysHaveOneName) { "" } else { name };
        let version = self.state().keys.get(name).map_or(0, |(version, _)| *version);
        self.pause(Fault::KeySwapIsNotAtomic).await;
        if version != expected && !self.has(Fault::KeySwapIgnoresTheVersion) {
            return Ok(false);
        }
        if self.has(Fault::KeysAreCutShort) {
            blob.truncate(65_535);
        }
        let step = if self.has(Fault::KeySwapCountsByTwo) { 2 } else { 1 };
        self.state().keys.insert(name.to_owned(), (version + step, blob));
        Ok(true)
    }
}
