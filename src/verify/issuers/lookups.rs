//! One lookup per issuer at a time, and few in all; the others wait for their turn.
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

use async_lock::{Semaphore, SemaphoreGuardArc};
use futures_util::{
    FutureExt,
    future::{Shared, WeakShared},
};

use crate::{
    error::{AuthError, Code},
    keys::Waiting,
};

/// Whose issuer is looked up. Each have lookups of their own, so that strangers use up nobody else's.
#[derive(Clone, Copy)]
pub(super) enum Who {
    /// An issuer that was found before.
    Tenant,
    /// A name that anybody may have made up.
    Stranger,
}

impl Who {
    /// How many of their lookups run at once.
    pub(super) const fn lookups(self) -> usize {
        match self {
            Self::Tenant => 4,
            Self::Stranger => 12,
        }
    }

    /// How many requests may wait, all in all, for one of theirs to join them.
    pub(super) const fn waiters(self) -> usize {
        match self {
            Self::Tenant => 256,
            Self::Stranger => 192,
        }
    }
}

type Lookup = Pin<Box<dyn Future<Output = Result<(), AuthError>> + Send>>;

pub(super) struct Lookups {
    table: Mutex<Table>,
    waiters: AtomicUsize,
    tenants: Arc<Semaphore>,
    strangers: Arc<Semaphore>,
}

impl Default for Lookups {
    fn default() -> Self {
        let turns = |who: Who| Arc::new(Semaphore::new(who.lookups()));
        Self {
            table: Mutex::default(),
            waiters: AtomicUsize::new(0),
            tenants: turns(Who::Tenant),
            strangers: turns(Who::Stranger),
        }
    }
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
        who: Who,
        begin: impl FnOnce(Ticket) -> F,
    ) -> Result<Waiting, AuthError>
    where
        F: Future<Output = Result<(), AuthError>> + Send + 'static,
    {
        let late = AuthError::new(Code::IssuersUnavailable);
        let seat = Seat::take(self, who.waiters()).ok_or(late)?;
        let lookup = self.lookup(issuer, who, begin);
        let over = async move {
            let _seat = seat;
            lookup.await
        };
        Ok(Waiting { over: Box::pin(over), late })
    }

    fn lookup<F>(self: &Arc<Self>, issuer: &str, who: Who, begin: impl FnOnce(Ticket) -> F) -> Shared<Lookup>
    where
        F: Future<Output = Result<(), AuthError>> + Send + 'static,
    {
        let mut table = self.table();
        if let Some(running) = table.running.get(issuer).and_then(|running| running.lookup.upgrade()) {
            return running;
        }
        let number = table.begun;
        table.begun += 1;
        let turns = Arc::clone(match who {
            Who::Tenant => &self.tenants,
            Who::Stranger => &self.strangers,
        });
        let ticket = Ticket { lookups: Arc::clone(self), issuer: issuer.into(), number, turns };
        let lookup = (Box::pin(begin(ticket)) as Lookup).shared();
        if let Some(weak) = lookup.downgrade() {
            table.running.insert(issuer.into(), Running { number, lookup: weak });
        }
        drop(table);
        lookup
    }

    /// Does this, and has nobody believe what a lookup of this issuer says that runs now.
    pub(super) fn disown<T>(&self, issuer: &str, forget: impl FnOnce() -> T) -> T {
        let mut table = self.table();
        table.running.remove(issuer);
        forget()
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
    turns: Arc<Semaphore>,
}

impl Ticket {
    /// Waits for its turn, which lasts as long as what is returned.
    pub(super) async fn turn(&self) -> SemaphoreGuardArc {
        let turn = self.turns.acquire_arc().await;
        // Turns that are given back at the same moment wake only one who waits; pass that on.
        drop(self.turns.try_acquire_arc());
        turn
    }

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
