//! What is known of a remote set, and what is to be done next: a state machine without I/O.

use std::{
    collections::HashSet,
    hash::BuildHasher,
    time::{Duration, SystemTime},
};

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use tokio::time::Instant;

use super::{FetchError, budget::Budget, held::Held};
use crate::keys::{Algorithm, KeySet};

/// How long the last good set serves beyond its life.
const LAST_GOOD: Duration = Duration::from_secs(3600);

/// When the next refresh comes, as a part of the set's life.
const REFRESH_AT: f64 = 0.8;

/// How much of that is taken off at random, so that services that started together do not ask together.
const JITTER: f64 = 0.1;

/// The waits after failures grow from the first to the second, and jitter adds as much again at most.
const BACKOFF: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(15));

/// How many names are remembered that no key has.
const MAX_NAMES: usize = 1024;

/// How long a name that the last fetch did not bring is no reason for another one.
const ABSENCE: Duration = Duration::from_secs(30);

/// What may happen for a token whose key is not there.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// The set was fetched since the name was first asked for, and has no such key.
    Absent,
    /// A fetch is under way, or was just decided.
    Wait,
    /// There is no set, and this long nobody is asked for one.
    NoKeys(Duration),
    /// There is a set, and this long nobody is asked for another one.
    Pending(Duration),
}

/// A set and how it came here.
pub(super) struct Fetched {
    pub(super) keys: KeySet,
    pub(super) held: Held,
    pub(super) at: SystemTime,
    /// The set does not serve from then on.
    pub(super) dead: Instant,
}

pub(super) struct Known {
    pub(super) fetched: Option<Fetched>,
    pub(super) error: Option<FetchError>,
    /// A fetch is under way, or is to start at once.
    pub(super) fetching: bool,
    /// It is under way, so what it brings may be older than a question that comes now.
    under_way: bool,
    /// When the next fetch is due.
    pub(super) due: Instant,
    backoff: ExponentialBackoff,
    /// Whether the last fetch failed; nobody is asked again before the next one is due.
    failed: bool,
    budget: Budget,
    /// Names that were asked for before the fetch begins; what it brings is their answer.
    asked: Names,
    /// Names that were asked for and that the last fetch did not bring, or the ones before.
    absent: Names,
    /// When the last fetch brought a set.
    looked: Instant,
    hasher: foldhash::quality::RandomState,
}

/// Hashes of names.
type Names = HashSet<u64>;

impl Known {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            fetched: None,
            error: None,
            fetching: false,
            under_way: false,
            due: now,
            backoff: backoff(),
            failed: false,
            budget: Budget::default(),
            asked: Names::new(),
            absent: Names::new(),
            looked: now,
            hasher: foldhash::quality::RandomState::default(),
        }
    }

    /// Whether there is a set, and it is not too old.
    pub(super) fn serves(&self, now: Instant) -> bool {
        self.fetched.as_ref().is_some_and(|fetched| now < fetched.dead)
    }

    /// What to do for a token that names a key that the set does not have.
    pub(super) fn ask(&mut self, kid: Option<&str>, algorithm: Algorithm, now: Instant) -> Next {
        let name = self.hasher.hash_one((kid, algorithm));
        let serves = self.serves(now);
        // Whoever is asked for is not in the set; so what was looked for before is still not there.
        if serves && now.saturating_duration_since(self.looked) < ABSENCE && self.absent.contains(&name) {
            return Next::Absent;
        }
        if !self.fetching {
            let pause = if self.failed { self.due.saturating_duration_since(now) } else { Duration::ZERO };
            if !pause.is_zero() {
                return if serves { Next::Pending(pause) } else { Next::NoKeys(pause) };
            }
            // Names that anybody can make up cost; a set that is missing is fetched anyway.
            if serves
                && now < self.due
                && let Err(pause) = self.budget.take(now)
            {
                return Next::Pending(pause);
            }
            self.fetching = true;
        }
        if self.under_way {
            return Next::Wait;
        }
        if self.asked.len() < MAX_NAMES {
            self.asked.insert(name);
        }
        Next::Wait
    }

    /// Fetches now, unless the last fetch failed a moment ago.
    pub(super) fn fetch_soon(&mut self) {
        self.fetching |= !self.failed;
    }

    /// Whether to fetch now; if not, when to look again: when a fetch is due, or the set gets too old.
    pub(super) fn plan(&mut self, now: Instant) -> Option<Instant> {
        if !self.fetching && now < self.due {
            let dead = self.fetched.as_ref().map(|fetched| fetched.dead).filter(|dead| now < *dead);
            return Some(dead.map_or(self.due, |dead| dead.min(self.due)));
        }
        self.fetching = true;
        self.under_way = true;
        None
    }

    /// A fetch brought a set, new or confirmed.
    ///
    /// Returns until when it serves at most.
    pub(super) fn succeeded(&mut self, keys: KeySet, held: Held, now: Instant) -> Instant {
        let life = held.life();
        let part = REFRESH_AT * (1.0 - JITTER * random());
        self.due = now + life.mul_f64(part);
        let dead = now + life + LAST_GOOD;
        self.fetched = Some(Fetched { keys, held, at: SystemTime::now(), dead });
        if self.absent.len() + self.asked.len() > MAX_NAMES {
            self.absent.clear();
        }
        self.absent.extend(self.asked.drain());
        self.looked = now;
        self.error = None;
        self.failed = false;
        self.backoff = backoff();
        self.fetching = false;
        self.under_way = false;
        dead
    }

    /// A fetch brought nothing: what was there stays, for a while.
    pub(super) fn failed(&mut self, error: FetchError, now: Instant) {
        self.due = now + self.backoff.next().unwrap_or(BACKOFF.1);
        self.error = Some(error);
        self.asked.clear();
        self.failed = true;
        self.fetching = false;
        self.under_way = false;
    }

    /// A fetch did not come to its end, through no fault of whom it asked; the next task makes up for it.
    pub(super) fn cut_off(&mut self) {
        self.under_way = false;
    }
}

fn backoff() -> ExponentialBackoff {
    ExponentialBuilder::new()
        .with_min_delay(BACKOFF.0)
        .with_max_delay(BACKOFF.1)
        .with_jitter()
        .without_max_times()
        .build()
}

/// A number from 0 to 1; without randomness it is 0, and the jitter is lost.
fn random() -> f64 {
    getrandom::u32().map_or(0.0, |number| f64::from(number) / f64::from(u32::MAX))
}
