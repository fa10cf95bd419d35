//! Accounts of the tests' own, stores that can be stopped, and sessions on them.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use jwtower::{
    Algorithm, Issuer, SessionId, Sessions, StoreError, SubjectTag, Timestamp,
    issuer::{KeyEncryptionKey, KeyRing, KeyStore, Schedule, SealedKeys},
    revocation::{Revocation, RevocationStore},
    session::{
        Accounts, BoxError, EventKind, Generation, Loaded, Opened, Rotation, SessionRecord, SessionStore,
        SessionsBuilder, Version,
    },
    store::{MemoryStore, RedbStore},
    testing::ManualClock,
};
use jwtower_tests::{AUDIENCE, ISSUER};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::Barrier;

/// Alice, who can be changed while the test runs; accents after her name make no difference.
#[derive(Clone)]
pub(super) struct Users(Arc<UsersState>);

pub(super) struct UsersState {
    pub(super) scope: Mutex<Option<String>>,
    pub(super) gone: AtomicBool,
    pub(super) failing: AtomicBool,
    pub(super) asked: AtomicUsize,
    pub(super) password: Mutex<String>,
    /// How long it takes to compare a password.
    pub(super) hashing: Mutex<Duration>,
    /// How long it takes to read a user's claims.
    pub(super) delay: Mutex<Duration>,
}

#[derive(Deserialize)]
pub(super) struct Password {
    username: String,
    password: String,
}

#[derive(Serialize, Deserialize)]
pub(super) struct User {
    pub(super) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) scope: Option<String>,
}

impl Users {
    pub(super) fn new() -> Self {
        Self(Arc::new(UsersState {
            scope: Mutex::new(None),
            gone: AtomicBool::new(false),
            failing: AtomicBool::new(false),
            asked: AtomicUsize::new(0),
            password: Mutex::new("correct-horse".into()),
            hashing: Mutex::default(),
            delay: Mutex::default(),
        }))
    }

    pub(super) fn with_scope(scope: &str) -> Self {
        let users = Self::new();
        users.set_scope(Some(scope));
        users
    }

    pub(super) fn set_scope(&self, scope: Option<&str>) {
        *self.0.scope.lock().unwrap() = scope.map(str::to_owned);
    }

    fn answer(&self) -> Result<(), BoxError> {
        if self.0.failing.load(SeqCst) { Err("the database of users is away".into()) } else { Ok(()) }
    }
}

impl std::ops::Deref for Users {
    type Target = UsersState;

    fn deref(&self) -> &UsersState {
        &self.0
    }
}

impl Accounts for Users {
    type Credentials = Password;
    type Claims = User;

    fn account<'a>(&self, credentials: &'a Password) -> &'a str {
        &credentials.username
    }

    async fn find(&self, credentials: &Password) -> Result<Option<String>, BoxError> {
        self.answer()?;
        let name = credentials.username.trim_end_matches('\u{301}');
        Ok((name == "alice").then(|| "u-1".to_owned()))
    }

    async fn check(&self, _: Option<&str>, credentials: &Password) -> Result<bool, BoxError> {
        self.answer()?;
        self.asked.fetch_add(1, SeqCst);
        let hashing = *self.hashing.lock().unwrap();
        tokio::time::sleep(hashing).await;
        Ok(*self.password.lock().unwrap() == credentials.password)
    }

    async fn claims(&self, _: &str) -> Result<Option<User>, BoxError> {
        self.answer()?;
        let delay = *self.delay.lock().unwrap();
        tokio::time::sleep(delay).await;
        let scope = self.scope.lock().unwrap().clone();
        Ok((!self.gone.load(SeqCst)).then(|| User { name: "Alice".into(), scope }))
    }
}

/// What a test needs of a store.
pub(super) trait Store: SessionStore + RevocationStore + KeyStore + Clone {}
impl<S: SessionStore + RevocationStore + KeyStore + Clone> Store for S {}

/// A clock, a store on it, and sessions on that; everything that happened is kept.
pub(super) struct World<S> {
    pub(super) clock: ManualClock,
    pub(super) store: Faulty<S>,
    pub(super) users: Users,
    pub(super) sessions: Sessions,
    pub(super) events: Events,
    pub(super) kek: KeyEncryptionKey,
    /// The folder of a store that has a file.
    pub(super) folder: Option<TempDir>,
}

pub(super) type Events = Arc<Mutex<Vec<EventKind>>>;

impl World<MemoryStore> {
    pub(super) async fn in_memory() -> Self {
        Self::in_memory_with(Users::new()).await
    }

    pub(super) async fn in_memory_with(users: Users) -> Self {
        let clock = ManualClock::new();
        Self::on(MemoryStore::with_clock(clock.clone()), clock, users, None).await
    }
}

impl World<RedbStore> {
    pub(super) async fn in_a_file() -> Self {
        let clock = ManualClock::new();
        let folder = TempDir::new().unwrap();
        let store =
            RedbStore::open_with_clock(folder.path().join("sessions.redb"), clock.clone()).await.unwrap();
        Self::on(store, clock, Users::new(), Some(folder)).await
    }
}

impl<S: Store> World<S> {
    async fn on(store: S, clock: ManualClock, users: Users, folder: Option<TempDir>) -> Self {
        let store = Faulty::new(store);
        let kek = KeyEncryptionKey::generate().unwrap();
        let events = Events::default();
        let sessions = build(&store, &clock, &users, &kek, &events).await;
        Self { clock, store, users, sessions, events, kek, folder }
    }

    /// The same as after a restart: only the store remembers.
    pub(super) async fn restarted(&self) -> Sessions {
        build(&self.store, &self.clock, &self.users, &self.kek, &self.events).await
    }

    /// What happened since this was last asked.
    pub(super) fn happened(&self) -> Vec<EventKind> {
        std::mem::take(&mut *self.events.lock().unwrap())
    }
}

async fn build<S: Store>(
    store: &Faulty<S>,
    clock: &ManualClock,
    users: &Users,
    kek: &KeyEncryptionKey,
    events: &Events,
) -> Sessions {
    let ring = KeyRing::open(store, Schedule::default().algorithm(Algorithm::Ed25519), kek).await.unwrap();
    builder(store, clock, users, ring, events).build().await.unwrap()
}

pub(super) fn builder<S: Store>(
    store: &Faulty<S>,
    clock: &ManualClock,
    users: &Users,
    ring: KeyRing,
    events: &Events,
) -> SessionsBuilder<Faulty<S>> {
    let issuer = Issuer::builder().keys(ring).issuer(ISSUER).audience(AUDIENCE).clock(clock.clone());
    let events = Arc::clone(events);
    Sessions::builder(issuer.build().unwrap(), store.clone(), users.clone())
        .on_event(move |event| events.lock().unwrap().push(event.kind()))
}

/// A store that fails or hangs where a test says so, and can hold requests that have read a session.
#[derive(Clone)]
pub(super) struct Faulty<S> {
    pub(super) inner: S,
    faults: Arc<Faults>,
}

#[derive(Default)]
pub(super) struct Faults {
    pub(super) all: AtomicBool,
    pub(super) swap: AtomicBool,
    pub(super) end: AtomicBool,
    pub(super) append: AtomicBool,
    /// It panics where something is to be ended.
    pub(super) panics: AtomicBool,
    /// What is never answered.
    pub(super) hanging: Mutex<&'static str>,
    pub(super) loads: AtomicUsize,
    pub(super) swaps: AtomicUsize,
    /// What somebody who can write to the store does to each record that is read.
    pub(super) tamper: Mutex<Option<fn(&mut Value)>>,
    gate: Mutex<Option<(Arc<Barrier>, usize)>>,
}

impl<S> std::ops::Deref for Faulty<S> {
    type Target = Faults;

    fn deref(&self) -> &Faults {
        &self.faults
    }
}

impl<S> Faulty<S> {
    fn new(inner: S) -> Self {
        Self { inner, faults: Arc::default() }
    }

    /// The next `count` requests that read a session go on together.
    pub(super) fn hold(&self, count: usize) {
        *self.gate.lock().unwrap() = Some((Arc::new(Barrier::new(count)), count));
    }

    async fn pass_gate(&self) {
        let barrier = {
            let mut gate = self.gate.lock().unwrap();
            match gate.take() {
                Some((barrier, left)) => {
                    *gate = (left > 1).then(|| (Arc::clone(&barrier), left - 1));
                    Some(barrier)
                }
                None => None,
            }
        };
        if let Some(barrier) = barrier {
            barrier.wait().await;
        }
    }

    async fn reach(&self, operation: &str, fault: &AtomicBool) -> Result<(), StoreError> {
        if *self.hanging.lock().unwrap() == operation {
            std::future::pending::<()>().await;
        }
        if self.all.load(SeqCst) || fault.load(SeqCst) {
            return Err(StoreError::new("answer", std::io::Error::other("it is away")));
        }
        Ok(())
    }
}

impl<S: SessionStore> SessionStore for Faulty<S> {
    fn is_durable(&self) -> bool {
        SessionStore::is_durable(&self.inner)
    }

    async fn open_sessions(&self) -> Result<Opened, StoreError> {
        self.reach("open", &self.all).await?;
        self.inner.open_sessions().await
    }

    async fn load_session(&self, id: SessionId) -> Result<Loaded, StoreError> {
        self.reach("load", &self.all).await?;
        self.loads.fetch_add(1, SeqCst);
        let mut loaded = self.inner.load_session(id).await?;
        if let (Some(record), Some(tamper)) = (&mut loaded.record, *self.tamper.lock().unwrap()) {
            let mut value = serde_json::to_value(&*record).unwrap();
            tamper(&mut value);
            *record = serde_json::from_value(value).unwrap();
        }
        self.pass_gate().await;
        Ok(loaded)
    }

    async fn load_generation(&self, subject: SubjectTag) -> Result<Generation, StoreError> {
        self.reach("generation", &self.all).await?;
        self.inner.load_generation(subject).await
    }

    async fn insert_session(&self, record: &SessionRecord, generation: u64) -> Result<bool, StoreError> {
        self.reach("insert", &self.all).await?;
        self.inner.insert_session(record, generation).await
    }

    async fn swap_session(
        &self,
        id: SessionId,
        expected: Version,
        rotation: &Rotation,
    ) -> Result<Option<Timestamp>, StoreError> {
        self.reach("swap", &self.swap).await?;
        let swapped = self.inner.swap_session(id, expected, rotation).await?;
        self.swaps.fetch_add(usize::from(swapped.is_some()), SeqCst);
        Ok(swapped)
    }

    async fn end_session(&self, id: SessionId) -> Result<(), StoreError> {
        assert!(!self.panics.load(SeqCst), "a fault of the store");
        self.reach("end", &self.end).await?;
        self.inner.end_session(id).await
    }

    async fn raise_generation(&self, subject: SubjectTag, held: u64) -> Result<Generation, StoreError> {
        assert!(!self.panics.load(SeqCst), "a fault of the store");
        self.reach("raise", &self.end).await?;
        self.inner.raise_generation(subject, held).await
    }

    async fn list_sessions(&self, subject: SubjectTag) -> Result<Vec<SessionRecord>, StoreError> {
        self.reach("list", &self.all).await?;
        self.inner.list_sessions(subject).await
    }
}

impl<S: RevocationStore> RevocationStore for Faulty<S> {
    async fn append_revocation(&self, entry: &Revocation) -> Result<(), StoreError> {
        self.reach("append", &self.append).await?;
        self.inner.append_revocation(entry).await
    }

    async fn load_revocations(&self) -> Result<Vec<Revocation>, StoreError> {
        self.reach("revocations", &self.all).await?;
        self.inner.load_revocations().await
    }
}

impl<S: KeyStore> KeyStore for Faulty<S> {
    fn is_durable(&self) -> bool {
        KeyStore::is_durable(&self.inner)
    }

    async fn load_keys(&self, name: &str) -> Result<SealedKeys, StoreError> {
        self.reach("keys", &self.all).await?;
        self.inner.load_keys(name).await
    }

    async fn swap_keys(&self, name: &str, expected: u64, blob: Vec<u8>) -> Result<bool, StoreError> {
        self.reach("keys", &self.all).await?;
        self.inner.swap_keys(name, expected, blob).await
    }
}

pub(super) const SECOND: Duration = Duration::from_secs(1);
pub(super) const DAY: Duration = Duration::from_secs(24 * 3600);

/// Sessions on a file that somebody else had open before.
pub(super) async fn reopened(
    file: &std::path::Path,
    clock: &ManualClock,
    users: &Users,
    kek: &KeyEncryptionKey,
    events: &Events,
) -> Sessions {
    let store = Faulty::new(RedbStore::open_with_clock(file, clock.clone()).await.unwrap());
    build(&store, clock, users, kek, events).await
}
