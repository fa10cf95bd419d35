//! What all users of one remote set share.

use std::{
    future::ready,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::{Duration, SystemTime},
};

use tokio::{
    runtime::Handle,
    sync::{Notify, watch},
    time::{Instant, timeout},
};

use super::{
    FetchError,
    fetch::DynFetch,
    held::Held,
    keeper,
    known::{Known, Next},
    place::Place,
    task::{End, Tasks},
    view::Cell,
    waiter::Waiter,
};
use crate::{
    error::{AuthError, Code},
    keys::{
        Algorithm, KeySet,
        elsewhere::{Ask, KeyStatus, Waiting},
    },
    telemetry::event,
};

/// The longest attempt to get a set: its discovery and the keys.
pub(super) const FETCH: Duration = Duration::from_secs(5);

/// How many such times whoever waits for the first set waits at most: longer than the longest pause after a failure.
const PATIENCE: u32 = 12;

pub(super) struct Shared {
    pub(super) me: Weak<Self>,
    pub(super) place: Place,
    pub(super) fetch: Arc<dyn DynFetch>,
    /// Wakes the task that fetches.
    pub(super) wake: Arc<Notify>,
    pub(super) tasks: Tasks,
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
            tasks: Tasks::new(born),
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

    /// Does what falls to those who read the set, where its task does not: starts another task, and takes the set away
    /// when it is too old.
    pub(super) fn look_at(&self, now: Instant) {
        if self.tasks.need_another(now)
            && let Ok(runtime) = Handle::try_current()
        {
            self.start(&runtime, now);
        }
        // The lock is taken only once the time is up, and then there is nothing to read.
        let age = now.saturating_duration_since(self.born).as_millis();
        if age >= u128::from(self.dead.load(Ordering::Acquire)) {
            self.bury(&self.known(), now);
        }
    }

    fn bury(&self, known: &Known, now: Instant) {
        if !known.serves(now) {
            self.cells().iter().filter_map(Weak::upgrade).for_each(|cell| cell.clear());
        }
    }

    /// What to do for a token whose key its user's cell does not have.
    pub(super) fn ask(&self, cell: &Cell, kid: Option<&str>, algorithm: Algorithm) -> Ask {
        let Ok(runtime) = Handle::try_current() else {
            event!(
                error,
                "keys have to be fetched, and no tokio runtime is there to do it",
                source = self.place
            );
            return Ask::Unavailable(Code::KeysUnavailable.into());
        };
        let now = Instant::now();
        let ask = self.decide(cell, kid, algorithm, now);
        self.start(&runtime, now);
        ask
    }

    fn decide(&self, cell: &Cell, kid: Option<&str>, algorithm: Algorithm, now: Instant) -> Ask {
        let mut known = self.known();
        let serves = known.serves(now);
        if serves && cell.keys.load().as_deref().is_some_and(|keys| keys.find(kid, algorithm).is_ok()) {
            // It came a moment ago.
            return Ask::Wait(Waiting { over: Box::pin(ready(Ok(()))), late: Code::KeyPending.into() });
        }
        let was_fetching = known.fetching;
        match known.ask(kid, algorithm, now) {
            Next::Absent => Ask::Absent,
            Next::NoKeys(wait) => Ask::Unavailable(AuthError::until(Code::KeysUnavailable, wait)),
            Next::Pending(wait) => Ask::Unavailable(AuthError::until(Code::KeyPending, wait)),
            Next::Wait => {
                if !was_fetching {
                    self.tell_task(now);
                }
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
        let runtime = Handle::try_current()
            .map_err(|_| FetchError::new(&self.place, "no tokio runtime is there to fetch in"))?;
        let mut rounds = self.rounds.subscribe();
        {
            let (now, mut known) = (Instant::now(), self.known());
            if known.serves(now) {
                return Ok(());
            }
            known.fetch_soon();
            self.tell_task(now);
        }
        for _ in 0..PATIENCE {
            self.start(&runtime, Instant::now());
            if timeout(FETCH, rounds.changed()).await.is_err() {
                // Perhaps the task stands still; if so, it is replaced.
                continue;
            }
            let known = self.known();
            match &known.error {
                _ if known.serves(Instant::now()) => return Ok(()),
                Some(error) => return Err(error.clone()),
                // The fetch was cut off with its runtime, and another task makes up for it.
                None => {}
            }
        }
        Err(FetchError::new(&self.place, "there was no end to the fetch"))
    }

    /// What a task is to do.
    pub(super) fn plan(&self, number: u64, now: Instant) -> Plan {
        let mut known = self.known();
        if !self.tasks.is_newest(number) {
            return Plan::End;
        }
        self.bury(&known, now);
        match known.plan(now) {
            None => {
                self.tasks.expect_until(now + FETCH);
                let held = known.fetched.as_ref();
                Plan::Fetch(held.map(|fetched| Box::new((fetched.keys.clone(), fetched.held.clone()))))
            }
            Some(until) => {
                self.tasks.expect_until(until);
                Plan::Sleep(until)
            }
        }
    }

    /// Takes over what a task has fetched, or why it could not.
    pub(super) fn settle(&self, number: u64, outcome: Result<(KeySet, Held), FetchError>) {
        let (now, mut known) = (Instant::now(), self.known());
        if !self.tasks.is_newest(number) {
            return;
        }
        match outcome {
            Ok((keys, held)) => {
                self.cells().iter().filter_map(Weak::upgrade).for_each(|cell| cell.swap(&keys));
                let dead = known.succeeded(keys, held, now).saturating_duration_since(self.born);
                self.dead.store(u64::try_from(dead.as_millis()).unwrap_or(u64::MAX), Ordering::Release);
            }
            Err(error) => known.failed(error, now),
        }
        drop(known);
        self.rounds.send_modify(|rounds| *rounds += 1);
    }

    /// A task has ended. What it was fetching is fetched by the next one; not at once where it was a fetch of the
    /// application that panicked.
    pub(super) fn ended(&self, number: u64) {
        let mut known = self.known();
        if !self.tasks.is_newest(number) {
            return;
        }
        self.tasks.end();
        if std::thread::panicking() {
            known.failed(FetchError::new(&self.place, "the fetch ended with a panic"), Instant::now());
        } else {
            known.cut_off();
        }
        drop(known);
        self.rounds.send_modify(|rounds| *rounds += 1);
    }

    /// What is known of the set; the keys are counted as one user has them, or all of them.
    pub(super) fn status(&self, user: Option<&Cell>) -> KeyStatus {
        let (now, known) = (Instant::now(), self.known());
        let keys = match user {
            Some(cell) => cell.keys.load().as_deref().map_or(0, KeySet::len),
            None => known.fetched.as_ref().map_or(0, |fetched| fetched.keys.len()),
        };
        let due = known.due.saturating_duration_since(now);
        KeyStatus {
            issuer: self.place.issuer(),
            source: self.place.to_string(),
            keys: if known.serves(now) { keys } else { 0 },
            fetched: known.fetched.as_ref().map(|fetched| fetched.at),
            error: known.error.as_ref().map(ToString::to_string),
            next_refresh: self.tasks.any().then(|| SystemTime::now() + due),
        }
    }

    /// Tells the task that there is something to do. To be called under the lock, so that it is told before it plans.
    fn tell_task(&self, now: Instant) {
        self.tasks.expect_soon(now);
        wake(&self.wake);
    }

    /// Starts a task unless there is one.
    fn start(&self, runtime: &Handle, now: Instant) {
        // Under the lock, so that two callers do not start two; spawned without it, as a runtime that shuts down drops
        // the task at once.
        let number = {
            let _known = self.known();
            self.tasks.next(now)
        };
        if let Some(number) = number {
            let end = End { shared: Weak::clone(&self.me), number };
            runtime.spawn(keeper::keep(Weak::clone(&self.me), Arc::clone(&self.wake), end));
        }
    }
}

/// What a task is to do next.
pub(super) enum Plan {
    /// With what is held already.
    Fetch(Option<Box<(KeySet, Held)>>),
    Sleep(Instant),
    End,
}

impl Drop for Shared {
    /// The task holds no set while it sleeps; it wakes to find that this one is gone.
    fn drop(&mut self) {
        wake(&self.wake);
    }
}

/// Wakes all tasks: one that stands still must not take the call that is for the newest.
fn wake(tasks: &Notify) {
    tasks.notify_waiters();
    tasks.notify_one();
}
