//! What time it is in a store whose clock people set.

use std::{
    mem,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use crate::clock::{Clock, Timestamp};

/// How long a clock that was set forward must stand so until it is believed.
const DOUBT: Duration = Duration::from_secs(24 * 3600);

/// A store's time: its clock's, and where that is set back or stands still, what passes without it.
pub(super) struct Time {
    clock: Arc<dyn Clock>,
    opened: Instant,
    state: Mutex<State>,
}

struct State {
    /// The latest time that was told.
    latest: Timestamp,
    /// When that was, on the clock that nobody sets.
    at: Instant,
    /// What the wall clock says of when the store was opened: the least of the last one or two times [`DOUBT`].
    openings: [Timestamp; 2],
    turned: Instant,
}

impl Time {
    /// A time that has come as far as `latest`.
    pub(super) fn new(clock: Arc<dyn Clock>, latest: Timestamp) -> Self {
        let opened = clock.instant();
        let opening = clock.now().into();
        let state = State { latest, at: opened, openings: [opening; 2], turned: opened };
        Self { clock, opened, state: Mutex::new(state) }
    }

    /// It never goes back.
    pub(super) fn now(&self) -> Timestamp {
        self.read().0
    }

    /// What ended before this is over whatever was done to the clock, and may be forgotten.
    pub(super) fn past(&self) -> Timestamp {
        self.read().1
    }

    fn read(&self) -> (Timestamp, Timestamp) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let (wall, instant) = (Timestamp::from(self.clock.now()), self.clock.instant());
        let past = state.past(wall, instant, instant.saturating_duration_since(self.opened));
        (state.now(wall, instant), past)
    }
}

impl State {
    fn now(&mut self, wall: Timestamp, instant: Instant) -> Timestamp {
        // By whole milliseconds, so that nothing is lost between two questions.
        let passed = self.latest.plus(instant.saturating_duration_since(self.at)).since(self.latest);
        let gone_on = self.latest.plus(passed);
        self.at = if wall >= gone_on { instant } else { self.at.checked_add(passed).unwrap_or(instant) };
        self.latest = wall.max(gone_on);
        self.latest
    }

    fn past(&mut self, wall: Timestamp, instant: Instant, open_for: Duration) -> Timestamp {
        let opening = wall.minus(open_for);
        let [before, least] = &mut self.openings;
        if instant.saturating_duration_since(self.turned) >= DOUBT {
            *before = mem::replace(least, opening);
            self.turned = instant;
        }
        *least = opening.min(*least);
        wall.min(least.min(before).plus(open_for))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::ManualClock;

    const SECOND: Duration = Duration::from_secs(1);
    const HOUR: Duration = Duration::from_secs(3600);

    fn time() -> (ManualClock, Time, Timestamp) {
        let clock = ManualClock::new();
        let time = Time::new(Arc::new(clock.clone()), Timestamp::default());
        let start = time.now();
        (clock, time, start)
    }

    #[test]
    fn a_clock_that_is_set_back_neither_stops_the_time_nor_turns_it_back() {
        let (clock, time, start) = time();
        clock.advance(SECOND);
        clock.set_back(HOUR);
        assert_eq!(time.now(), start.plus(SECOND));
        for _ in 0..1000 {
            clock.advance(Duration::from_micros(1500));
            time.now();
        }
        assert_eq!(time.now(), start.plus(2500 * SECOND / 1000), "nothing is lost between two questions");
        clock.advance(2 * HOUR);
        assert_eq!(
            time.now(),
            start.plus(2 * HOUR).plus(2500 * SECOND / 1000),
            "nor where nobody asks for long"
        );
        clock.set_forward(HOUR + SECOND);
        assert_eq!(time.now(), start.plus(2 * HOUR).plus(3500 * SECOND / 1000), "the clock is ahead again");
    }

    #[test]
    fn a_time_that_was_further_already_goes_on_from_there() {
        let clock = ManualClock::new();
        let later = Timestamp::from(clock.now()).plus(HOUR);
        let time = Time::new(Arc::new(clock.clone()), later);
        assert_eq!(time.now(), later);
        clock.advance(SECOND);
        assert_eq!(time.now(), later.plus(SECOND));
    }

    #[test]
    fn a_clock_that_is_set_forward_makes_nothing_past_for_a_day() {
        let (clock, time, start) = time();
        clock.set_forward(HOUR);
        assert_eq!((time.now(), time.past()), (start.plus(HOUR), start));
        for hour in 1..24 {
            clock.advance(HOUR);
            assert_eq!(time.past(), start.plus(hour * HOUR));
        }
        for _ in 0..26 {
            clock.advance(HOUR);
            time.now();
        }
        assert_eq!(time.past(), start.plus(50 * HOUR), "it is believed by now");
        clock.set_back(2 * HOUR);
        assert_eq!(time.past(), start.plus(48 * HOUR), "never ahead of the clock");
        assert_eq!(time.now(), start.plus(50 * HOUR));
    }
}
