//! A store in memory that can be switched off, that fails where it is told to, and that can be held up.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use jwtower::{
    SessionId, StoreError, SubjectTag,
    revocation::{Revocation, RevocationStore},
    session::{Generation, Loaded, Opened, Rotation, SessionRecord, SessionStore, Version},
    store::MemoryStore,
    testing::ManualClock,
};

#[derive(Clone)]
pub(crate) struct Store {
    inner: MemoryStore,
    pub(crate) away: Arc<AtomicBool>,
    /// How many of the next ends of sessions fail.
    pub(crate) failing_ends: Arc<AtomicUsize>,
    /// Ends of sessions wait here.
    pub(crate) ends: Gate,
    /// Rotations wait here.
    pub(crate) swaps: Gate,
}

/// Where operations wait while it is closed.
#[derive(Clone, Default)]
pub(crate) struct Gate {
    closed: Arc<AtomicBool>,
    /// How many more it stops.
    stops: Arc<AtomicUsize>,
    waiting: Arc<AtomicUsize>,
}

impl Gate {
    pub(crate) fn close(&self) {
        self.close_for(usize::MAX);
    }

    /// Stops the next few operations; those behind them pass.
    pub(crate) fn close_for(&self, count: usize) {
        self.stops.store(count, Ordering::SeqCst);
        self.closed.store(true, Ordering::SeqCst);
    }

    pub(crate) fn open(&self) {
        self.closed.store(false, Ordering::SeqCst);
    }

    /// Returns when an operation waits.
    pub(crate) async fn reached(&self) {
        while self.waiting.load(Ordering::SeqCst) == 0 {
            tokio::task::yield_now().await;
        }
    }

    async fn pass(&self) {
        if !self.closed.load(Ordering::SeqCst) || !take_one(&self.stops) {
            return;
        }
        self.waiting.fetch_add(1, Ordering::SeqCst);
        while self.closed.load(Ordering::SeqCst) {
            tokio::task::yield_now().await;
        }
        self.waiting.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Whether there was one left.
fn take_one(count: &AtomicUsize) -> bool {
    count.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |count| count.checked_sub(1)).is_ok()
}

impl Store {
    pub(crate) fn new(clock: ManualClock) -> Self {
        Self {
            inner: MemoryStore::with_clock(clock),
            away: Arc::default(),
            failing_ends: Arc::default(),
            ends: Gate::default(),
            swaps: Gate::default(),
        }
    }

    fn here(&self) -> Result<&MemoryStore, StoreError> {
        if self.away.load(Ordering::SeqCst) {
            Err(StoreError::new("answer", "it is away"))
        } else {
            Ok(&self.inner)
        }
    }
}

impl SessionStore for Store {
    fn is_durable(&self) -> bool {
        false
    }

    async fn open_sessions(&self) -> Result<Opened, StoreError> {
        self.here()?.open_sessions().await
    }

    async fn load_session(&self, id: SessionId) -> Result<Loaded, StoreError> {
        self.here()?.load_session(id).await
    }

    async fn load_generation(&self, subject: SubjectTag) -> Result<Generation, StoreError> {
        self.here()?.load_generation(subject).await
    }

    async fn insert_session(&self, record: &SessionRecord, generation: u64) -> Result<bool, StoreError> {
        self.here()?.insert_session(record, generation).await
    }

    async fn swap_session(
        &self,
        id: SessionId,
        expected: Version,
        rotation: &Rotation,
    ) -> Result<Option<jwtower::Timestamp>, StoreError> {
        self.swaps.pass().await;
        self.here()?.swap_session(id, expected, rotation).await
    }

    async fn end_session(&self, id: SessionId) -> Result<(), StoreError> {
        self.ends.pass().await;
        if take_one(&self.failing_ends) {
            return Err(StoreError::new("end a session", "it is told to fail"));
        }
        self.here()?.end_session(id).await
    }

    async fn raise_generation(&self, subject: SubjectTag, held: u64) -> Result<Generation, StoreError> {
        self.ends.pass().await;
        self.here()?.raise_generation(subject, held).await
    }

    async fn list_sessions(&self, subject: SubjectTag) -> Result<Vec<SessionRecord>, StoreError> {
        self.here()?.list_sessions(subject).await
    }
}

impl RevocationStore for Store {
    async fn append_revocation(&self, entry: &Revocation) -> Result<(), StoreError> {
        self.here()?.append_revocation(entry).await
    }

    async fn load_revocations(&self) -> Result<Vec<Revocation>, StoreError> {
        self.here()?.load_revocations().await
    }
}
