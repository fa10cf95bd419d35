//! Time as an argument, so that a test can set it.

use std::time::SystemTime;

/// A source of the current time.
///
/// Verifiers and issuers read the time through it. [`SystemClock`] is the default; a closure is a clock
/// too, which is handy in tests:
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use jwtower::Clock;
///
/// let noon = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
/// let clock = move || noon;
/// assert_eq!(clock.now(), noon);
/// ```
pub trait Clock: Send + Sync + 'static {
    /// The current time.
    fn now(&self) -> SystemTime;
}

/// The operating system's wall clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }
}

impl<F> Clock for F
where
    F: Fn() -> SystemTime + Send + Sync + 'static,
{
    fn now(&self) -> SystemTime {
        self()
    }
}
