use std::time::Duration;

use tokio::time::timeout;

use super::support::{Directory, ask, outcome, poll, wait};
use crate::verify::issuers::cache::{FAILED, FRESH, GRACE, RENEWAL, UNKNOWN};

const TICK: Duration = Duration::from_millis(1);

#[test]
fn a_tenant_is_looked_up_once_in_five_minutes() {
    let directory = Directory::of(["a"]);
    let (issuers, clock) = directory.issuers();
    assert_eq!((outcome(&issuers, "a"), directory.asked()), ("found", 1));
    for (later, asked) in [(TICK, 0), (FRESH - 2 * TICK, 0), (TICK, 1), (FRESH - TICK, 0), (TICK, 1)] {
        clock.advance(later);
        assert_eq!((outcome(&issuers, "a"), directory.asked()), ("found", asked), "{later:?}");
    }
    clock.set_forward(FRESH);
    assert_eq!((outcome(&issuers, "a"), directory.asked()), ("found", 0), "no time has passed");
}

#[test]
fn its_time_counts_from_when_the_resolver_was_asked() {
    let directory = Directory::of(["a"]);
    let (issuers, clock) = directory.issuers();
    directory.hold();
    let mut waiting = wait(&issuers, "a");
    clock.advance(FRESH - TICK);
    directory.release();
    assert_eq!(poll(&mut waiting), Some(Ok(())));
    assert_eq!((outcome(&issuers, "a"), directory.asked()), ("found", 1));
    clock.advance(TICK);
    assert_eq!((outcome(&issuers, "a"), directory.asked()), ("found", 1));
}

#[test]
fn while_a_tenant_is_looked_up_again_others_are_verified_as_before() {
    let directory = Directory::of(["a"]);
    let (issuers, clock) = directory.issuers();
    assert_eq!(outcome(&issuers, "a"), "found");
    clock.advance(FRESH);
    directory.hold();
    let mut first = wait(&issuers, "a");
    for _ in 0..1_000 {
        assert_eq!(ask(&issuers, "a").ok(), Some("found"));
    }
    clock.advance(RENEWAL + FAILED - TICK);
    assert_eq!(ask(&issuers, "a").ok(), Some("found"));
    clock.advance(TICK);
    assert!(ask(&issuers, "a").is_err(), "a lookup is due, and one runs");

    directory.remove("a");
    directory.release();
    assert_eq!(poll(&mut first).map(|over| over.unwrap_err().code()), Some("unknown_issuer"));
    assert_eq!(outcome(&issuers, "a"), "unknown_issuer");
    assert_eq!(directory.asked(), 2);
}

#[test]
fn a_tenant_that_is_gone_from_the_directory_ends_with_its_next_lookup() {
    let directory = Directory::of(["a"]);
    let (issuers, clock) = directory.issuers();
    assert_eq!(outcome(&issuers, "a"), "found");
    directory.remove("a");
    assert_eq!(outcome(&issuers, "a"), "found");
    clock.advance(FRESH);
    assert_eq!(outcome(&issuers, "a"), "unknown_issuer");
    assert!(issuers.verifiers().is_empty());
}

#[test]
fn an_unknown_issuer_is_looked_up_once_in_half_a_minute() {
    let directory = Directory::of([]);
    let (issuers, clock) = directory.issuers();
    for (later, asked) in [(Duration::ZERO, 1), (UNKNOWN - TICK, 0), (TICK, 1)] {
        clock.advance(later);
        for repeat in 0..3 {
            let expected = if repeat == 0 { asked } else { 0 };
            assert_eq!((outcome(&issuers, "a"), directory.asked()), ("unknown_issuer", expected));
        }
    }
    directory.put("a", super::support::verifier("a"));
    assert_eq!(outcome(&issuers, "a"), "unknown_issuer");
    clock.advance(UNKNOWN);
    assert_eq!(outcome(&issuers, "a"), "found");
}

#[test]
fn who_distrusts_an_unknown_issuer_has_it_looked_up_at_once() {
    let directory = Directory::of([]);
    let (issuers, _) = directory.issuers();
    assert_eq!(outcome(&issuers, "a"), "unknown_issuer");
    directory.put("a", super::support::verifier("a"));
    assert!(!issuers.distrust("a"));
    assert_eq!(outcome(&issuers, "a"), "found");
}

#[test]
fn a_failure_is_told_for_a_second_and_ends_no_tenants_time() {
    let directory = Directory::of(["a", "b"]);
    let (issuers, clock) = directory.issuers();
    assert_eq!((outcome(&issuers, "a"), directory.asked()), ("found", 1));
    directory.fail(true);
    for (later, asked) in [(Duration::ZERO, 1), (FAILED - TICK, 0), (TICK, 1)] {
        clock.advance(later);
        assert_eq!(outcome(&issuers, "b"), "issuers_unavailable");
        assert_eq!((outcome(&issuers, "b"), directory.asked()), ("issuers_unavailable", asked));
        assert_eq!((outcome(&issuers, "a"), directory.asked()), ("found", 0));
    }
    directory.fail(false);
    clock.advance(FAILED);
    assert_eq!((outcome(&issuers, "a"), outcome(&issuers, "b")), ("found", "found"));
}

#[test]
fn while_lookups_fail_a_tenant_serves_for_five_minutes_more_and_is_looked_up_once_a_second() {
    let directory = Directory::of(["a"]);
    let (issuers, clock) = directory.issuers();
    assert_eq!((outcome(&issuers, "a"), directory.asked()), ("found", 1));
    directory.fail(true);
    clock.advance(FRESH);
    for (later, asked) in [(Duration::ZERO, 1), (FAILED - TICK, 0), (TICK, 1), (GRACE - FAILED - TICK, 1)] {
        clock.advance(later);
        assert_eq!((outcome(&issuers, "a"), directory.asked()), ("found", asked), "{later:?}");
        assert_eq!((ask(&issuers, "a").ok(), directory.asked()), (Some("found"), 0), "{later:?}");
    }
    clock.advance(TICK);
    assert_eq!((outcome(&issuers, "a"), directory.asked()), ("issuers_unavailable", 1), "it is too long");
    assert_eq!((outcome(&issuers, "a"), directory.asked()), ("issuers_unavailable", 0));
    directory.fail(false);
    clock.advance(FAILED);
    assert_eq!((outcome(&issuers, "a"), directory.asked()), ("found", 1));
}

#[test]
fn a_lookup_that_fails_when_the_time_is_over_is_a_failure() {
    let directory = Directory::of(["a"]);
    let (issuers, clock) = directory.issuers();
    assert_eq!(outcome(&issuers, "a"), "found");
    directory.fail(true);
    directory.hold();
    clock.advance(FRESH + GRACE - TICK);
    let mut waiting = wait(&issuers, "a");
    clock.advance(TICK);
    directory.release();
    assert_eq!(poll(&mut waiting).map(|over| over.unwrap_err().code()), Some("issuers_unavailable"));
    assert_eq!(outcome(&issuers, "a"), "issuers_unavailable");
}

#[test]
fn after_an_outage_a_tenant_that_is_gone_serves_no_longer() {
    let directory = Directory::of(["a"]);
    let (issuers, clock) = directory.issuers();
    assert_eq!(outcome(&issuers, "a"), "found");
    directory.fail(true);
    clock.advance(FRESH);
    assert_eq!(outcome(&issuers, "a"), "found");
    directory.fail(false);
    directory.remove("a");
    clock.advance(FAILED);
    assert_eq!(outcome(&issuers, "a"), "unknown_issuer");
}

#[tokio::test(start_paused = true)]
async fn while_lookups_hang_a_tenant_serves_whoever_looks_again() {
    let directory = Directory::of(["a"]);
    let (issuers, clock) = directory.issuers();
    assert_eq!((outcome(&issuers, "a"), directory.asked()), ("found", 1));
    directory.hold();
    clock.advance(FRESH);
    for _ in 0..GRACE.as_secs() / (RENEWAL + FAILED).as_secs() {
        let waiting = ask(&issuers, "a").unwrap_err();
        assert!(timeout(RENEWAL, waiting.over).await.is_err());
        clock.advance(RENEWAL);
        assert_eq!((ask(&issuers, "a").ok(), directory.asked()), (Some("found"), 1));
        clock.advance(FAILED);
    }
    let waiting = ask(&issuers, "a").unwrap_err();
    assert!(timeout(10 * RENEWAL, waiting.over).await.is_err(), "it has served for long enough");
}

#[test]
fn a_lookup_of_a_tenant_that_is_given_up_counts_as_failed() {
    let directory = Directory::of(["a"]);
    let (issuers, clock) = directory.issuers();
    assert_eq!((outcome(&issuers, "a"), directory.asked()), ("found", 1));
    directory.hold();
    clock.advance(FRESH);
    drop(wait(&issuers, "a"));
    assert_eq!((ask(&issuers, "a").ok(), directory.asked()), (Some("found"), 1));
    clock.advance(RENEWAL + FAILED);
    directory.release();
    assert_eq!((outcome(&issuers, "a"), directory.asked()), ("found", 1));
}
