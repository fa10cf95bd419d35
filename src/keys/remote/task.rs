//! Which task fetches for a set: one, and another where it was lost with its runtime.

use std::{
    sync::{
        Weak,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::time::Instant;

use super::shared::Shared;

/// How late a task may be before it is taken for lost: its runtime may be there and yet not run.
const GRACE: Duration = Duration::from_secs(5);

/// Numbers the tasks; the newest one counts. Only its reading needs no lock.
pub(super) struct Tasks {
    born: Instant,
    /// The number of the newest; 0 before the first.
    newest: AtomicU64,
    /// Milliseconds after `born` from which the newest is taken for lost: none before the first, 0 when it has ended.
    lost: AtomicU64,
}

impl Tasks {
    pub(super) fn new(born: Instant) -> Self {
        Self { born, newest: AtomicU64::new(0), lost: AtomicU64::new(u64::MAX) }
    }

    /// Whether there was a task, and it is lost.
    pub(super) fn need_another(&self, now: Instant) -> bool {
        self.millis(now) >= self.lost.load(Ordering::Acquire)
    }

    pub(super) fn any(&self) -> bool {
        self.newest.load(Ordering::Acquire) > 0
    }

    pub(super) fn is_newest(&self, number: u64) -> bool {
        self.newest.load(Ordering::Acquire) == number
    }

    /// The number of a new task, where there is none or the last is lost.
    pub(super) fn next(&self, now: Instant) -> Option<u64> {
        if self.any() && !self.need_another(now) {
            return None;
        }
        self.expect_until(now);
        Some(self.newest.fetch_add(1, Ordering::AcqRel) + 1)
    }

    /// It is expected to move on until then.
    pub(super) fn expect_until(&self, until: Instant) {
        self.lost.store(self.millis(until + GRACE), Ordering::Release);
    }

    /// It was told that there is something to do.
    pub(super) fn expect_soon(&self, now: Instant) {
        self.lost.fetch_min(self.millis(now + GRACE), Ordering::AcqRel);
    }

    /// Whether there was a task, and it has ended.
    pub(super) fn have_ended(&self) -> bool {
        self.lost.load(Ordering::Acquire) == 0
    }

    /// It has ended.
    pub(super) fn end(&self) {
        self.lost.store(0, Ordering::Release);
    }

    fn millis(&self, time: Instant) -> u64 {
        u64::try_from(time.saturating_duration_since(self.born).as_millis()).unwrap_or(u64::MAX)
    }
}

/// Tells the set when a task ends: with its runtime, perhaps before it has ever run, or by a panic in a fetch of the
/// application.
pub(super) struct End {
    pub(super) shared: Weak<Shared>,
    pub(super) number: u64,
}

impl Drop for End {
    fn drop(&mut self) {
        if let Some(shared) = self.shared.upgrade() {
            shared.ended(self.number);
        }
    }
}
