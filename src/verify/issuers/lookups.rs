//! One lookup per issuer at a time, and few in all.
//!
//! A lookup is driven by whoever waits for it, for there is no runtime here that could. It goes on as long as one
//! of them is left, and is dropped with the last.

use std::{
    collections::HashMap,
    pin::Pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use futures_util::{
    FutureExt,
    future::{Shared, WeakShared},
};

use crate::{
    error::{AuthError, Code},
    keys::Waiting,
};

/// How many lookups may run at once, and how many requests wait for them.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    pub(super) lookups: usize,
    pub(super) waiters: usize,
}

/// For issuers that were found before.
pub(super) const TENANTS: Limits = Limits { lookups: 16, waiters: 256 };

/// For names that anybody may have made up: a quarter is kept for the others.
pub(super) const STRANGERS: Limits = Limits { lookups: 12, waiters: 192 };

type Lookup = Pin<Box<dyn Future<Output = Result<(), AuthError>> + Send>>;

#[derive(Default)]
pub(super) struct Lookups {
    table: Mutex<Table>,
    waiters: AtomicUsize,
}

#[derive(Default)]
struct Table {
    running: HashMap<Box<str>, Running>,
    /// How many were begun; the number of the next one.
    begun: u64,
}

struct Running {
    number: u64,
    /// Weak, so that none runs once nobody waits for it, and none is dropped while the table is locked.
    lookup: WeakShared<Lookup>,
}

impl Lookups {
    /// Waits for the lookup of this issuer; where none runs, for a new one.
    pub(super) fn join<F>(
        self: &Arc<Self>,
        issuer: &str,
        limits: Limits,
        begin: impl FnOnce(Ticket) -> F,
    ) -> Result<Waiting, AuthError>
    where
        F: Future<Output = Result<(), AuthError>> + Send + 'static,
    {
        let late = AuthError::new(Code::IssuersUnavailable);
        let seat = Seat::take(self, limits.waiters).ok_or(late)?;
        let lookup = self.lookup(issuer, limits.lookups, begin).ok_or(late)?;
        let over = async move {
            let _seat = seat;
            lookup.await
        };
        Ok(Waiting { over: Box::pin(over), late })
    }

    fn lookup<F>(
        self: &Arc<Self>,
        issuer: &str,
        limit: usize,
        begin: impl FnOnce(Ticket) -> F,
    ) -> Option<Shared<Lookup>>
    where
        F: Future<Output = Result<(), AuthError>> + Send + 'static,
    {
        let mut table = self.table();
        let running = table.running.get(issuer).and_then(|running| running.lookup.upgrade());
        if running.is_some() {
            return running;
        }
        if table.running.len() >= limit {
            return None;
        }
        let number = table.begun;
        table.begun += 1;
        let ticket = Ticket { lookups: Arc::clone(self), issuer: issuer.into(), number };
        let lookup = (Box::pin(begin(ticket)) as Lookup).shared();
        if let Some(weak) = lookup.downgrade() {
            table.running.insert(issuer.into(), Running { number, lookup: weak });
        }
        drop(table);
        Some(lookup)
    }

    /// Whatever a lookup of this issuer says that runs now, it is not to be believed.
    pub(super) fn disown(&self, issuer: &str) {
        self.table().running.remove(issuer);
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One lookup's place in the table, given back when the lookup is over or dropped.
pub(super) struct Ticket {
    lookups: Arc<Lookups>,
    issuer: Box<str>,
    number: u64,
}

impl Ticket {
    pub(super) fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Does this unless the lookup was disowned, and before it can be.
    pub(super) fn if_still_ours<T>(&self, keep: impl FnOnce() -> T) -> Option<T> {
        let table = self.lookups.table();
        let is_ours = table.running.get(&self.issuer).is_some_and(|running| running.number == self.number);
        is_ours.then(keep)
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let mut table = self.lookups.table();
        if table.running.get(&self.issuer).is_some_and(|running| running.number == self.number) {
            table.running.remove(&self.issuer);
        }
    }
}

/// One of those who wait.
struct Seat(Arc<Lookups>);

impl Seat {
    fn take(lookups: &Arc<Lookups>, limit: usize) -> Option<Self> {
        let more = |waiters| (waiters < limit).then_some(waiters + 1);
        lookups.waiters.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).ok()?;
        Some(Self(Arc::clone(lookups)))
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.0.waiters.fetch_sub(1, Ordering::Relaxed);
    }
}
