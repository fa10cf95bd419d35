//! Schedules that people meet, one by one.

use super::{
    super::{Notice::*, Outcome, Outcome::*},
    act::{Setting, ThiefLabel, W, Who},
    run::Counts,
    world::World,
};
use crate::error::Code;

const GRACE: Outcome = Serve { counter: 1, notice: Some(ConcurrentRefresh) };

fn serve(counter: u64) -> Outcome {
    Serve { counter, notice: None }
}

fn rotate(counter: u64) -> Outcome {
    Rotate { counter, notice: None }
}

fn adopt(counter: u64) -> Outcome {
    Rotate { counter, notice: Some(StoreRolledBack) }
}

/// Plays a schedule with a thief who says to be the client's browser.
fn play(schedule: impl FnOnce(&mut World<'_>)) {
    let setting = Setting { thief: Some(ThiefLabel::Same), ..Setting::CALM };
    schedule(&mut World::new(setting, None, &mut Counts::default()));
}

/// A request that is judged, and waits for its accounts or its answer.
fn judged(world: &mut World<'_>, who: Who) -> (usize, Outcome) {
    let name = world.send(who).unwrap();
    (name, step(world, name).unwrap())
}

fn step(world: &mut World<'_>, name: usize) -> Option<Outcome> {
    world.step(name).unwrap()
}

/// A request that is answered at once.
fn refresh(world: &mut World<'_>, who: Who) -> Outcome {
    let (name, outcome) = judged(world, who);
    world.finish_one(name).unwrap();
    outcome
}

#[test]
fn slow_accounts_then_a_retry() {
    play(|world| {
        let (slow, outcome) = judged(world, Who::Client);
        assert_eq!(outcome, rotate(1));
        world.wait(5 * W);
        assert_eq!(refresh(world, Who::Client), rotate(1), "the retry is faster");
        world.wait(5 * W);
        assert_eq!(step(world, slow), None, "its swap comes too late");
        assert_eq!(step(world, slow), Some(GRACE), "it was under way when the other one rotated");
        world.finish().unwrap();
        world.wait(5 * W);
        assert_eq!(refresh(world, Who::Client), rotate(2));
    });
}

#[test]
fn two_tabs_and_a_fast_second_rotation() {
    play(|world| {
        let (late, fast) = (world.send(Who::Client).unwrap(), world.send(Who::Client).unwrap());
        assert_eq!(step(world, fast), Some(rotate(1)));
        world.finish_one(fast).unwrap();
        assert_eq!(refresh(world, Who::Client), serve(1), "the new token is not rotated yet");
        world.wait(W);
        assert_eq!(step(world, late), Some(GRACE), "so the late tab's token is still the parent");
    });
}

#[test]
fn a_rollback_with_one_tab_ahead() {
    play(|world| {
        let behind = world.send(Who::Client).unwrap();
        assert_eq!(refresh(world, Who::Client), rotate(1));
        world.promote(1, 0).unwrap();
        assert_eq!(refresh(world, Who::Client), adopt(1), "the tab that is ahead keeps its token");
        assert_eq!(step(world, behind), Some(GRACE));
    });
    play(|world| {
        let behind = world.send(Who::Client).unwrap();
        assert_eq!(refresh(world, Who::Client), rotate(1));
        world.promote(1, 0).unwrap();
        assert_eq!(step(world, behind), Some(rotate(1)), "the other one comes first");
        world.finish_one(behind).unwrap();
        assert_eq!(refresh(world, Who::Client), serve(1), "and makes the same token");
    });
}

#[test]
fn an_outage_longer_than_the_window() {
    play(|world| {
        assert_eq!(refresh_lost(world), rotate(1));
        world.away(9 * W);
        world.wait(W);
        assert_eq!(refresh(world, Who::Client), GRACE);
        world.wait(W + 1);
        assert_eq!(refresh(world, Who::Client), rotate(2), "the window is over in the end");
    });
}

/// The store rotates, and the client hears nothing of it.
fn refresh_lost(world: &mut World<'_>) -> Outcome {
    let (name, outcome) = judged(world, Who::Client);
    step(world, name);
    world.lose(name);
    outcome
}

#[test]
fn two_short_outages() {
    play(|world| {
        assert_eq!(refresh_lost(world), rotate(1));
        world.away(W);
        world.wait(1);
        world.write_another();
        world.away(W);
        world.wait(1);
        assert_eq!(refresh(world, Who::Client), GRACE);
    });
}

#[test]
fn a_promoted_store_whose_clock_is_ahead() {
    play(|world| {
        assert_eq!(refresh_lost(world), rotate(1));
        world.promote(0, 50 * W as i64).unwrap();
        world.wait(W);
        assert_eq!(refresh(world, Who::Client), GRACE);
    });
    play(|world| {
        assert_eq!(refresh_lost(world), rotate(1));
        world.promote(0, -50 * W as i64).unwrap();
        world.wait(W);
        assert_eq!(refresh(world, Who::Client), GRACE, "or behind");
    });
}

#[test]
fn a_thief_inside_the_window_is_silent() {
    play(|world| {
        for round in 1..5 {
            world.steal(round as usize - 1);
            assert_eq!(refresh(world, Who::Client), rotate(round));
            world.wait(W);
            let notice = Some(ConcurrentRefresh);
            assert_eq!(refresh(world, Who::Thief), Serve { counter: round, notice });
            world.wait(W + 1);
        }
    });
}

#[test]
fn a_thief_outside_the_window_alarms_in_that_round() {
    for (first, second) in [(Who::Client, Who::Thief), (Who::Thief, Who::Client)] {
        play(|world| {
            assert_eq!(refresh(world, Who::Client), rotate(1));
            world.wait(W + 1);
            world.steal(1);
            assert_eq!(refresh(world, first), rotate(2), "{first:?} is first");
            world.wait(W + 1);
            assert_eq!(refresh(world, second), Reuse, "{second:?} is second");
            for who in [first, second] {
                assert_eq!(refresh(world, who), Refused(Code::SessionEnded), "{who:?} after it");
            }
        });
    }
}

#[test]
fn an_old_token_above_a_rolled_back_record() {
    play(|world| {
        for counter in 1..=3 {
            assert_eq!(refresh(world, Who::Client), rotate(counter));
            world.wait(W + 1);
        }
        world.steal(2);
        world.promote(2, 0).unwrap();
        // Nobody can tell that token 2 was used: the store forgot it.
        assert_eq!(refresh(world, Who::Thief), adopt(2));
        assert_eq!(refresh(world, Who::Client), adopt(3), "the client's is newer");
        world.wait(W + 1);
        assert_eq!(refresh(world, Who::Thief), Reuse);
        assert_eq!(refresh(world, Who::Client), Refused(Code::SessionEnded));
    });
}

#[test]
fn a_crash_between_marking_and_answering_a_logout_then_the_retry() {
    play(|world| {
        let logout = world.logout();
        step(world, logout); // the server holds it
        step(world, logout); // the store marked it
        world.restart_at_once(1).unwrap();
        assert_eq!(refresh(world, Who::Client), Refused(Code::SessionEnded), "it holds already");
        let retry = world.logout();
        world.finish_one(retry).unwrap();
        world.restart_at_once(1).unwrap();
        assert_eq!(refresh(world, Who::Client), Refused(Code::SessionEnded));
    });
}

#[test]
fn a_request_that_two_rotations_overtook_is_asked_to_come_again_and_then_alarms() {
    play(|world| {
        assert_eq!(refresh(world, Who::Client), rotate(1));
        world.wait(W + 1);
        world.steal(1);
        let (slow, outcome) = judged(world, Who::Client);
        assert_eq!(outcome, rotate(2));
        for counter in 2..4 {
            assert_eq!(refresh(world, Who::Thief), rotate(counter));
            world.wait(W + 1);
        }
        step(world, slow);
        assert_eq!(step(world, slow), Some(Refused(Code::RefreshContended)), "silent for once");
        assert_eq!(refresh(world, Who::Client), Reuse, "and never twice");
    });
}

/// The limit of what a server can know that writes no outages down: the client did all that it was asked for.
#[test]
fn a_restart_forgets_an_outage_of_the_store() {
    play(|world| {
        assert_eq!(refresh_lost(world), rotate(1));
        world.away(9 * W);
        world.write_another();
        world.restart_at_once(1).unwrap();
        let name = world.send(Who::Client).unwrap();
        assert_eq!(world.step(name), Err(super::ledger::CALLED_A_THIEF));
    });
}

/// The price of telling clients apart: the answer was lost in a browser that was restarted for its update.
#[test]
fn a_browser_that_is_updated_before_its_answer_came_is_taken_for_another() {
    play(|world| {
        assert_eq!(refresh_lost(world), rotate(1));
        world.browser += 1;
        let name = world.send(Who::Client).unwrap();
        assert_eq!(world.step(name), Err(super::ledger::CALLED_A_THIEF));
    });
    play(|world| {
        assert_eq!(refresh(world, Who::Client), rotate(1));
        world.browser += 1;
        let notice = Some(LabelChanged);
        assert_eq!(refresh(world, Who::Client), Serve { counter: 1, notice }, "with its answer it is not");
        world.wait(W + 1);
        assert_eq!(refresh(world, Who::Client), Rotate { counter: 2, notice });
    });
}
