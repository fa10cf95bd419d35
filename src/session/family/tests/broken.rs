//! Without a rule a promise is broken: what shows that the rules are needed, and that the tests would see it.

use super::{
    act::{
        Act::{self, *},
        Setting, ThiefLabel,
        Who::{Client, Thief},
    },
    ledger::*,
    rules::Rule,
    run::{campaign, run},
};

/// The client's first refresh, which makes token 1.
const FIRST: [Act; 4] = [Send(Client), Step(0), Step(0), Step(0)];
/// The same, but its answer is lost; the client sends token 0 again at the schedule's end.
const FIRST_LOST: [Act; 4] = [Send(Client), Step(0), Step(0), Lose(0)];
/// A refresh that nothing else interrupts.
const REFRESH: [Act; 4] = FIRST;

/// A good part of a session's life, and a refresh in it.
const LONG_LIFE: [Act; 5] = [Wait(400_000), Send(Client), Step(0), Step(0), Step(0)];

type Row = (Rule, &'static str, &'static [&'static [Act]], Broken);

const ROWS: [Row; 16] = [
    (Rule::Coalesce, "the current token would be rotated inside the window", &[&FIRST], TWO_LIVE),
    (
        Rule::Adopt,
        "one tab is ahead of a rolled-back store, the other would find its token too old",
        &[
            &[Send(Client), Send(Client), Step(0), Step(0), Step(0)],
            &[Promoted { lost: 1, skew: 0 }, Send(Client), Step(1), Step(1), Step(0)],
        ],
        CALLED_A_THIEF,
    ),
    (
        Rule::ParentOnly,
        "the grandparent would be served inside the window",
        &[&FIRST, &[Wait(3)], &REFRESH, &[Steal(0), Send(Thief), Step(0)]],
        SILENT,
    ),
    (
        Rule::Alarm,
        "a thief would come back whenever it likes",
        &[&FIRST, &[Wait(9), Steal(0), Send(Thief), Step(0)]],
        TWO_LIVE,
    ),
    (Rule::Label, "a thief with another browser", &[&FIRST, &[Steal(0), Send(Thief), Step(0)]], STRANGER),
    (Rule::Times, "a session in use would live for ever", &[&LONG_LIFE, &LONG_LIFE, &LONG_LIFE], EXPIRED),
    (
        Rule::Outages,
        "the store is away for longer than the window",
        &[&FIRST_LOST, &[Away(9)]],
        CALLED_A_THIEF,
    ),
    (
        Rule::Merge,
        "the store is away twice",
        &[&FIRST_LOST, &[Away(9), Wait(1), Other, Away(9)]],
        CALLED_A_THIEF,
    ),
    (
        Rule::Openings,
        "the server restarts twice, and writes another session between",
        &[&FIRST_LOST, &[Restart(9), Wait(1), Other, Restart(9)]],
        CALLED_A_THIEF,
    ),
    (
        Rule::RotatedAtSwap,
        "the accounts of one tab are slower than the window, the other tab is late",
        &[&[Send(Client), Step(0), Wait(9), Send(Client), Step(0), Step(1)]],
        CALLED_A_THIEF,
    ),
    (
        Rule::Raced,
        "the accounts of the loser of a race are slower than the window",
        &[&[Send(Client), Step(0), Send(Client), Step(1), Step(1), Step(1), Wait(9), Step(0), Step(0)]],
        RACE_ALARM,
    ),
    (
        Rule::Compare,
        "both requests of two would rotate",
        &[&[Send(Client), Send(Client), Step(0), Step(1), Step(0), Step(1)]],
        OFTEN,
    ),
    (
        Rule::EndedStays,
        "a refresh that was judged before a logout would rotate after it",
        &[&[Send(Client), Step(0), Logout, Step(1), Step(1), Step(1), Step(0)]],
        SWAPPED,
    ),
    (
        Rule::EndOnReuse,
        "the session would outlive the theft",
        &[&FIRST, &[Wait(9), Steal(0), Send(Thief), Step(0), Step(0)], &REFRESH],
        ALIVE,
    ),
    (
        Rule::Held,
        "the store lost a logout that the server knows",
        &[&[Logout, Step(0), Step(0), Step(0), Promoted { lost: 1, skew: 0 }], &REFRESH],
        ALIVE,
    ),
    (
        Rule::Generation,
        "everywhere would not be here",
        &[&[LogoutEverywhere, Step(0), Step(0)], &REFRESH],
        ALIVE,
    ),
];

#[test]
fn each_rule_is_needed_by_a_schedule_that_it_makes_good() {
    let setting = Setting { thief: Some(ThiefLabel::Same), ..Setting::CALM };
    for (rule, text, acts, broken) in ROWS {
        let thief = if rule == Rule::Label { ThiefLabel::Other } else { ThiefLabel::Same };
        let setting = Setting { thief: Some(thief), ..setting };
        let acts = acts.concat();
        assert_eq!(run(setting, None, &acts), Ok(()), "{text}, with the rule");
        assert_eq!(run(setting, Some(rule), &acts), Err(broken), "{text}");
    }
    for rule in Rule::ALL {
        assert!(ROWS.iter().any(|row| row.0 == rule), "{rule:?} has no row");
    }
}

#[test]
fn random_schedules_find_each_rule_that_is_missing() {
    for rule in Rule::ALL {
        match campaign(0..20_000, Some(rule)) {
            Ok(_) => panic!("no schedule needs {rule:?}"),
            Err(found) => {
                println!("{rule:?}: {} (seed {}, {} acts)", found.broken, found.seed, found.acts.len())
            }
        }
    }
}
