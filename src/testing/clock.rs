//! A clock that tests set.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use crate::clock::Clock;

/// A clock that stands still until it is told to move. A clone is the same clock.
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
    now: Arc<Mutex<SystemTime>>,
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
        Self { now: Arc::new(Mutex::new(time)) }
    }

    /// Moves the clock forward; at the end of what the system can express it stays where it is.
    pub fn advance(&self, duration: Duration) {
        self.change(|now| now.checked_add(duration));
    }

    /// Moves the clock back, as an administrator or a time server does.
    pub fn set_back(&self, duration: Duration) {
        self.change(|now| now.checked_sub(duration));
    }

    fn change(&self, change: impl FnOnce(SystemTime) -> Option<SystemTime>) {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(changed) = change(*now) {
            *now = changed;
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
        *self.now.lock().unwrap_or_else(PoisonError::into_inner)
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
}
