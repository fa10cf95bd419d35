//! Random schedules, and what they must never show.

use std::env;

use super::run::campaign;

/// How many schedules; `PROPTEST_CASES` multiplies them as it does other property tests.
fn cases() -> u64 {
    let proptests: u64 = env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(256);
    (200_000 * proptests / 256).max(100_000)
}

#[test]
fn random_schedules_keep_every_promise() {
    let counts = campaign(0..cases(), None).unwrap_or_else(|failure| panic!("{failure}"));
    println!("{counts}");
    for what in ["reuse", "served after a race", "parent served", "current served", "taken over", "rotated"] {
        assert!(counts.of(what) > 1000, "{what}: {}", counts.of(what));
    }
}
