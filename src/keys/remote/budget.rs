//! How often unknown names of keys may lead to a fetch: anybody can make one up.

use std::time::Duration;

use tokio::time::Instant;

/// One fetch in this time, once the first ones are used up.
const PERIOD: Duration = Duration::from_secs(30);

/// How many fetches may follow each other.
const BURST: u32 = 2;

/// A bucket of fetches that fills with time.
#[derive(Debug, Default)]
pub(super) struct Budget {
    /// When it will be full again.
    full: Option<Instant>,
}

impl Budget {
    /// Takes one fetch, or says how long there is none.
    pub(super) fn take(&mut self, now: Instant) -> Result<(), Duration> {
        let full = self.full.map_or(now, |full| full.max(now));
        let wait = (full + PERIOD).saturating_duration_since(now + PERIOD * BURST);
        if wait.is_zero() {
            self.full = Some(full + PERIOD);
            Ok(())
        } else {
            Err(wait)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn two_at_once_and_then_one_in_thirty_seconds() {
        let start = Instant::now();
        let at = |seconds: f64| start + Duration::from_secs_f64(seconds);
        let mut budget = Budget::default();
        let mut take = |seconds| budget.take(at(seconds));
        assert_eq!([take(0.0), take(0.0)], [Ok(()); 2]);
        assert_eq!(take(0.0), Err(PERIOD));
        assert_eq!(take(29.5), Err(Duration::from_millis(500)));
        assert_eq!(take(30.0), Ok(()));
        assert_eq!(take(30.0), Err(PERIOD));
        assert_eq!(take(60.0), Ok(()));
        // However long nobody asked, no more than two are saved.
        assert_eq!([take(9000.0), take(9000.0)], [Ok(()); 2]);
        assert_eq!(take(9000.0), Err(PERIOD));
    }
}
