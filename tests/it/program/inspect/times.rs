//! Dates, in words and in the local zone.

use jwtower_tests::Forge;
use serde_json::{Value, json};

use super::{super::program, HEADER};

/// 2026-03-01T12:00:00Z, a winter's day.
const NOW: i64 = 1_772_366_400;

/// What is said about one date, as of [`NOW`].
fn words(name: &str, seconds: impl Into<Value>) -> String {
    let token = Forge::new().sign(HEADER, json!({name: seconds.into()}).to_string());
    let outcome = program(["inspect", "--json", "--at", &NOW.to_string()]).stdin(token).run();
    let report: Value = serde_json::from_str(&outcome.stdout).expect("JSON");
    report["times"][name]["words"].as_str().expect("words").to_owned()
}

#[test]
fn times_are_told_in_words() {
    for (name, from_now, expected) in [
        ("exp", -180, "expired 3 minutes ago"),
        ("exp", -179, "expired 2 minutes 59 seconds ago"),
        ("exp", -1, "expired 1 second ago"),
        ("exp", 0, "expired just now"),
        ("exp", 540, "expires in 9 minutes"),
        ("exp", 60, "expires in 1 minute"),
        ("exp", 5_400, "expires in 1 hour 30 minutes"),
        ("exp", 47 * 3_600, "expires in 1 day 23 hours"),
        ("exp", 400 * 86_400, "expires in 1 year 35 days"),
        ("nbf", 59, "becomes valid in 59 seconds"),
        ("nbf", -7_200, "became valid 2 hours ago"),
        ("iat", -60, "was issued 1 minute ago"),
        ("iat", 86_400, "is issued in 1 day"),
        ("auth_time", -3 * 86_400, "the user logged in 3 days ago"),
        ("updated_at", -3_650 * 86_400, "was updated 10 years ago"),
    ] {
        assert_eq!(words(name, NOW + from_now), expected, "{name} {from_now}");
    }
    assert_eq!(words("exp", NOW as f64 + 9.5), "expires in 9 seconds");
    assert_eq!(words("iat", NOW * 1_000), "in milliseconds 2026-03-01 12:00:00 +00:00 (UTC)");
    assert_eq!(words("iat", NOW * 1_000_000_000), "in nanoseconds 2026-03-01 12:00:00 +00:00 (UTC)");
}

#[test]
fn times_are_told_in_the_zone_of_the_environment() {
    let claims = json!({"iat": NOW - 60, "exp": NOW + 540, "updated_at": NOW + 150 * 86_400});
    let token = Forge::new().sign(HEADER, claims.to_string());
    // The rule of Berlin is written out too, because not every machine has the zones' names.
    let berlin = [
        "2026-03-01 12:59:00 +01:00 (CET), was",
        "2026-07-29 14:00:00 +02:00 (CEST), is updated in 150 days",
    ];
    let rule = "CET-1CEST,M3.5.0,M10.5.0/3";
    let mut zones = vec![
        ("UTC", ["2026-03-01 11:59:00 +00:00 (UTC), was", "2026-07-29 12:00:00 +00:00 (UTC), is"]),
        (rule, berlin),
        ("<+0545>-5:45", ["2026-03-01 17:44:00 +05:45, was", "2026-07-29 17:45:00 +05:45, is"]),
    ];
    if std::fs::exists("/usr/share/zoneinfo/Europe/Berlin").unwrap_or(false) {
        zones.push(("Europe/Berlin", berlin));
    }
    for (zone, expected) in zones {
        let run = program(["inspect", "--at", "2026-03-01T12:00:00Z"]).env("TZ", zone).stdin(&token);
        let text = run.run().stdout;
        for line in expected {
            assert!(text.contains(line), "{zone}: {text}");
        }
        assert!(text.contains("expires in 9 minutes; lives 10 minutes"), "{text}");
    }
    let report = program(["inspect", "--json", "--at", &NOW.to_string()]).env("TZ", rule).stdin(&token).run();
    let report: Value = serde_json::from_str(&report.stdout).unwrap();
    assert_eq!(report["times"]["exp"]["seconds"], NOW + 540);
    assert_eq!(report["times"]["exp"]["local"], "2026-03-01T13:09:00+01:00");
    assert_eq!(report["lifetime"], 600);
}

#[test]
fn a_zone_that_nobody_knows_is_utc() {
    let token = Forge::new().sign(HEADER, json!({"exp": NOW}).to_string());
    let outcome = program(["inspect"]).env("TZ", "Nowhere/Land").stdin(token).run();
    assert!(outcome.code == 0 && outcome.stdout.contains("2026-03-01 12:00:00 +00:00 (UTC)"), "{outcome:?}");
}

#[test]
fn numbers_beyond_every_date_are_shown_as_they_are() {
    for (number, words) in [
        ("1e400", "too large to be read"),
        ("-1e400", "too large to be read"),
        ("1e300", "expires in"),
        ("-1e300", "expired"),
        ("9223372036854775808", "in nanoseconds 2262-04-11"),
        ("99999999999999999999999999999", "expires in"),
        ("1.5", "expired 56 years"),
        ("-0", "expired 56 years"),
        ("1E2", "expired 56 years"),
    ] {
        let token = Forge::new().sign(HEADER, format!(r#"{{"iat":{number},"nbf":{number},"exp":{number}}}"#));
        let outcome = program(["inspect"]).stdin(&token).run();
        let shown = outcome.stdout.lines().find(|line| line.contains("  exp  ")).expect("a line");
        assert!(shown.contains(&format!("  {number}  ")) && shown.contains(words), "{shown}");
        let json = program(["inspect", "--json"]).stdin(&token).run();
        assert_eq!((json.code, &*json.stderr), (0, ""), "{number}");
        let report: Value = serde_json::from_str(&json.stdout).expect("JSON that everybody can read");
        let expected =
            if number.ends_with("e400") { json!(number) } else { serde_json::from_str(number).unwrap() };
        assert_eq!((&report["claims"]["exp"], &report["times"]["exp"]["seconds"]), (&expected, &expected));
    }
}

#[test]
fn a_time_that_is_none_is_refused() {
    for time in ["yesterday", "", "12:00", "99999999999999999999"] {
        let outcome = program(["inspect", "--at", time]).run();
        assert_eq!((outcome.code, &*outcome.stdout), (2, ""), "{outcome:?}");
        assert!(outcome.stderr.contains("seconds since 1970"), "{outcome:?}");
    }
}
