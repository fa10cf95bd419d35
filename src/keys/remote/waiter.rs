//! Requests that wait for a set: some, and not any number.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

/// How many requests may wait for one set at a time.
const MAX_WAITERS: usize = 256;

/// One of the places for requests that wait.
pub(super) struct Waiter(Arc<AtomicUsize>);

impl Waiter {
    pub(super) fn new(waiters: &Arc<AtomicUsize>) -> Option<Self> {
        let place = Self(Arc::clone(waiters));
        // Where there was none left, dropping gives it back.
        (waiters.fetch_add(1, Ordering::AcqRel) < MAX_WAITERS).then_some(place)
    }
}

impl Drop for Waiter {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}
