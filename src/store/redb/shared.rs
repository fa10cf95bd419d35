//! What the threads of a store share: the open file and the time.

use std::sync::{
    Arc, PoisonError, RwLock, RwLockReadGuard,
    atomic::{AtomicU64, Ordering},
};

use redb::{Database, ReadTransaction, ReadableDatabase};

use super::fault::{Fault, Problem};
use crate::clock::{Clock, Timestamp};

pub(super) struct Shared {
    /// None while the file could not be opened again after a failure, and at the end.
    database: RwLock<Option<Database>>,
    time: Time,
}

impl Shared {
    pub(super) fn new(database: Database, time: Time) -> Self {
        Self { database: RwLock::new(Some(database)), time }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.time.now()
    }

    /// The open file; whoever holds the guard keeps it from being closed.
    pub(super) fn database(&self) -> RwLockReadGuard<'_, Option<Database>> {
        self.database.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn begin_read(&self) -> Result<ReadTransaction, Fault> {
        Ok(self.database().as_ref().ok_or(Problem::Closed)?.begin_read()?)
    }

    /// Closes the file, if it is open, and puts another in its place.
    pub(super) fn replace(&self, database: Option<Database>) {
        let before =
            std::mem::replace(&mut *self.database.write().unwrap_or_else(PoisonError::into_inner), database);
        drop(before);
    }
}

/// The store's time, which stands still where its clock is set back.
pub(super) struct Time {
    clock: Arc<dyn Clock>,
    latest: AtomicU64,
}

impl Time {
    /// A time that has come as far as `latest`.
    pub(super) fn new(clock: Arc<dyn Clock>, latest: Timestamp) -> Self {
        Self { clock, latest: AtomicU64::new(latest.as_millis()) }
    }

    pub(super) fn now(&self) -> Timestamp {
        let read = Timestamp::from(self.clock.now()).as_millis();
        let before = self.latest.fetch_max(read, Ordering::SeqCst);
        Timestamp::from_millis(before.max(read))
    }
}
