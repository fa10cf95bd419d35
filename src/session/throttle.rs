//! Counting failed logins, so that nobody guesses passwords in a row.

use std::{
    collections::{BTreeSet, HashMap, hash_map::Entry},
    hash::{BuildHasher, RandomState},
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::{
    clock::{Clock, Timestamp},
    error::{AuthError, Code},
};

/// How many windows are kept; at about 100 bytes each.
const MAX_WINDOWS: usize = 100_000;

/// Lets an account be tried a few times from an address, and then no more for a while.
///
/// Each pair of an account and an address has a window of its own, which begins with a first failure. An account
/// counts by the name that was typed and, where it was found, by its subject: an application may find one subject
/// by many names. Nobody can lock an account for other addresses. An attempt that is under way counts like a
/// failure, so that many at
/// once are worth no more than one after the other.
pub(super) struct Throttle {
    limit: u32,
    period: Duration,
    clock: Arc<dyn Clock>,
    hasher: RandomState,
    counts: Mutex<Counts>,
}

/// An attempt to log in that is under way.
///
/// One that is dropped without a verdict leaves nothing: its client has heard nothing that could help to guess.
/// If it left a failure, whoever hangs up before the slow hash could fill all places for nothing.
pub(super) struct Attempt<'t> {
    throttle: &'t Throttle,
    /// Without one nothing is counted.
    address: Option<IpAddr>,
    /// For what it counts.
    pairs: Vec<Pair>,
    verdict: Option<Verdict>,
}

enum Verdict {
    Failed,
    Succeeded,
}

/// Whose login it is.
#[derive(Hash)]
enum Account<'a> {
    Typed(&'a str),
    Found(&'a str),
}

/// A hash of an account and an address under a key of this process: of bounded length, and no name is kept.
type Pair = u64;

impl Throttle {
    pub(super) fn new(limit: u32, period: Duration, clock: Arc<dyn Clock>) -> Self {
        Self { limit, period, clock, hasher: RandomState::new(), counts: Mutex::default() }
    }

    /// Begins to check the credentials for a name, or says when that may be tried again.
    ///
    /// Names that differ in case or in spaces around them count as one, because they are one to many
    /// applications.
    pub(super) fn begin(&self, name: &str, address: Option<IpAddr>) -> Result<Attempt<'_>, AuthError> {
        let mut attempt = Attempt { throttle: self, address, pairs: Vec::new(), verdict: None };
        attempt.count_for(&Account::Typed(&name.trim().to_lowercase()))?;
        Ok(attempt)
    }

    /// One more that is under way, if another may fail.
    fn enter(&self, pair: Pair) -> Result<(), AuthError> {
        let mut counts = self.counts();
        let now = self.now(&mut counts);
        let window = counts.failed.of(pair, now, self.period);
        if window.count >= self.limit {
            let wait = self.period.saturating_sub(now.since(window.began));
            return Err(AuthError::until(Code::TooManyLogins, wait));
        }
        let running = counts.running.entry(pair).or_default();
        if window.count.saturating_add(*running) >= self.limit {
            // It is over as soon as one of those that are under way is.
            return Err(AuthError::until(Code::TooManyLogins, Duration::ZERO));
        }
        *running += 1;
        Ok(())
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Read behind the lock: a window that another thread began meanwhile must not seem to lie ahead.
    fn now(&self, counts: &mut Counts) -> Timestamp {
        let now = Timestamp::from(self.clock.now());
        counts.failed.forget_ended(now, self.period);
        now
    }
}

impl Attempt<'_> {
    /// The name is one of this subject's. Says no where too many failed for the subject.
    ///
    /// The client must not be told so: a name that is throttled before it failed ten times is one of an account.
    pub(super) fn found(&mut self, subject: &str) -> bool {
        self.count_for(&Account::Found(subject)).is_ok()
    }

    fn count_for(&mut self, account: &Account<'_>) -> Result<(), AuthError> {
        let Some(address) = self.address else { return Ok(()) };
        let pair = self.throttle.hasher.hash_one((network(address), account));
        self.throttle.enter(pair)?;
        self.pairs.push(pair);
        Ok(())
    }

    /// The credentials let nobody in.
    pub(super) fn failed(mut self) {
        self.verdict = Some(Verdict::Failed);
    }

    /// Somebody is logged in: what failed before is forgotten.
    pub(super) fn succeeded(mut self) {
        self.verdict = Some(Verdict::Succeeded);
    }
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        let Self { throttle, pairs, verdict, .. } = self;
        // In one step, so that it never counts as both under way and failed, or as neither.
        let mut counts = throttle.counts();
        let now = throttle.now(&mut counts);
        for pair in pairs.drain(..) {
            match verdict {
                Some(Verdict::Failed) => counts.failed.add(pair, now, throttle.period),
                Some(Verdict::Succeeded) => counts.failed.remove(pair),
                None => {}
            }
            counts.leave(pair);
        }
    }
}

/// What counts at this moment.
#[derive(Default)]
struct Counts {
    failed: Windows,
    /// Attempts under way; no more than there are requests.
    running: HashMap<Pair, u32>,
}

impl Counts {
    fn leave(&mut self, pair: Pair) {
        if let Entry::Occupied(mut running) = self.running.entry(pair) {
            if *running.get() > 1 {
                *running.get_mut() -= 1;
            } else {
                running.remove();
            }
        }
    }
}

/// The part of an address that belongs to one customer: all of an IPv4 address, the /64 of an IPv6 address.
fn network(address: IpAddr) -> u128 {
    // A server that listens on both sees IPv4 clients as ::ffff:a.b.c.d, which would all be one /64.
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_ipv6_mapped().to_bits(),
        IpAddr::V6(address) => address.to_bits() >> 64 << 64,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Window {
    count: u32,
    began: Timestamp,
}

impl Window {
    /// One that begins later than now is left from before the clock was set back.
    fn has_ended(self, now: Timestamp, period: Duration) -> bool {
        self.began > now || now.since(self.began) >= period
    }
}

/// The windows by pair and by beginning.
#[derive(Default)]
struct Windows {
    of: HashMap<Pair, Window>,
    by_age: BTreeSet<(Timestamp, Pair)>,
}

impl Windows {
    /// The pair's window, or a new one.
    fn of(&self, pair: Pair, now: Timestamp, period: Duration) -> Window {
        let window = self.of.get(&pair).copied().filter(|window| !window.has_ended(now, period));
        window.unwrap_or(Window { count: 0, began: now })
    }

    fn add(&mut self, pair: Pair, now: Timestamp, period: Duration) {
        let window = self.of(pair, now, period);
        self.make_room_for(pair);
        self.set(pair, Window { count: window.count.saturating_add(1), ..window });
    }

    fn set(&mut self, pair: Pair, window: Window) {
        self.remove(pair);
        self.of.insert(pair, window);
        self.by_age.insert((window.began, pair));
    }

    fn remove(&mut self, pair: Pair) {
        if let Some(window) = self.of.remove(&pair) {
            self.by_age.remove(&(window.began, pair));
        }
    }

    fn forget_ended(&mut self, now: Timestamp, period: Duration) {
        while let Some((began, pair)) = self.by_age.first().copied()
            && now.since(began) >= period
        {
            self.remove(pair);
        }
    }

    /// Where all places are taken, the oldest window goes.
    ///
    /// Only what was judged takes a place, or two where the name is somebody's. So to be rid of ten failures of
    /// one's own, one has to fail for a hundred thousand other names, or half as many that are somebody's, each at
    /// the price of a slow hash. If the window with the fewest failures
    /// went, whoever fills the places with ten failures each would be free from then on; if new names were
    /// refused, one client would lock all out.
    fn make_room_for(&mut self, pair: Pair) {
        if self.of.len() >= MAX_WINDOWS
            && !self.of.contains_key(&pair)
            && let Some((_, oldest)) = self.by_age.first().copied()
        {
            self.remove(oldest);
        }
    }
}

#[cfg(test)]
mod tests;
