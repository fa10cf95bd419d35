//! How a set of revocations is made.

use std::fmt;

use super::{revocations::Revocations, set::Set, store::RevocationStore};
use crate::{
    clock::{Clock, SystemClock, Timestamp},
    error::StoreError,
};

/// A million entries in 45 MB: 1,400 logouts a second, where tokens live ten minutes.
const CAPACITY: usize = 1_000_000;

/// Settings of [`Revocations`], where the usual ones do not fit.
///
/// ```
/// use jwtower::revocation::Revocations;
///
/// let revocations = Revocations::builder().capacity(50_000).in_memory();
/// ```
pub struct RevocationsBuilder {
    capacity: usize,
    clock: Box<dyn Clock>,
}

impl RevocationsBuilder {
    pub(super) fn new() -> Self {
        Self { capacity: CAPACITY, clock: Box::new(SystemClock) }
    }

    /// How many entries are held at most; 1,000,000 unless told.
    ///
    /// An entry takes at most 45 bytes, so that the usual bound is 45 MB. Two of these bytes are taken for
    /// the whole capacity with the first revocation, up to 32 MiB.
    ///
    /// At the bound revoking fails with 503; nothing is forgotten before its time, since that would let a
    /// withdrawn token pass again.
    #[must_use]
    pub fn capacity(mut self, entries: usize) -> Self {
        self.capacity = entries;
        self
    }

    /// The clock that tells which entries may be forgotten; the system's unless told.
    ///
    /// It is to agree with the verifier's. An entry whose end has come stays all the same until as much time has
    /// passed as it had left when it came: a clock that is set forward by mistake revives no token.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Box::new(clock);
        self
    }

    /// An empty set of this process alone, which a restart forgets.
    #[must_use]
    pub fn in_memory(self) -> Revocations {
        Revocations::new(self.into_set(), None)
    }

    /// The set that a store holds, and writes through to it.
    ///
    /// # Errors
    ///
    /// When the store does not answer, or holds more than the capacity.
    pub async fn open(self, store: impl RevocationStore) -> Result<Revocations, StoreError> {
        let now = Timestamp::from(self.clock.now());
        let capacity = self.capacity;
        let set = self.into_set();
        let mut entries = store.load_revocations().await?;
        entries.retain(|entry| entry.until > now);
        for entry in &entries {
            set.insert(entry).map_err(|_| {
                StoreError::new("load its revocations", TooMany { held: entries.len(), capacity })
            })?;
        }
        Ok(Revocations::new(set, Some(Box::new(store))))
    }

    fn into_set(self) -> Set {
        Set::new(self.capacity, self.clock)
    }
}

/// A store holds more than there is room for.
#[derive(thiserror::Error, Debug)]
#[error("it holds {held}, and the capacity is {capacity}")]
pub(crate) struct TooMany {
    pub(crate) held: usize,
    pub(crate) capacity: usize,
}

impl fmt::Debug for RevocationsBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RevocationsBuilder").field("capacity", &self.capacity).finish_non_exhaustive()
    }
}
