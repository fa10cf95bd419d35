//! Points in time as tokens write them.

use std::{
    fmt,
    time::{Duration, SystemTime},
};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Seconds since 1970-01-01T00:00:00Z, possibly with a fraction, possibly negative (RFC 7519 §2).
///
/// It is always finite. A claims type may use it for its own dates:
///
/// ```
/// use jwtower::claims::NumericDate;
///
/// #[derive(serde::Deserialize)]
/// struct Invite { valid_from: NumericDate }
///
/// let invite: Invite = serde_json::from_str(r#"{"valid_from": 1700000000.5}"#)?;
/// assert_eq!(invite.valid_from.as_secs(), 1_700_000_000.5);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct NumericDate(f64);

impl NumericDate {
    /// Seconds since 1970; `None` where the number is not finite.
    #[must_use]
    pub fn from_secs(seconds: f64) -> Option<Self> {
        seconds.is_finite().then_some(Self(seconds))
    }

    /// Seconds since 1970, with the fraction.
    #[must_use]
    pub fn as_secs(self) -> f64 {
        self.0
    }

    /// The same point in time for the standard library; `None` where that cannot express it.
    #[must_use]
    pub fn to_system_time(self) -> Option<SystemTime> {
        let distance = Duration::try_from_secs_f64(self.0.abs()).ok()?;
        if self.0 < 0.0 {
            SystemTime::UNIX_EPOCH.checked_sub(distance)
        } else {
            SystemTime::UNIX_EPOCH.checked_add(distance)
        }
    }
}

impl From<SystemTime> for NumericDate {
    fn from(time: SystemTime) -> Self {
        match time.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(since) => Self(since.as_secs_f64()),
            Err(before) => Self(-before.duration().as_secs_f64()),
        }
    }
}

impl Serialize for NumericDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Whole seconds are written as integers: some readers refuse `1700000000.0`.
        if self.0.fract() == 0.0 && self.0.abs() < 9e15 {
            serializer.serialize_i64(self.0 as i64)
        } else {
            serializer.serialize_f64(self.0)
        }
    }
}

impl<'de> Deserialize<'de> for NumericDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // The hint matters: without it, serde_json's `arbitrary_precision` hands numbers over as maps.
        deserializer.deserialize_f64(NumberVisitor)
    }
}

struct NumberVisitor;

impl de::Visitor<'_> for NumberVisitor {
    type Value = NumericDate;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number of seconds since 1970")
    }

    fn visit_f64<E: de::Error>(self, seconds: f64) -> Result<NumericDate, E> {
        NumericDate::from_secs(seconds).ok_or_else(|| E::custom("the number is not finite"))
    }

    fn visit_i64<E: de::Error>(self, seconds: i64) -> Result<NumericDate, E> {
        Ok(NumericDate(seconds as f64))
    }

    fn visit_u64<E: de::Error>(self, seconds: u64) -> Result<NumericDate, E> {
        Ok(NumericDate(seconds as f64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_every_form_are_dates_and_nothing_else_is() {
        for (json, expected) in [
            ("0", Some(0.0)),
            ("1700000000", Some(1.7e9)),
            ("-1", Some(-1.0)),
            ("1.5", Some(1.5)),
            ("1e3", Some(1000.0)),
            ("18446744073709551615", Some(u64::MAX as f64)),
            ("1e308", Some(1e308)),
            ("1e309", None),
            ("\"1700000000\"", None),
            ("null", None),
            ("true", None),
            ("[1]", None),
            ("{}", None),
        ] {
            let date: Option<NumericDate> = serde_json::from_str(json).ok();
            assert_eq!(date.map(NumericDate::as_secs), expected, "{json}");
        }
    }

    #[test]
    fn a_date_that_the_standard_library_cannot_express_is_none() {
        let far = NumericDate::from_secs(1e308).unwrap();
        assert_eq!(far.to_system_time(), None);
        let before = NumericDate::from_secs(-1.5).unwrap();
        let expected = SystemTime::UNIX_EPOCH - Duration::from_millis(1500);
        assert_eq!(before.to_system_time(), Some(expected));
        assert_eq!(NumericDate::from(expected), before);
    }

    #[test]
    fn whole_seconds_are_written_as_integers() {
        let json = |seconds| serde_json::to_string(&NumericDate::from_secs(seconds).unwrap()).unwrap();
        assert_eq!(json(1.7e9), "1700000000");
        assert_eq!(json(0.5), "0.5");
    }
}
