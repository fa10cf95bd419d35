//! The threads that read.

use std::{
    panic::{self, AssertUnwindSafe},
    sync::{Mutex, PoisonError, mpsc::Receiver},
};

use super::shared::Shared;

/// One read, with its answer.
pub(super) type Read = Box<dyn FnOnce(&Shared) + Send>;

/// Reads until nobody can ask any more.
pub(super) fn run(shared: &Shared, reads: &Mutex<Receiver<Read>>) {
    loop {
        // The guard is gone when the read begins, so that another thread takes the next one.
        let next = reads.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(read) = next else { return };
        // A read that panics gives no answer, which its caller sees; the thread is there for the others.
        let _ = panic::catch_unwind(AssertUnwindSafe(|| read(shared)));
    }
}
