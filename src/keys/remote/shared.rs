//! What all users of one remote set share.

use std::{
    fmt,
    future::ready,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicU8, AtomicU64, AtomicUsize, Ordering},
    },
    time::SystemTime,
};

use tokio::{
    runtime::Handle,
    sync::{Notify, watch},
    time::Instant,
};

use super::{
    FetchError,
    discovery::IssuerUrl,
    fetch::DynFetch,
    held::Held,
    keeper,
    known::{Known, Next},
    url::KeyUrl,
    view::Cell,
};
use crate::{
    error::{AuthError, Code},
    keys::{
        Algorithm, KeySet,
        elsewhere::{Ask, KeyStatus, Waiting},
    },
    telemetry::event,
};

/// How many requests may wait for one set at a time.
const MAX_WAITERS: usize = 256;

/// What became of the task that fetches: nobody has asked for keys yet, it runs, or its runtime has ended.
const IDLE: u8 = 0;
const RUNS: u8 = 1;
const LEFT: u8 = 2;

/// Where the keys are.
#[derive(Clone)]
pub(super) enum Place {
    Url(KeyUrl),
    Issuer(IssuerUrl),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(url) => url.fmt(f),
            Self::Issuer(issuer) => issuer.fmt(f),
        }
    }
}

pub(super) struct Shared {
    pub(super) me: Weak<Self>,
    pub(super) place: Place,
    pub(super) fetch: Arc<dyn DynFetch>,
    /// Wakes the task that fetches.
    pub(super) wake: Arc<Notify>,
    task: AtomicU8,
    known: Mutex<Known>,
    /// The cells of all users, which live as long as these.
    cells: Mutex<Vec<Weak<Cell>>>,
    /// Milliseconds after `born` from which the set is too old; 0 before there is one.
    dead: AtomicU64,
    born: Instant,
    waiters: Arc<AtomicUsize>,
    /// How many fetches have ended.
    rounds: watch::Sender<u64>,
}

impl Shared {
    pub(super) fn new(place: Place, fetch: Arc<dyn DynFetch>) -> Arc<Self> {
        let born = Instant::now();
        Arc::new_cyclic(|me| Self {
            me: Weak::clone(me),
            place,
            fetch,
            wake: Arc::default(),
            task: AtomicU8::new(IDLE),
            known: Mutex::new(Known::new(born)),
            cells: Mutex::default(),
            dead: AtomicU64::new(0),
            born,
            waiters: Arc::default(),
            rounds: watch::Sender::new(0),
        })
    }

    pub(super) fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn cells(&self) -> MutexGuard<'_, Vec<Weak<Cell>>> {
        self.cells.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a user's cell, and fills it.
    pub(super) fn add(&self, cell: &Arc<Cell>) {
        let known = self.known();
        if let Some(fetched) = &known.fetched {
            cell.swap(&fetched.keys);
        }
        let mut cells = self.cells();
        cells.retain(|cell| cell.strong_count() > 0);
        cells.push(Arc::downgrade(cell));
    }

    /// Whether the last good set is too old. No lock: every request asks.
    pub(super) fn is_dead(&self, now: Instant) -> bool {
        let age = now.saturating_duration_since(self.born).as_millis();
        age >= u128::from(self.dead.load(Ordering::Acquire))
    }

    /// What to do for a token whose key its user's cell does not have.
    pub(super) fn ask(&self, cell: &Cell, kid: Option<&str>, algorithm: Algorithm) -> Ask {
        let now = Instant::now();
        let mut known = self.known();
        let serves = known.serves(now);
        let has = |keys: &KeySet| keys.find(kid, algorithm).is_ok();
        if serves && cell.keys.load().as_deref().is_some_and(has) {
            // It came a moment ago.
            return Ask::Wait(Waiting { over: Box::pin(ready(Ok(()))), late: Code::KeyPending.into() });
        }
        if self.start().is_err() {
            event!(
                error,
                "keys have to be fetched, and no tokio runtime is there to do it",
                source = self.place
            );
            return Ask::Unavailable(Code::KeysUnavailable.into());
        }
        match known.ask(kid, algorithm, now) {
            Next::Absent => Ask::Absent,
            Next::NoKeys(wait) => Ask::Unavailable(AuthError::until(Code::KeysUnavailable, wait)),
            Next::Pending(wait) => Ask::Unavailable(AuthError::until(Code::KeyPending, wait)),
            Next::Wait => {
                self.wake.notify_one();
                let late = AuthError::new(if serves { Code::KeyPending } else { Code::KeysUnavailable });
                self.waiting(late).map_or(Ask::Unavailable(late), Ask::Wait)
            }
        }
    }

    /// The time until the next fetch has ended; nothing where too many wait already.
    fn waiting(&self, late: AuthError) -> Option<Waiting> {
        let place = Waiter::new(&self.waiters)?;
        let mut rounds = self.rounds.subscribe();
        let over = Box::pin(async move {
            // It fails where the set is gone; there is nothing left to wait for then either.
            let _ = rounds.changed().await;
            drop(place);
            Ok(())
        });
        Some(Waiting { over, late })
    }

    /// Waits for the first set, or for the end of the next attempt to get one.
    pub(super) async fn ready(&self) -> Result<(), FetchError> {
        let mut rounds = self.rounds.subscribe();
        {
            let mut known = self.known();
            if known.serves(Instant::now()) {
                return Ok(());
            }
            self.start()
                .map_err(|()| FetchError::new(&self.place, "no tokio runtime is there to fetch in"))?;
            known.fetch_soon();
            self.wake.notify_one();
        }
        let _ = rounds.changed().await;
        let known = self.known();
        match &known.error {
            Some(error) if !known.serves(Instant::now()) => Err(error.clone()),
            _ => Ok(()),
        }
    }

    /// The last good set, and what its server said of it.
    pub(super) fn held(&self) -> Option<(KeySet, Held)> {
        self.known().fetched.as_ref().map(|fetched| (fetched.keys.clone(), fetched.held.clone()))
    }

    pub(super) fn succeeded(&self, keys: KeySet, held: Held) {
        let mut known = self.known();
        for cell in self.cells().iter().filter_map(Weak::upgrade) {
            cell.swap(&keys);
        }
        let dead = known.succeeded(keys, held, Instant::now()).saturating_duration_since(self.born);
        self.dead.store(u64::try_from(dead.as_millis()).unwrap_or(u64::MAX), Ordering::Release);
        drop(known);
        self.rounds.send_modify(|rounds| *rounds += 1);
    }

    pub(super) fn failed(&self, error: FetchError) {
        self.known().failed(error, Instant::now());
        self.rounds.send_modify(|rounds| *rounds += 1);
    }

    pub(super) fn status(&self) -> KeyStatus {
        let (now, known) = (Instant::now(), self.known());
        let serving = known.fetched.as_ref().filter(|_| known.serves(now));
        let due = known.due.saturating_duration_since(now);
        KeyStatus {
            source: self.place.to_string(),
            keys: serving.map_or(0, |fetched| fetched.keys.len()),
            fetched: known.fetched.as_ref().map(|fetched| fetched.at),
            error: known.error.as_ref().map(ToString::to_string),
            next_refresh: (self.task.load(Ordering::Acquire) != IDLE).then(|| SystemTime::now() + due),
        }
    }

    /// Starts the task anew where its runtime has ended and there is another one now.
    pub(super) fn attend(&self) {
        if self.task.load(Ordering::Acquire) == LEFT {
            let _ = self.start();
        }
    }

    /// To be called where the task ends: with its runtime, or because a fetch of the application panicked.
    pub(super) fn leave(&self) {
        self.task.store(LEFT, Ordering::Release);
        if self.known().fetching {
            self.failed(FetchError::new(&self.place, "the fetch did not come to its end"));
        }
    }

    /// Starts the task unless it runs; fails where no runtime is there to run it.
    fn start(&self) -> Result<(), ()> {
        if self.task.load(Ordering::Acquire) == RUNS {
            return Ok(());
        }
        let runtime = Handle::try_current().map_err(|_| ())?;
        if self.task.swap(RUNS, Ordering::AcqRel) != RUNS {
            runtime.spawn(keeper::keep(Weak::clone(&self.me)));
        }
        Ok(())
    }
}

impl Drop for Shared {
    /// The task holds no set while it sleeps; it wakes to find that this one is gone.
    fn drop(&mut self) {
        self.wake.notify_one();
    }
}

/// One of the places for requests that wait.
struct Waiter(Arc<AtomicUsize>);

impl Waiter {
    fn new(waiters: &Arc<AtomicUsize>) -> Option<Self> {
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
