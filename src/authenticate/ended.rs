//! Waiting for the end of a token.

use std::time::Duration;

use crate::{claims::NumericDate, clock::Clock, revocation::Watch};

/// How long to sleep at most before looking again: the clock may be set meanwhile, the machine sleep, or the
/// token be revoked.
const NAP: Duration = Duration::from_secs(1);

/// Resolves at `end`, or at once where that has passed, or when what is watched was revoked.
pub(super) async fn at(end: NumericDate, watch: Option<Watch>, clock: impl Clock) {
    while let Some(left) = left(end, &clock) {
        if watch.as_ref().is_some_and(Watch::is_revoked) {
            return;
        }
        tokio::time::sleep(left.min(NAP)).await;
    }
}

fn left(end: NumericDate, clock: &impl Clock) -> Option<Duration> {
    let seconds = end.as_secs() - NumericDate::from(clock.now()).as_secs();
    // Ends beyond what a `Duration` expresses are far enough away for another nap.
    (seconds > 0.0).then(|| Duration::try_from_secs_f64(seconds).unwrap_or(NAP))
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{
            Arc,
            atomic::{AtomicU64, Ordering},
        },
        time::SystemTime,
    };

    use super::*;

    fn date(seconds: f64) -> NumericDate {
        NumericDate::from_secs(seconds).unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn it_resolves_at_the_end_and_follows_a_clock_that_is_set() {
        let now = Arc::new(AtomicU64::new(1000));
        let clock = {
            let now = Arc::clone(&now);
            move || SystemTime::UNIX_EPOCH + Duration::from_secs(now.load(Ordering::Relaxed))
        };
        let waiting = tokio::spawn(at(date(5000.0), None, clock));
        tokio::time::sleep(Duration::from_secs(100)).await;
        assert!(!waiting.is_finished(), "the clock stands still");
        now.store(5000, Ordering::Relaxed);
        tokio::time::timeout(NAP, waiting).await.unwrap().unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn what_has_passed_has_ended_and_what_is_far_away_has_not() {
        at(date(1000.0), None, SystemTime::now).await;
        at(date(-1e308), None, SystemTime::now).await;
        let far = at(date(1e308), None, SystemTime::now);
        assert!(tokio::time::timeout(Duration::from_secs(3600), far).await.is_err());
    }
}
