//! Time as an argument, so that a test can set it.

use std::{
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use serde::{Deserialize, Serialize};

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

    /// A moment on a clock that nobody sets, which tells how much time has passed whatever is done to the other.
    ///
    /// It is the operating system's unless told; a clock of tests tells its own.
    fn instant(&self) -> Instant {
        Instant::now()
    }
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

impl<C: Clock + ?Sized> Clock for Arc<C> {
    fn now(&self) -> SystemTime {
        C::now(self)
    }

    fn instant(&self) -> Instant {
        C::instant(self)
    }
}

/// A moment in whole milliseconds since 1970, as stores tell it.
///
/// ```
/// use std::time::Duration;
/// use jwtower::Timestamp;
///
/// let login = Timestamp::from_millis(1_700_000_000_000);
/// let later = login.plus(Duration::from_secs(10));
/// assert_eq!(later.since(login), Duration::from_secs(10));
/// assert_eq!(login.since(later), Duration::ZERO);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(u64);

impl Timestamp {
    /// The moment this many milliseconds after 1970 began.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// Whole seconds since 1970.
    #[must_use]
    pub const fn as_secs(self) -> u64 {
        self.0 / 1000
    }

    /// The moment this much later, or the last one that there is.
    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)))
    }

    /// The moment this much earlier, or the first one that there is.
    pub(crate) fn minus(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)))
    }

    /// The time since `earlier`; zero where `earlier` is later, as clocks are set back.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }
}

impl From<SystemTime> for Timestamp {
    /// A clock that stands before 1970 counts as 1970.
    fn from(time: SystemTime) -> Self {
        let age = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Self::default().plus(age)
    }
}
