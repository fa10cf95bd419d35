//! The threads of a store, and how they are asked.

use std::{
    num::NonZero,
    sync::{
        Arc, Mutex,
        mpsc::{self, Sender},
    },
    thread::{self, JoinHandle},
};

use redb::ReadTransaction;
use tokio::sync::oneshot;

use super::{
    fault::{Fault, Problem},
    file::Opened,
    reader::{self, Read},
    shared::{Shared, Time},
    tables::{self, Tables},
    writer::{Operation, Write, Writer},
};
use crate::{
    clock::{Clock, Timestamp},
    error::StoreError,
};

/// Readers at most: what is read is mostly in memory.
const READERS: usize = 4;

const START: &str = "start its threads";

/// One writer and some readers, which end when this is dropped; the file is closed then.
pub(super) struct Threads {
    shared: Arc<Shared>,
    away_since: Option<Timestamp>,
    /// All are there until the drop.
    reads: Option<Sender<Read>>,
    scans: Option<Sender<Read>>,
    writes: Option<Sender<Box<dyn Write>>>,
    running: Vec<JoinHandle<()>>,
}

impl Threads {
    /// Opens the file on a thread of its own, because that may take long after a crash.
    pub(super) async fn start<O>(clock: Arc<dyn Clock>, open: O) -> Result<Self, StoreError>
    where
        O: FnMut() -> Result<Opened, StoreError> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let run = move || {
            let _ = reply.send(Self::start_here(clock, open));
        };
        spawn("jwtower-open", run)?;
        answer.await.unwrap_or_else(|_| Err(StoreError::new(START, Problem::Panicked)))
    }

    fn start_here<O>(clock: Arc<dyn Clock>, mut open: O) -> Result<Self, StoreError>
    where
        O: FnMut() -> Result<Opened, StoreError> + Send + 'static,
    {
        let Opened { database, last_write } = open()?;
        let time = Time::new(clock, last_write.unwrap_or_default());
        let away_since = last_write.map(|last| tables::note_absence(&database, last, time.now())).transpose();
        let away_since = away_since.map_err(|error| StoreError::new("open its file", error))?;
        let shared = Arc::new(Shared::new(database, time));
        let (reads, to_read) = mpsc::channel();
        let (scans, to_scan) = mpsc::channel();
        let (writes, to_write) = mpsc::channel();
        let mut threads = Self {
            shared: shared.clone(),
            away_since,
            reads: Some(reads),
            scans: Some(scans),
            writes: Some(writes),
            running: Vec::new(),
        };
        let writer = Writer::new(shared.clone(), move || open().map(|opened| opened.database));
        threads.running.push(spawn("jwtower-write", move || writer.run(&to_write))?);
        let to_read = Arc::new(Mutex::new(to_read));
        for _ in 0..thread::available_parallelism().map_or(1, NonZero::get).min(READERS) {
            let (shared, to_read) = (shared.clone(), to_read.clone());
            threads.running.push(spawn("jwtower-read", move || reader::run(&shared, &to_read))?);
        }
        let to_scan = Mutex::new(to_scan);
        threads.running.push(spawn("jwtower-scan", move || reader::run(&shared, &to_scan))?);
        Ok(threads)
    }

    /// The store's time, and since when it was away before it was opened.
    pub(super) fn opened(&self) -> (Timestamp, Option<Timestamp>) {
        (self.shared.now(), self.away_since)
    }

    /// Reads what is committed; the time that the function gets is later than any in it.
    pub(super) async fn read<T, F>(&self, operation: &'static str, run: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&ReadTransaction, Timestamp) -> Result<T, Fault> + Send + 'static,
    {
        self.ask(self.reads.as_ref(), operation, run).await
    }

    /// The same for what may take long, one at a time, so that no other read waits for it.
    pub(super) async fn scan<T, F>(&self, operation: &'static str, run: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&ReadTransaction, Timestamp) -> Result<T, Fault> + Send + 'static,
    {
        self.ask(self.scans.as_ref(), operation, run).await
    }

    async fn ask<T, F>(
        &self,
        queue: Option<&Sender<Read>>,
        operation: &'static str,
        run: F,
    ) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&ReadTransaction, Timestamp) -> Result<T, Fault> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let read = move |shared: &Shared| {
            // Who asked has gone, and others are waiting.
            if reply.is_closed() {
                return;
            }
            let outcome = shared.begin_read().and_then(|committed| run(&committed, shared.now()));
            let _ = reply.send(outcome);
        };
        send(queue, Box::new(read) as Read);
        match answer.await {
            Ok(Ok(found)) => Ok(found),
            Ok(Err(fault)) => {
                if matches!(fault, Fault::File(_)) {
                    self.probe();
                }
                Err(fault.of(operation))
            }
            Err(_) => Err(StoreError::new(operation, Problem::Panicked)),
        }
    }

    /// Writes, and answers once that survives a crash.
    pub(super) async fn write<T, F>(&self, operation: &'static str, run: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tables<'_>, Timestamp) -> Result<T, Fault> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        send(self.writes.as_ref(), Box::new(Operation::new(operation, run, reply)) as Box<dyn Write>);
        answer.await.unwrap_or_else(|_| Err(StoreError::new(operation, Problem::Panicked)))
    }

    /// Has the writer find out whether the file still works, which opens it again where it does not.
    fn probe(&self) {
        let (reply, _) = oneshot::channel();
        let nothing = |_: &mut Tables<'_>, _: Timestamp| Ok(());
        send(
            self.writes.as_ref(),
            Box::new(Operation::new("check its file", nothing, reply)) as Box<dyn Write>,
        );
    }
}

/// Where nobody takes it, its channel to the asker is dropped with it, which is the answer.
fn send<T>(queue: Option<&Sender<T>>, job: T) {
    let _ = queue.map(|queue| queue.send(job));
}

fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, StoreError> {
    thread::Builder::new().name(name.to_owned()).spawn(run).map_err(|error| StoreError::new(START, error))
}

impl Drop for Threads {
    fn drop(&mut self) {
        self.reads = None;
        self.scans = None;
        self.writes = None;
        for thread in self.running.drain(..) {
            // An answer may wake a task that nobody else holds, and the store goes with it.
            if thread.thread().id() != thread::current().id() {
                let _ = thread.join();
            }
        }
        self.shared.replace(None);
    }
}
