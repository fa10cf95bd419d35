//! When the store did not answer.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use super::store::Opened;
use crate::clock::Timestamp;

/// A time without the store, in the store's own time; its clock may have changed meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Outage {
    /// The last answer before it.
    pub(super) from: Timestamp,
    /// The first answer after it; an earlier time than `from` where the clock was set back.
    pub(super) until: Timestamp,
}

impl Outage {
    /// What counts after a later outage: both as one where less than two windows lie between them, because a
    /// client that the first one kept waiting may not have got through.
    pub(super) fn merge(self, later: Self, window: Duration) -> Self {
        if later.from.since(self.until) >= window.saturating_mul(2) {
            return later;
        }
        Self { from: self.from.min(later.from), until: later.until }
    }

    /// Whether a window that a rotation opened was open when the store went away, and counts as open still.
    pub(super) fn covers(self, rotated_at: Timestamp, now: Timestamp, window: Duration) -> bool {
        rotated_at.plus(window) >= self.from && now <= self.until.plus(window)
    }
}

/// Finds outages from what becomes of the requests to the store.
///
/// An answer that took a good part of a window is to be told as a failure too: clients cannot tell a store that
/// is away from one that hangs. What nobody asked it during an outage is not noticed.
#[derive(Debug)]
pub(super) struct OutageTracker {
    window: Duration,
    seen: Mutex<Seen>,
}

#[derive(Debug)]
struct Seen {
    /// The store's time at the last answer. It follows a clock that is set back: an outage must begin before
    /// the windows that are open in it.
    last: Timestamp,
    failing: bool,
    outage: Option<Outage>,
}

impl OutageTracker {
    /// Starts with what the store told when it was opened; that it was not there before is an outage.
    pub(super) fn new(window: Duration, opened: &Opened) -> Self {
        let outage = opened.last_write.map(|from| Outage { from, until: opened.now });
        Self { window, seen: Mutex::new(Seen { last: opened.now, failing: false, outage }) }
    }

    /// The store answered, and this is its time. Returns the outage to judge by.
    pub(super) fn answered(&self, now: Timestamp) -> Option<Outage> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.failing {
            let new = Outage { from: seen.last, until: now };
            seen.outage = Some(seen.outage.map_or(new, |old| old.merge(new, self.window)));
            seen.failing = false;
        }
        // A clock that was set back to long before an outage would come through it a second time. The
        // windows of then are of the future now, which keeps them open without it.
        if seen.outage.is_some_and(|outage| now.plus(self.window) < outage.from) {
            seen.outage = None;
        }
        seen.last = now;
        seen.outage
    }

    /// The store did not answer.
    pub(super) fn failed(&self) {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).failing = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const W: Duration = Duration::from_secs(10);

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_millis(seconds * 1000)
    }

    fn outage(from: u64, until: u64) -> Outage {
        Outage { from: at(from), until: at(until) }
    }

    fn opened(now: u64, last_write: Option<u64>) -> OutageTracker {
        OutageTracker::new(W, &Opened { now: at(now), last_write: last_write.map(at) })
    }

    #[test]
    fn outages_less_than_two_windows_apart_count_as_one() {
        for (text, first, later, counts) in [
            ("apart", outage(100, 200), outage(220, 230), outage(220, 230)),
            ("close", outage(100, 200), outage(219, 230), outage(100, 230)),
            ("at once", outage(100, 200), outage(200, 230), outage(100, 230)),
            ("the clock was set back between them", outage(100, 200), outage(90, 120), outage(90, 120)),
            ("the clock was set back by the second", outage(100, 130), outage(131, 98), outage(100, 98)),
        ] {
            assert_eq!(first.merge(later, W), counts, "{text}");
        }
    }

    #[test]
    fn a_window_that_was_open_stays_open_until_one_window_after_the_outage() {
        for (text, rotated_at, now, is_covered) in [
            ("closed just before", 89, 200, false),
            ("just still open", 90, 200, true),
            ("to the last moment", 90, 210, true),
            ("too late", 100, 211, false),
            ("rotated while it was away", 150, 205, true),
        ] {
            assert_eq!(outage(100, 200).covers(at(rotated_at), at(now), W), is_covered, "{text}");
        }
        let forever = Outage { from: Timestamp::default(), until: Timestamp::from_millis(u64::MAX) };
        assert!(forever.covers(Timestamp::default(), Timestamp::from_millis(u64::MAX), W));
    }

    #[test]
    fn an_outage_lasts_from_the_last_answer_to_the_next() {
        let tracker = opened(100, None);
        assert_eq!(tracker.answered(at(105)), None);
        tracker.failed();
        tracker.failed();
        assert_eq!(tracker.answered(at(140)), Some(outage(105, 140)));
        assert_eq!(tracker.answered(at(141)), Some(outage(105, 140)), "it is over");
        tracker.failed();
        assert_eq!(tracker.answered(at(150)), Some(outage(105, 150)), "a second one soon after");
        assert_eq!(tracker.answered(at(500)), Some(outage(105, 150)));
        tracker.failed();
        assert_eq!(tracker.answered(at(510)), Some(outage(500, 510)), "another one much later");
    }

    #[test]
    fn a_restart_is_an_outage_since_the_last_write() {
        let tracker = opened(100, Some(60));
        assert_eq!(tracker.answered(at(101)), Some(outage(60, 100)));
        tracker.failed();
        assert_eq!(tracker.answered(at(115)), Some(outage(60, 115)));
        assert_eq!(opened(100, None).answered(at(101)), None, "the store was there all the time");
    }

    #[test]
    fn a_clock_that_is_set_back_starts_no_outage_and_does_not_prolong_one() {
        let tracker = opened(1000, None);
        assert_eq!(tracker.answered(at(500)), None, "without a failure there is no outage");
        tracker.failed();
        assert_eq!(tracker.answered(at(530)), Some(outage(500, 530)), "it begins in the new time");
        assert_eq!(tracker.answered(at(495)), Some(outage(500, 530)), "a little back: windows may need it");
        assert_eq!(tracker.answered(at(489)), None, "far back: it would come a second time");
        assert_eq!(tracker.answered(at(510)), None);
    }
}
