//! A client and a thief who hold one token, round after round.
//!
//! A request lasts from when it is judged to its answer; slow accounts make it long. Where the two requests
//! of a round are more than a window apart, the second one is the alarm.

use super::{
    super::Outcome,
    act::{Setting, ThiefLabel, W, Who},
    random::Random,
    run::Counts,
    world::World,
};
use crate::error::Code;

#[derive(Clone, Copy, Debug)]
struct Round {
    first: Who,
    /// How long its accounts take.
    first_takes: u64,
    second: Who,
    second_after: u64,
    second_takes: u64,
    /// The second one refreshes again while the first one waits.
    overtakes: bool,
}

impl Round {
    fn random(random: &mut Random) -> Self {
        let (first, second) = random.pick(&[(Who::Client, Who::Thief), (Who::Thief, Who::Client)]);
        let slow = |random: &mut Random| if random.percent(50) { 0 } else { random.below(6 * W) };
        Self {
            first,
            first_takes: slow(random),
            second,
            second_after: random.below(5 * W),
            second_takes: slow(random),
            overtakes: random.percent(30),
        }
    }

    fn is_apart(&self) -> bool {
        self.second_after > self.first_takes + W
    }

    /// How the requests were judged, each at first and in the end.
    fn play(&self, world: &mut World<'_>) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        let first = world.send(self.first).unwrap();
        outcomes.extend(world.step(first).unwrap());
        let mut second = 0;
        let answer = self.second_after + self.second_takes;
        for time in 0..=self.first_takes.max(answer) + W {
            if time == self.first_takes {
                outcomes.extend(world.finish_one(first).unwrap());
            }
            if time == self.second_after {
                second = world.send(self.second).unwrap();
                outcomes.extend(world.step(second).unwrap());
            }
            if time == answer {
                outcomes.extend(world.finish_one(second).unwrap());
            }
            if self.overtakes && time == answer + W + 1 && time < self.first_takes {
                let again = world.send(self.second).unwrap();
                outcomes.extend(world.finish_one(again).unwrap());
            }
            world.wait(1);
        }
        outcomes
    }
}

#[test]
fn a_thief_is_silent_only_beside_a_request_of_the_client() {
    let (mut apart, mut silent, mut contended) = (0, 0, 0);
    for seed in 0..20_000 {
        let mut random = Random::new(seed);
        let setting = Setting { thief: Some(ThiefLabel::Same), ..Setting::CALM };
        let mut counts = Counts::default();
        let mut world = World::new(setting, None, &mut counts);
        let first = world.send(Who::Client).unwrap();
        world.finish_one(first).unwrap();
        world.wait(W + 1);
        world.steal(1);
        let mut lost_a_race = false;
        for _ in 0..6 {
            let round = Round::random(&mut random);
            let outcomes = round.play(&mut world);
            let is_alarm = outcomes.contains(&Outcome::Reuse);
            assert!(is_alarm || !round.is_apart(), "seed {seed}: {round:?}: {outcomes:?}");
            assert!(is_alarm || !lost_a_race, "seed {seed}: silent for two rounds: {outcomes:?}");
            if is_alarm {
                apart += u64::from(round.is_apart());
                break;
            }
            silent += 1;
            lost_a_race = outcomes.contains(&Outcome::Refused(Code::RefreshContended));
            contended += u64::from(lost_a_race);
        }
    }
    println!(
        "{apart} rounds apart, all with an alarm; {silent} silent ones, {contended} of them asked to retry"
    );
    assert!(apart > 1000 && silent > 1000 && contended > 100);
}
