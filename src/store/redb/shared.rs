//! What the threads of a store share: the open file and the time.

use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use redb::{Database, ReadTransaction, ReadableDatabase};

pub(super) use super::super::time::Time;
use super::fault::{Fault, Problem};
use crate::clock::Timestamp;

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

    /// What ended before this may be forgotten.
    pub(super) fn past(&self) -> Timestamp {
        self.time.past()
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
