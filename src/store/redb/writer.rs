//! The thread that writes: what is waiting goes into one commit.

use std::{
    iter,
    panic::{self, AssertUnwindSafe},
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError},
    },
    time::{Duration, Instant},
};

use redb::{Database, Durability};
use tokio::sync::oneshot;

use super::{
    fault::{Fault, Problem},
    shared::Shared,
    tables::Tables,
};
use crate::{clock::Timestamp, error::StoreError};

/// Writes that share a commit; more wait for the next one.
const BATCH: usize = 1024;

/// Entries of each kind that a commit forgets, beside two for each write, so that they become fewer.
const SWEPT: usize = 16;

/// How long the file stays closed after a failure, such as a full disk, before it is opened again.
#[cfg(not(test))]
const RETRY: Duration = Duration::from_secs(1);
#[cfg(test)]
const RETRY: Duration = Duration::from_millis(5);

/// One write, with its answer.
pub(super) trait Write: Send {
    /// Writes into a transaction that is not committed yet. An error gives up the transaction; what concerns
    /// this write alone is kept for its answer.
    fn apply(&mut self, tables: &mut Tables<'_>, now: Timestamp) -> Result<(), Fault>;

    /// Answers, after the commit or its failure.
    fn answer(self: Box<Self>, failure: Option<&Fault>);
}

/// A write as a function.
pub(super) struct Operation<T, F> {
    name: &'static str,
    run: Option<F>,
    outcome: Option<Result<T, Fault>>,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, F> Operation<T, F> {
    pub(super) fn new(name: &'static str, run: F, reply: oneshot::Sender<Result<T, StoreError>>) -> Self {
        Self { name, run: Some(run), outcome: None, reply }
    }
}

impl<T, F> Write for Operation<T, F>
where
    T: Send,
    F: FnOnce(&mut Tables<'_>, Timestamp) -> Result<T, Fault> + Send,
{
    fn apply(&mut self, tables: &mut Tables<'_>, now: Timestamp) -> Result<(), Fault> {
        let Some(run) = self.run.take() else { return Ok(()) };
        match run(tables, now) {
            Err(fault @ Fault::File(_)) => return Err(fault),
            outcome => self.outcome = Some(outcome),
        }
        Ok(())
    }

    fn answer(self: Box<Self>, failure: Option<&Fault>) {
        let outcome = match failure {
            None => self.outcome.unwrap_or(Err(Fault::Other(Problem::Panicked))),
            Some(fault) => Err(fault.clone()),
        };
        // Nobody may wait for it any more.
        let _ = self.reply.send(outcome.map_err(|fault| fault.of(self.name)));
    }
}

/// What the thread runs.
pub(super) struct Writer<R> {
    shared: Arc<Shared>,
    /// Opens the file again.
    reopen: R,
    /// When that is tried; none while the file is open.
    retry: Option<Instant>,
}

impl<R: FnMut() -> Result<Database, StoreError>> Writer<R> {
    pub(super) fn new(shared: Arc<Shared>, reopen: R) -> Self {
        Self { shared, reopen, retry: None }
    }

    /// Writes until nobody can ask any more.
    pub(super) fn run(mut self, writes: &Receiver<Box<dyn Write>>) {
        while let Some(first) = self.next(writes) {
            let mut batch: Vec<_> = iter::once(first).chain(writes.try_iter()).take(BATCH).collect();
            let committed = panic::catch_unwind(AssertUnwindSafe(|| commit(&self.shared, &mut batch)));
            let committed = committed.unwrap_or(Err(Fault::Other(Problem::Panicked)));
            if committed.is_err() && self.retry.is_none() {
                // After a failure redb does nothing more with a file until it is opened again.
                self.shared.replace(None);
                self.retry = Some(Instant::now() + RETRY);
            }
            for write in batch {
                write.answer(committed.as_ref().err());
            }
        }
    }

    fn next(&mut self, writes: &Receiver<Box<dyn Write>>) -> Option<Box<dyn Write>> {
        while let Some(at) = self.retry {
            let left = at.saturating_duration_since(Instant::now());
            if left.is_zero() {
                self.open_again();
                continue;
            }
            match writes.recv_timeout(left) {
                Ok(write) => return Some(write),
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
        writes.recv().ok()
    }

    fn open_again(&mut self) {
        match panic::catch_unwind(AssertUnwindSafe(|| (self.reopen)())) {
            Ok(Ok(database)) => {
                self.shared.replace(Some(database));
                self.retry = None;
            }
            _ => self.retry = Some(Instant::now() + RETRY),
        }
    }
}

/// Does all of it, or nothing. Once it returns, what was written survives a crash.
fn commit(shared: &Shared, batch: &mut [Box<dyn Write>]) -> Result<(), Fault> {
    let database = shared.database();
    let mut transaction = database.as_ref().ok_or(Problem::Closed)?.begin_write()?;
    transaction.set_durability(Durability::Immediate)?;
    let now = shared.now();
    let mut tables = Tables::open(&transaction)?;
    for write in &mut *batch {
        write.apply(&mut tables, now)?;
    }
    tables.sweep(shared.past(), SWEPT + 2 * batch.len())?;
    tables.stamp(now)?;
    drop(tables);
    Ok(transaction.commit()?)
}
