//! How much a set holds, and for how long.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::Duration,
};

use super::support::{ISSUER, clock, entry, entry_until, generation, session};
use crate::revocation::{Revocations, filter::Filter, key::Kind, key::Seeds, table::shard};

const SECOND: Duration = Duration::from_secs(1);

fn holds(revocations: &Revocations, id: usize) -> bool {
    revocations.holds_session(ISSUER, &id.to_string())
}

fn numbered(id: usize) -> crate::revocation::Grain {
    session(&id.to_string())
}

#[test]
fn nothing_is_lost_while_tables_grow_and_nothing_is_made_up() {
    let revocations = Revocations::builder().capacity(50_000).in_memory();
    for id in 0..50_000 {
        revocations.hold(&entry(numbered(id))).unwrap();
    }
    assert!((0..50_000).all(|id| holds(&revocations, id)));
    assert!((50_000..200_000).all(|id| !holds(&revocations, id)));
}

#[test]
fn a_full_set_fails_and_forgets_nothing() {
    let clock = clock();
    let revocations = Revocations::builder().capacity(3).clock(clock.clone()).in_memory();
    for id in 0..3 {
        revocations.hold(&entry_until(numbered(id), 100 + id as u64)).unwrap();
    }
    clock.advance(100 * SECOND);
    let error = revocations.hold(&entry(numbered(3))).unwrap_err();
    assert_eq!((error.code(), error.kind().public_code()), ("revocations_full", "temporarily_unavailable"));
    assert!((0..3).all(|id| holds(&revocations, id)) && !holds(&revocations, 3));
    // What is held already needs no room.
    revocations.hold(&entry_until(numbered(2), 50)).unwrap();
    // One has expired, and makes room for one.
    clock.advance(SECOND);
    revocations.hold(&entry(numbered(3))).unwrap();
    revocations.hold(&entry(numbered(4))).unwrap_err();
    assert!(!holds(&revocations, 0) && (1..4).all(|id| holds(&revocations, id)) && !holds(&revocations, 4));
}

#[test]
fn a_set_without_room_takes_nothing() {
    let revocations = Revocations::builder().capacity(0).in_memory();
    assert_eq!(revocations.hold(&entry(session("a"))).unwrap_err().code(), "revocations_full");
}

#[test]
fn an_entry_lives_until_its_latest_end() {
    for ends in [[100, 200], [200, 100]] {
        let clock = clock();
        let revocations = Revocations::builder().capacity(1).clock(clock.clone()).in_memory();
        for end in ends {
            revocations.hold(&entry_until(generation(end), end)).unwrap();
        }
        clock.advance(200 * SECOND);
        revocations.hold(&entry(session("a"))).unwrap_err();
        assert_eq!(revocations.held_generation(ISSUER, "alice"), 200);
        clock.advance(SECOND);
        revocations.hold(&entry(session("a"))).unwrap();
        assert_eq!(revocations.held_generation(ISSUER, "alice"), 0);
    }
}

#[test]
fn an_entry_is_forgotten_when_it_is_over_by_the_wall_clock_and_by_the_time_that_passed() {
    let (hour, life) = (3600 * SECOND, 720 * SECOND);
    let far = 10 * hour;
    for (text, change, is_over) in [
        ("its time passed", &[Step::Advance(life + SECOND)][..], true),
        ("set forward", &[Step::Forward(hour)], false),
        ("set forward and back", &[Step::Forward(hour), Step::Back(hour)], false),
        ("set forward, and time passes", &[Step::Forward(hour), Step::Advance(life + SECOND)], true),
        ("set back, and time passes", &[Step::Back(hour), Step::Advance(life + SECOND)], false),
        (
            "set back, until the clock was there",
            &[Step::Back(hour), Step::Advance(hour + life + SECOND)],
            true,
        ),
    ] {
        let clock = clock();
        clock.advance(far);
        let revocations = Revocations::builder().capacity(1).clock(clock.clone()).in_memory();
        revocations.hold(&entry_until(session("a"), (far + life).as_secs())).unwrap();
        for step in change {
            match *step {
                Step::Advance(time) => clock.advance(time),
                Step::Forward(time) => clock.set_forward(time),
                Step::Back(time) => clock.set_back(time),
            }
        }
        let made_room = revocations.hold(&entry(session("b"))).is_ok();
        assert_eq!(made_room, is_over, "{text}");
        assert_eq!(revocations.holds_session(ISSUER, "a"), !is_over, "{text}");
    }
}

/// What becomes of a clock.
enum Step {
    Advance(Duration),
    Forward(Duration),
    Back(Duration),
}

#[test]
fn insertions_sweep_out_what_has_expired() {
    let clock = clock();
    let revocations = Revocations::builder().clock(clock.clone()).in_memory();
    for id in 0..10_000 {
        revocations.hold(&entry_until(numbered(id), if id % 10 == 0 { 4_000_000_000 } else { 100 })).unwrap();
    }
    clock.advance(200 * SECOND);
    // Enough to touch every shard.
    for id in 10_000..20_000 {
        revocations.hold(&entry(numbered(id))).unwrap();
    }
    assert!(format!("{revocations:?}").contains(" sessions: 11000,"), "{revocations:?}");
    assert!((0..10_000).all(|id| holds(&revocations, id) == (id % 10 == 0)));
    assert!((10_000..20_000).all(|id| holds(&revocations, id)));
}

#[test]
fn threads_that_insert_and_sweep_lose_nothing_that_others_look_for() {
    const EACH: usize = 20_000;
    let clock = clock();
    let revocations = Revocations::builder().capacity(4 * EACH).clock(clock.clone()).in_memory();
    // Up to where each writer has come.
    let done = [const { AtomicUsize::new(0) }; 2];
    thread::scope(|scope| {
        for (writer, done) in done.iter().enumerate() {
            let (revocations, clock) = (&revocations, &clock);
            scope.spawn(move || {
                for index in 0..EACH {
                    let id = writer * EACH + index;
                    revocations.hold(&entry(numbered(id))).unwrap();
                    done.store(index + 1, Ordering::Release);
                    // What soon expires, so that every shard is swept again and again.
                    let short = entry_until(session(&format!("short {id}")), index as u64 / 10);
                    revocations.hold(&short).unwrap();
                    clock.advance(SECOND / 10);
                }
            });
        }
        for (writer, done) in done.iter().enumerate() {
            let revocations = &revocations;
            scope.spawn(move || {
                let mut next = 0;
                while next < EACH {
                    let known = done.load(Ordering::Acquire);
                    assert!((next / 2..known).all(|index| holds(revocations, writer * EACH + index)));
                    next = known;
                    thread::yield_now();
                }
            });
        }
    });
    assert!((0..2 * EACH).all(|id| holds(&revocations, id)));
}

#[test]
fn a_filter_says_no_to_nothing_that_it_holds_even_when_far_too_small() {
    let seeds = Seeds::random();
    let place = |id: u32| seeds.place(Kind::Token, seeds.issuer(ISSUER), &id.to_string());
    for capacity in [0, 1, 1000, 100_000] {
        let filter = Filter::new(capacity);
        (0..10_000).for_each(|id| filter.add(place(id)));
        assert!((0..10_000).all(|id| filter.may_hold(place(id))), "{capacity}");
        // Rewritten for one shard alone, it forgets there and nowhere else.
        let kept = |id: &u32| shard(place(*id)) != 7 || id.is_multiple_of(2);
        filter.rewrite(7, (0..10_000).filter(kept).map(place).filter(|place| shard(*place) == 7));
        assert!((0..10_000).filter(kept).all(|id| filter.may_hold(place(id))), "{capacity}");
    }
    let filter = Filter::new(100_000);
    (0..100_000).for_each(|id| filter.add(place(id)));
    let wrong = (100_000..200_000).filter(|id| filter.may_hold(place(*id))).count();
    assert!(wrong < 2000, "{wrong} of 100,000 absent names were let through");
}
