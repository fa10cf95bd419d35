//! A clock that tests set.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant, SystemTime},
};

use crate::clock::Clock;

/// A clock that stands still until it is told to move. A clone is the same clock.
///
/// Time passes by [`advance`](Self::advance). What sets a clock makes none pass.
///
/// ```
/// use std::time::Duration;
/// use jwtower::{Clock, testing::ManualClock};
///
/// let clock = ManualClock::new();
/// let login = clock.now();
/// clock.advance(Duration::from_secs(600));
/// assert_eq!(clock.now(), login + Duration::from_secs(600));
/// ```
#[derive(Clone)]
pub struct ManualClock {
    time: Arc<Mutex<Time>>,
}

#[derive(Clone, Copy)]
struct Time {
    now: SystemTime,
    instant: Instant,
}

impl ManualClock {
    /// A clock that stands at this moment.
    #[must_use]
    pub fn new() -> Self {
        Self::at(SystemTime::now())
    }

    /// A clock that stands at a moment.
    #[must_use]
    pub fn at(time: SystemTime) -> Self {
        Self { time: Arc::new(Mutex::new(Time { now: time, instant: Instant::now() })) }
    }

    /// Lets time pass; at the end of what the system can express the clock stays where it is.
    pub fn advance(&self, duration: Duration) {
        self.change(|Time { now, instant }| {
            Some(Time { now: now.checked_add(duration)?, instant: instant.checked_add(duration)? })
        });
    }

    /// Sets the clock forward, as an administrator or a time server does.
    pub fn set_forward(&self, duration: Duration) {
        self.change(|time| Some(Time { now: time.now.checked_add(duration)?, ..time }));
    }

    /// Sets the clock back.
    pub fn set_back(&self, duration: Duration) {
        self.change(|time| Some(Time { now: time.now.checked_sub(duration)?, ..time }));
    }

    fn time(&self) -> MutexGuard<'_, Time> {
        self.time.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(Time) -> Option<Time>) {
        let mut time = self.time();
        if let Some(changed) = change(*time) {
            *time = changed;
        }
    }
}

impl Default for ManualClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for ManualClock {
    fn now(&self) -> SystemTime {
        self.time().now
    }

    fn instant(&self) -> Instant {
        self.time().instant
    }
}

impl fmt::Debug for ManualClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ManualClock").field(&self.now()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_moves_only_when_told_and_its_clones_with_it() {
        let start = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000);
        let clock = ManualClock::at(start);
        let same = clock.clone();
        clock.advance(Duration::from_millis(1_500));
        assert_eq!(same.now(), start + Duration::from_millis(1_500));
        same.set_back(Duration::from_secs(2));
        assert_eq!(clock.now(), start - Duration::from_millis(500));
        clock.advance(Duration::MAX);
        assert_eq!(clock.now(), start - Duration::from_millis(500));
    }

    #[test]
    fn a_clock_that_is_set_lets_no_time_pass() {
        let clock = ManualClock::new();
        let (start, before) = (clock.now(), clock.instant());
        clock.set_forward(Duration::from_secs(60));
        assert_eq!((clock.now(), clock.instant()), (start + Duration::from_secs(60), before));
        clock.set_back(Duration::from_secs(3600));
        clock.advance(Duration::from_secs(10));
        assert_eq!(clock.now(), start - Duration::from_secs(3530));
        assert_eq!(clock.instant(), before + Duration::from_secs(10));
    }
}
