//! Counting failed logins, so that nobody guesses passwords in a row.

use std::{
    collections::{BTreeSet, HashMap},
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
/// Each pair of an account and an address has a window of its own, which begins with a first attempt. Nobody
/// can lock an account for other addresses. An attempt counts from when it starts, so that many at once are
/// worth no more than one after the other.
pub(super) struct Throttle {
    limit: u32,
    period: Duration,
    clock: Arc<dyn Clock>,
    hasher: RandomState,
    windows: Mutex<Windows>,
}

/// An attempt to log in, which counts as failed unless it is said to be something else.
pub(super) struct Attempt<'t> {
    throttle: &'t Throttle,
    pair: Pair,
    began: Timestamp,
}

/// A hash of an account's name and an address under a key of this process: of bounded length, and no name is kept.
type Pair = u64;

impl Throttle {
    pub(super) fn new(limit: u32, period: Duration, clock: Arc<dyn Clock>) -> Self {
        Self { limit, period, clock, hasher: RandomState::new(), windows: Mutex::default() }
    }

    /// Begins to check the credentials of an account, or says when that may be tried again.
    ///
    /// Names that differ in case or in spaces around them count as one, because they are one to many
    /// applications.
    pub(super) fn begin(&self, account: &str, address: IpAddr) -> Result<Attempt<'_>, AuthError> {
        let pair = self.pair(account, address);
        let mut windows = self.windows();
        // Read behind the lock: a window that another thread began meanwhile must not seem to lie ahead.
        let now = Timestamp::from(self.clock.now());
        windows.forget_ended(now, self.period);
        let window = windows.of(pair).filter(|window| !window.has_ended(now, self.period));
        let window = window.unwrap_or(Window { count: 0, began: now });
        if window.count >= self.limit {
            let wait = self.period.saturating_sub(now.since(window.began));
            return Err(AuthError::until(Code::TooManyLogins, wait));
        }
        windows.make_room_for(pair);
        windows.set(pair, Window { count: window.count + 1, ..window });
        Ok(Attempt { throttle: self, pair, began: window.began })
    }

    fn pair(&self, account: &str, address: IpAddr) -> Pair {
        self.hasher.hash_one((network(address), account.trim().to_lowercase()))
    }

    fn windows(&self) -> MutexGuard<'_, Windows> {
        self.windows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Attempt<'_> {
    /// The credentials are right: what failed before is forgotten.
    pub(super) fn succeeded(self) {
        self.throttle.windows().remove(self.pair);
    }

    /// Nobody could say whether they are right: the attempt did not happen.
    pub(super) fn given_back(self) {
        let mut windows = self.throttle.windows();
        match windows.of(self.pair) {
            Some(window) if window.began == self.began && window.count > 1 => {
                windows.set(self.pair, Window { count: window.count - 1, ..window });
            }
            Some(window) if window.began == self.began => windows.remove(self.pair),
            _ => {}
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
    fn of(&self, pair: Pair) -> Option<Window> {
        self.of.get(&pair).copied()
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
    /// To be rid of ten failures of one's own, one has to fail for a hundred thousand other names, each at the
    /// price of a slow hash. If the window with the fewest failures went, whoever fills the places with ten
    /// failures each would be free from then on; if new names were refused, one client would lock all out.
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
