//! The dates of a token, in the local zone and in words.

use jiff::{Timestamp, tz::TimeZone};

use super::{
    finding::{Findings, Pointer},
    node::Node,
    words::{closely, roughly},
};

/// Who is asked for the time.
pub(super) struct Now {
    pub(super) at: Timestamp,
    pub(super) zone: TimeZone,
}

/// One date.
pub(super) struct Time {
    pub(super) name: &'static str,
    /// The number as the token has it.
    pub(super) written: String,
    /// Seconds since 1970.
    pub(super) seconds: f64,
    /// Nothing where it is beyond all dates.
    pub(super) local: Option<jiff::Zoned>,
    pub(super) words: String,
    /// Whether the token is no good at this time because of it.
    pub(super) refuses: bool,
}

/// All dates of a token.
pub(super) struct Times {
    pub(super) all: Vec<Time>,
    /// Seconds between `iat` and `exp`.
    pub(super) lifetime: Option<f64>,
}

/// Clocks differ: jwtower's verifiers allow as much, unless told otherwise.
const LEEWAY: f64 = 60.0;

/// Access tokens that live longer are rarely meant; nobody can take them back by waiting.
const LONG_LIFE: f64 = 86_400.0;

/// The year 33658: what is above counts something smaller than seconds.
const SMALLER_THAN_SECONDS: f64 = 1e12;

impl Times {
    pub(super) fn of(claims: &Node, now: &Now, findings: &mut Findings) -> Self {
        let names = ["iat", "nbf", "exp", "auth_time", "updated_at"];
        let all: Vec<_> =
            names.into_iter().filter_map(|name| read(name, claims.get(name)?, now, findings)).collect();
        let mut times = Self { all, lifetime: None };
        times.lifetime = times.seconds("exp").zip(times.seconds("iat")).map(|(end, start)| end - start);
        times
    }

    pub(super) fn get(&self, name: &str) -> Option<&Time> {
        self.all.iter().find(|time| time.name == name)
    }

    /// Seconds since 1970, where the number can be meant as such.
    fn seconds(&self, name: &str) -> Option<f64> {
        let seconds = self.get(name)?.seconds;
        (seconds.abs() < SMALLER_THAN_SECONDS).then_some(seconds)
    }

    /// Adds what is wrong with the dates together.
    pub(super) fn judge(&self, is_long_lived_kind: bool, now: &Now, findings: &mut Findings) {
        let place = |name| Pointer::claims().below(name);
        let Some(end) = self.seconds("exp") else { return };
        for (start, what) in [("iat", "it was issued"), ("nbf", "it became valid")] {
            if self.seconds(start).is_some_and(|start| end <= start) {
                findings.warning("never_valid", place("exp"), format!("it expires before {what} ({start})"));
            }
        }
        let (life, known) = match self.lifetime {
            Some(life) => (life, "it lives"),
            None => (end - now.seconds(), "it lives for another"),
        };
        if life > LONG_LIFE && !is_long_lived_kind {
            let message = format!("{known} {}: whoever steals it has it as long", closely(life));
            findings.warning("long_lived", place("exp"), message);
        }
    }
}

impl Now {
    fn seconds(&self) -> f64 {
        self.at.as_duration().as_secs_f64()
    }
}

impl Time {
    /// Such as `2026-03-01 12:00:00 +01:00 (CET)`.
    pub(super) fn in_zone(&self) -> Option<String> {
        let local = self.local.as_ref()?;
        let name = local.strftime("%Z").to_string();
        let offset = local.strftime("%F %T %:z").to_string();
        // Many zones have no name but their offset.
        Some(if name.starts_with(['+', '-']) { offset } else { format!("{offset} ({name})") })
    }
}

fn read(name: &'static str, node: &Node, now: &Now, findings: &mut Findings) -> Option<Time> {
    let place = Pointer::claims().below(name);
    let Node::Number(written) = node else {
        let message = format!("it is {}; a date is a number of seconds since 1970", node.type_name());
        match name {
            // No verifier reads it.
            "updated_at" => findings.warning("mistyped_claim", place, message),
            _ => findings.error("mistyped_claim", place, message),
        }
        return None;
    };
    let seconds: f64 = written.parse().ok()?;
    let mut time =
        Time { name, written: written.clone(), seconds, local: None, words: String::new(), refuses: false };
    if !seconds.is_finite() {
        findings.error("time_out_of_range", place, "it is a number too large to be read");
        time.words = "too large to be read".to_owned();
        return Some(time);
    }
    if let Some((unit, per_second)) = smaller_unit(seconds) {
        let message = format!("it counts {unit}, as it seems; a date is a number of seconds");
        findings.warning("time_in_milliseconds", place.clone(), message);
        let meant = Time { seconds: seconds / per_second, local: local(seconds / per_second, now), ..time };
        let date = meant.in_zone().unwrap_or_default();
        return Some(Time {
            seconds,
            local: local(seconds, now),
            words: format!("in {unit} {date}"),
            ..meant
        });
    }
    time.local = local(seconds, now);
    let from_now = seconds - now.seconds();
    time.words = words(name, from_now);
    if time.local.is_none() {
        findings.warning("time_out_of_range", place.clone(), "it is beyond all dates that can be shown");
    }
    let judgement = match name {
        "exp" if from_now <= 0.0 => Some("token_expired"),
        "nbf" if from_now > 0.0 => Some("not_yet_valid"),
        "iat" if from_now > LEEWAY => Some("issued_in_future"),
        _ => None,
    };
    if let Some(code) = judgement {
        findings.error(code, place, format!("it {}", time.words));
        time.refuses = true;
    }
    Some(time)
}

/// The unit that a number must count, and how many of it a second has: those that make it a date of our times.
fn smaller_unit(seconds: f64) -> Option<(&'static str, f64)> {
    let units = [("milliseconds", 1e3), ("microseconds", 1e6), ("nanoseconds", 1e9)];
    let is_meant = |(_, per_second): &(_, f64)| (1e9..1e10).contains(&(seconds / per_second));
    units.into_iter().filter(|_| seconds >= SMALLER_THAN_SECONDS).find(is_meant)
}

fn local(seconds: f64, now: &Now) -> Option<jiff::Zoned> {
    // The cast stops at the largest number, which is no timestamp.
    let timestamp = Timestamp::from_second(seconds.floor() as i64).ok()?;
    Some(timestamp.to_zoned(now.zone.clone()))
}

/// A date as an event, so many seconds from now.
fn words(name: &str, from_now: f64) -> String {
    let [past, future] = match name {
        "exp" => ["expired", "expires"],
        "nbf" => ["became valid", "becomes valid"],
        "iat" => ["was issued", "is issued"],
        "auth_time" => ["the user logged in", "the user logs in"],
        _ => ["was updated", "is updated"],
    };
    match from_now {
        _ if from_now.abs() < 1.0 => format!("{past} just now"),
        _ if from_now < 0.0 => format!("{past} {} ago", roughly(from_now)),
        _ => format!("{future} in {}", roughly(from_now)),
    }
}
