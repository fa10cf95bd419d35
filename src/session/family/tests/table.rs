use std::time::Duration;

use super::super::{
    Moment, Notice::*, Outage, Outcome, Outcome::*, Presented, Terms, Timestamp, Transport, present,
};
use crate::{error::Code, session::record::Family};

const W: u64 = 10_000;
const HOUR: u64 = 3_600_000;
/// When the record was rotated; times are milliseconds.
const T: u64 = 1_700_000_000_000;

fn at(millis: u64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn terms() -> Terms {
    Terms {
        window: Duration::from_millis(W),
        transport: Transport::Body,
        expires: at(T + 48 * HOUR),
        idle_limit: Duration::from_millis(24 * HOUR),
    }
}

fn record(counter: u64) -> Family {
    Family { counter, rotated_at: at(T), label: Some("firefox".into()), ended: false }
}

fn token(counter: u64) -> Presented<'static> {
    Presented { counter, transport: Transport::Body, label: Some("firefox"), raced: false }
}

fn moment(now: u64) -> Moment {
    Moment { now: at(now), outage: None }
}

fn serve(counter: u64) -> Outcome {
    Serve { counter, notice: None }
}

fn rotate(counter: u64) -> Outcome {
    Rotate { counter, notice: None }
}

const GRACE: Outcome = Serve { counter: 7, notice: Some(ConcurrentRefresh) };
const ADOPT: Outcome = Rotate { counter: 9, notice: Some(StoreRolledBack) };

#[test]
fn each_counter_is_judged_by_the_window() {
    for (text, record_counter, counter, inside, after) in [
        ("the current one", 7, 7, serve(7), rotate(8)),
        ("the one before", 7, 6, GRACE, Reuse),
        ("older", 7, 5, Reuse, Reuse),
        ("the oldest", 7, 0, Reuse, Reuse),
        ("above the record", 7, 9, ADOPT, ADOPT),
        ("above a new record", 0, 9, ADOPT, ADOPT),
        ("the first of a login", 0, 0, rotate(1), rotate(1)),
        ("the one before the second", 1, 0, Serve { counter: 1, notice: Some(ConcurrentRefresh) }, Reuse),
    ] {
        for (now, expected) in [
            (T, inside),
            (T + W, inside),
            (T - HOUR, inside), // the clock was set back
            (0, inside),
            (T + W + 1, after),
            (T + HOUR, after),
        ] {
            let outcome = present(&record(record_counter), &terms(), &token(counter), moment(now));
            assert_eq!(outcome, expected, "{text}, {} ms after the rotation", now as i64 - T as i64);
        }
    }
}

#[test]
fn a_window_that_was_open_when_the_store_went_away_is_open_until_one_after_it_is_back() {
    let judge = |counter, from, until, now| {
        let outage = Some(Outage { from: at(from), until: at(until) });
        present(&record(7), &terms(), &token(counter), Moment { now: at(now), outage })
    };
    let back = T + HOUR;
    for (from, now, is_inside) in [
        (T, back, true),
        (T, back + W, true),
        (T + W, back + W, true),
        (T - W, back, true),
        (T, back + W + 1, false),
        (T + W + 1, back, false),
    ] {
        let text = format!("rotated {T}, away {from} to {back}, now {now}");
        assert_eq!(judge(7, from, back, now), if is_inside { serve(7) } else { rotate(8) }, "{text}");
        assert_eq!(judge(6, from, back, now), if is_inside { GRACE } else { Reuse }, "{text}");
        assert_eq!(judge(5, from, back, now), Reuse, "{text}");
        assert_eq!(judge(9, from, back, now), ADOPT, "{text}");
    }
    let outage = Some(Outage { from: at(T), until: at(back) });
    let first = present(&record(0), &terms(), &token(0), Moment { now: at(back), outage });
    assert_eq!(first, rotate(1), "the first token of a login has no window");
}

#[test]
fn what_is_over_is_over_whichever_token_comes() {
    let ended = Family { ended: true, ..record(7) };
    let cookie = |counter| Presented { transport: Transport::Cookie, ..token(counter) };
    let (late, idle) = (moment(T + 48 * HOUR), moment(T + 24 * HOUR));
    for counter in [0, 5, 6, 7, 9] {
        let by = |family: &Family, presented, moment| present(family, &terms(), &presented, moment);
        let expired = Refused(Code::SessionExpired);
        assert_eq!(by(&ended, cookie(counter), late), Refused(Code::SessionEnded), "{counter}");
        assert_eq!(by(&record(7), cookie(counter), late), expired, "{counter}");
        assert_eq!(by(&record(7), cookie(counter), idle), Refused(Code::WrongTransport), "{counter}");
        assert_eq!(by(&record(7), token(counter), late), expired, "{counter}");
        // Who shows a counter above the record has refreshed since; only the store does not know.
        assert_eq!(by(&record(7), token(counter), idle), if counter == 9 { ADOPT } else { expired });
    }
    let just_not = moment(T + 24 * HOUR - 1);
    assert_eq!(present(&record(7), &terms(), &token(7), just_not), rotate(8));
}

#[test]
fn another_client_is_told_of_and_gets_nothing_for_a_used_token() {
    let changed = Some(LabelChanged);
    for (last, this, is_other) in [
        (Some("firefox"), Some("firefox"), false),
        (Some("firefox"), Some("curl"), true),
        (Some("firefox"), None, false),
        (None, Some("curl"), false),
        (None, None, false),
    ] {
        let family = Family { label: last.map(String::from), ..record(7) };
        let by = |counter, now| {
            present(&family, &terms(), &Presented { label: this, ..token(counter) }, moment(now))
        };
        let text = format!("{last:?}, then {this:?}");
        let notice = if is_other { changed } else { None };
        assert_eq!(by(7, T), Serve { counter: 7, notice }, "{text}");
        assert_eq!(by(7, T + HOUR), Rotate { counter: 8, notice }, "{text}");
        assert_eq!(by(6, T), if is_other { Reuse } else { GRACE }, "{text}");
        assert_eq!(by(6, T + HOUR), Reuse, "{text}");
        assert_eq!(by(9, T), ADOPT, "{text}");
    }
}

#[test]
fn a_request_that_lost_a_race_is_served_or_asked_to_come_again_and_is_no_alarm() {
    let contended = Refused(Code::RefreshContended);
    for now in [T - HOUR, T, T + W + 1, T + HOUR] {
        let by = |presented| present(&record(7), &terms(), &presented, moment(now));
        let raced = |counter| Presented { raced: true, ..token(counter) };
        assert_eq!(by(raced(7)), serve(7));
        assert_eq!(by(raced(6)), GRACE);
        assert_eq!(by(Presented { label: Some("curl"), ..raced(6) }), contended);
        assert_eq!(by(raced(5)), contended);
        assert_eq!(by(raced(9)), ADOPT);
    }
}

#[test]
fn the_last_number_is_served_and_never_followed_by_the_first() {
    let last = record(u64::MAX);
    let by = |counter, now| present(&last, &terms(), &token(counter), moment(now));
    assert_eq!(by(u64::MAX, T), serve(u64::MAX));
    assert_eq!(by(u64::MAX, T + HOUR), Refused(Code::SessionExpired));
    assert_eq!(by(0, T), Reuse);
    let parent = Serve { counter: u64::MAX, notice: Some(ConcurrentRefresh) };
    assert_eq!(by(u64::MAX - 1, T), parent);
    let taken_over = Rotate { counter: u64::MAX, notice: Some(StoreRolledBack) };
    assert_eq!(present(&record(7), &terms(), &token(u64::MAX), moment(T)), taken_over);
}
