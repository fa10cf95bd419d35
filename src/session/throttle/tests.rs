use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::SystemTime,
};

use super::*;

const PERIOD: Duration = Duration::from_secs(15 * 60);
const HOME: &str = "192.0.2.1";

/// A throttle of ten failures, and the seconds of its clock.
fn throttle() -> (Throttle, Arc<AtomicU64>) {
    let seconds = Arc::new(AtomicU64::new(1_700_000_000));
    let now = Arc::clone(&seconds);
    let clock = move || SystemTime::UNIX_EPOCH + Duration::from_secs(now.load(Ordering::Relaxed));
    (Throttle::new(10, PERIOD, Arc::new(clock)), seconds)
}

fn ip(text: &str) -> Option<IpAddr> {
    Some(text.parse().unwrap())
}

/// How many windows there are, by pair and by age, and pairs with an attempt under way.
fn sizes(throttle: &Throttle) -> [usize; 3] {
    let counts = throttle.counts();
    [counts.failed.of.len(), counts.failed.by_age.len(), counts.running.len()]
}

/// Whether an attempt is let in; it fails.
fn fails(throttle: &Throttle, account: &str, address: &str) -> bool {
    throttle.begin(account, ip(address)).map(Attempt::failed).is_ok()
}

/// How many of 64 attempts fail before one is not let in.
fn failures(throttle: &Throttle, account: &str, address: &str) -> usize {
    (0..64).take_while(|_| fails(throttle, account, address)).count()
}

#[test]
fn ten_attempts_may_fail_for_each_account_from_each_address() {
    let (throttle, _) = throttle();
    assert_eq!(failures(&throttle, "alice", HOME), 10);
    assert_eq!(failures(&throttle, "alice", HOME), 0);
    assert_eq!(failures(&throttle, "alice", "192.0.2.2"), 10, "from elsewhere alice can still log in");
    assert_eq!(failures(&throttle, "bob", HOME), 10, "and bob from here");
}

#[test]
fn the_window_ends_15_minutes_after_its_first_failure_and_the_answer_says_when() {
    let (throttle, seconds) = throttle();
    assert!(fails(&throttle, "alice", HOME));
    seconds.fetch_add(600, Ordering::Relaxed);
    assert_eq!(failures(&throttle, "alice", HOME), 9);
    let wait = |throttle: &Throttle| {
        let error = throttle.begin("alice", ip(HOME)).err()?;
        assert_eq!(error.code(), "too_many_logins");
        error.retry_after()
    };
    assert_eq!(wait(&throttle), Some(Duration::from_secs(301)));
    seconds.fetch_add(299, Ordering::Relaxed);
    assert_eq!(wait(&throttle), Some(Duration::from_secs(2)));
    seconds.fetch_add(1, Ordering::Relaxed);
    assert_eq!(failures(&throttle, "alice", HOME), 10);
}

#[test]
fn sixty_four_guesses_at_once_are_worth_ten() {
    let (throttle, _) = throttle();
    assert!(fails(&throttle, "alice", HOME));
    let running: Vec<_> = (0..64).filter_map(|_| throttle.begin("alice", ip(HOME)).ok()).collect();
    assert_eq!(running.len(), 9);
    let wait = throttle.begin("alice", ip(HOME)).err().unwrap().retry_after();
    assert_eq!(wait, Some(Duration::from_secs(1)), "one of them may succeed");
    for attempt in running {
        attempt.failed();
        assert!(throttle.begin("alice", ip(HOME)).is_err());
    }
    assert!(throttle.begin("alice", ip(HOME)).err().unwrap().retry_after() > Some(PERIOD));
}

#[test]
fn a_success_forgets_the_failures_before() {
    let (throttle, _) = throttle();
    for _ in 0..9 {
        assert!(fails(&throttle, "alice", HOME));
    }
    throttle.begin("alice", ip(HOME)).ok().unwrap().succeeded();
    assert_eq!(sizes(&throttle), [0, 0, 0]);
    assert_eq!(failures(&throttle, "alice", HOME), 10);
}

#[test]
fn an_attempt_that_nobody_judged_did_not_happen() {
    let (throttle, seconds) = throttle();
    for _ in 0..100 {
        drop(throttle.begin("alice", ip(HOME)).ok().unwrap());
    }
    assert_eq!(sizes(&throttle), [0, 0, 0]);
    let late = throttle.begin("alice", ip(HOME)).ok().unwrap();
    assert!(fails(&throttle, "alice", HOME));
    seconds.fetch_add(900, Ordering::Relaxed);
    assert!(fails(&throttle, "alice", HOME));
    drop(late);
    assert_eq!(failures(&throttle, "alice", HOME), 9, "it takes nothing back either");
}

#[test]
fn attempts_that_are_abandoned_push_no_failure_out() {
    let (throttle, _) = throttle();
    assert_eq!(failures(&throttle, "alice", HOME), 10);
    for number in 0..=MAX_WINDOWS {
        assert!(throttle.begin(&number.to_string(), ip(HOME)).is_ok());
    }
    assert_eq!(sizes(&throttle), [1, 1, 0]);
    assert_eq!(failures(&throttle, "alice", HOME), 0);
}

#[test]
fn names_that_differ_in_case_or_spaces_are_one_account() {
    let (throttle, _) = throttle();
    for name in ["alice", "Alice", " ALICE ", "alice\t", "aLICE"] {
        for _ in 0..2 {
            assert!(fails(&throttle, name, HOME));
        }
    }
    assert_eq!(failures(&throttle, "alice", HOME), 0);
    assert_eq!(failures(&throttle, "alice2", HOME), 10);
    assert_eq!(failures(&throttle, &"x".repeat(1 << 20), HOME), 10);
}

#[test]
fn a_subject_may_fail_ten_times_whatever_its_names_are() {
    let (throttle, seconds) = throttle();
    let found = |number: usize| {
        let mut attempt = throttle.begin(&format!("alice{number}"), ip(HOME)).ok().unwrap();
        (attempt.found("u-1"), attempt)
    };
    let running: Vec<_> = (0..64).map(found).collect();
    assert_eq!(running.iter().filter(|(found, _)| *found).count(), 10);
    running.into_iter().for_each(|(_, attempt)| attempt.failed());
    assert!(!found(64).0);
    let mut elsewhere = throttle.begin("alice", ip("192.0.2.2")).ok().unwrap();
    assert!(elsewhere.found("u-1"));
    drop(elsewhere);
    seconds.fetch_add(900, Ordering::Relaxed);
    for _ in 0..2 {
        for number in 0..9 {
            found(number).1.failed();
        }
        let (may, attempt) = found(9);
        assert!(may);
        attempt.succeeded();
    }
    assert_eq!(failures(&throttle, "u-1", HOME), 10, "a name is no subject");
}

#[test]
fn without_an_address_nothing_is_counted() {
    let (throttle, _) = throttle();
    for _ in 0..64 {
        let mut attempt = throttle.begin("alice", None).ok().unwrap();
        assert!(attempt.found("u-1"));
        attempt.failed();
    }
    assert_eq!(sizes(&throttle), [0, 0, 0]);
}

#[test]
fn an_ipv6_client_has_one_window_for_its_64_and_an_ipv4_client_one_in_either_spelling() {
    for (first, same, other) in [
        ("2001:db8::1", "2001:db8::ffff:ffff:ffff:ffff", "2001:db8:0:1::1"),
        ("192.0.2.1", "::ffff:192.0.2.1", "192.0.2.2"),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.1", "::ffff:192.0.2.2"),
    ] {
        let (throttle, _) = throttle();
        assert_eq!(failures(&throttle, "alice", first), 10);
        assert_eq!(failures(&throttle, "alice", same), 0, "{same}");
        assert_eq!(failures(&throttle, "alice", other), 10, "{other}");
    }
}

#[test]
fn a_clock_that_is_set_back_locks_nobody_out() {
    let (throttle, seconds) = throttle();
    assert_eq!(failures(&throttle, "alice", HOME), 10);
    seconds.fetch_sub(3600, Ordering::Relaxed);
    assert_eq!(failures(&throttle, "alice", HOME), 10);
    assert_eq!(failures(&throttle, "alice", HOME), 0);
}

#[test]
fn a_flood_of_names_fills_all_places_and_then_frees_the_oldest() {
    let (throttle, seconds) = throttle();
    assert_eq!(failures(&throttle, "alice", HOME), 10);
    seconds.fetch_add(1, Ordering::Relaxed);
    for number in 1..MAX_WINDOWS {
        assert!(fails(&throttle, &number.to_string(), HOME));
    }
    assert_eq!(failures(&throttle, "alice", HOME), 0, "all have a place");
    for number in 0..1000 {
        let name = format!("late {number}");
        assert!(fails(&throttle, &name, HOME), "new names are let in all the same");
    }
    assert_eq!(sizes(&throttle), [MAX_WINDOWS, MAX_WINDOWS, 0]);
    assert_eq!(failures(&throttle, "alice", HOME), 10);

    seconds.fetch_add(900, Ordering::Relaxed);
    assert!(fails(&throttle, "bob", HOME));
    assert_eq!(sizes(&throttle), [1, 1, 0], "what has ended is forgotten");
}
