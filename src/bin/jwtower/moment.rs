//! Moments, as options give them and as they are shown.

use std::{str::FromStr, sync::Arc, time::SystemTime};

use jiff::{Timestamp, tz::TimeZone};
use jwtower::{Clock, SystemClock};

/// A moment after 1970 began.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment(SystemTime);

impl Moment {
    /// A clock that stands at this moment; without one, the system's.
    pub(crate) fn clock(moment: Option<Self>) -> Arc<dyn Clock> {
        match moment {
            None => Arc::new(SystemClock),
            Some(Self(moment)) => Arc::new(move || moment),
        }
    }
}

impl FromStr for Moment {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let given = match text.parse() {
            Ok(seconds) => Timestamp::from_second(seconds).ok(),
            Err(_) => text.parse().ok(),
        };
        let given = given.filter(|moment| *moment >= Timestamp::UNIX_EPOCH);
        given.map(|moment| Self(moment.into())).ok_or(
            "write a moment after 1970 as 2026-01-31T12:00:00Z, or in seconds since 1970 as `date +%s` does",
        )
    }
}

/// A moment in seconds since 1970, with its zone.
pub(crate) fn shown(seconds: f64) -> String {
    // The cast stops at the largest number, which is no moment. A zone that is not installed is better than no answer.
    let zone = TimeZone::try_system().unwrap_or(TimeZone::UTC);
    match Timestamp::from_second(seconds.floor() as i64) {
        Ok(moment) => moment.to_zoned(zone).strftime("%F %T %:z (%Z)").to_string(),
        Err(_) => "beyond every calendar".to_owned(),
    }
}
