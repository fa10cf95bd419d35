//! Durations in words.

/// Seconds, and what the unit is called.
const UNITS: [(u64, &str); 5] =
    [(365 * 86_400, "year"), (86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")];

/// As people say it: `3 minutes`, `1 hour 50 minutes`.
pub(super) fn roughly(seconds: f64) -> String {
    in_units(seconds, |first| first < 3)
}

/// With the next smaller unit: `9 minutes 30 seconds`.
pub(super) fn closely(seconds: f64) -> String {
    in_units(seconds, |_| true)
}

/// In the largest unit, and in the next one too where its count asks for that.
fn in_units(seconds: f64, asks_for_more: impl Fn(u64) -> bool) -> String {
    // A number that does not fit is more years than anybody counts; the cast stops at the largest.
    let seconds = seconds.abs() as u64;
    let first = UNITS.iter().position(|(length, _)| seconds >= *length).unwrap_or(UNITS.len() - 1);
    let mut rest = seconds;
    let mut words = Vec::new();
    for (length, name) in UNITS.iter().skip(first).take(2) {
        let count = rest / length;
        rest %= length;
        if words.is_empty() || count > 0 {
            words.push(format!("{count} {name}{}", if count == 1 { "" } else { "s" }));
        }
        if !asks_for_more(count) {
            break;
        }
    }
    words.join(" ")
}
