use std::{
    cell::Cell,
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use super::*;
use crate::{clock::Timestamp, issuer::schedule::Schedule};

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

fn at(since_start: Duration) -> Timestamp {
    Timestamp::from_millis(1_700_000_000_000).plus(since_start)
}

/// A ring whose keys are named k1, k2, .. in the order in which they were made.
struct Ring {
    schedule: Schedule,
    made: Cell<u32>,
    roster: Roster<()>,
}

impl Ring {
    fn new(schedule: Schedule) -> Self {
        schedule.check().unwrap();
        let made = Cell::new(0);
        let roster = planner(&schedule, at(Duration::ZERO), &|| make(&made)).first().unwrap().roster;
        Self { schedule, made, roster }
    }

    fn advance(&mut self, now: Duration) -> Vec<Change> {
        let step = planner(&self.schedule, at(now), &|| make(&self.made)).advance(&self.roster).unwrap();
        self.roster = step.roster;
        step.changes
    }

    fn rotate(&mut self, now: Duration) -> Timestamp {
        let (step, due) =
            planner(&self.schedule, at(now), &|| make(&self.made)).rotate(&self.roster).unwrap();
        self.roster = step.roster;
        due
    }

    fn withdraw(&mut self, now: Duration, kid: &str) -> Vec<Change> {
        let step =
            planner(&self.schedule, at(now), &|| make(&self.made)).withdraw(&self.roster, kid).unwrap();
        self.roster = step.roster;
        step.changes
    }

    fn current(&self) -> &str {
        &self.roster.current.key.kid
    }

    fn kids(&self) -> Vec<&str> {
        self.roster.kids().collect()
    }
}

type Made = Result<Named<()>, crate::error::ConfigError>;

fn planner<'a>(schedule: &'a Schedule, now: Timestamp, make: &'a dyn Fn() -> Made) -> Planner<'a, ()> {
    Planner { now, schedule, token_life: Duration::ZERO, make }
}

fn make(made: &Cell<u32>) -> Made {
    made.set(made.get() + 1);
    Ok(Named { kid: format!("k{}", made.get()), key: () })
}

type Kind = fn(String) -> Change;

fn changes(list: &[(Kind, &str)]) -> Vec<Change> {
    list.iter().map(|(change, kid)| change((*kid).to_owned())).collect()
}

#[test]
fn a_key_is_announced_then_signs_then_stays_and_then_goes() {
    let mut ring = Ring::new(Schedule::default());
    assert_eq!(ring.advance(76 * DAY - SECOND), []);
    assert_eq!(ring.advance(76 * DAY), changes(&[(Change::Announced, "k2")]));
    assert_eq!(ring.advance(90 * DAY - SECOND), []);
    assert_eq!(ring.advance(90 * DAY), changes(&[(Change::Switched, "k2"), (Change::Retired, "k1")]));
    assert_eq!(ring.advance(91 * DAY), [], "the store's clock may have jumped");
    assert_eq!(ring.advance(91 * DAY + 60 * SECOND), changes(&[(Change::Dropped, "k1")]));
    assert_eq!(ring.kids(), ["k2"]);
}

#[test]
fn a_key_that_was_announced_late_signs_late() {
    let mut ring = Ring::new(Schedule::default());
    assert_eq!(ring.advance(300 * DAY), changes(&[(Change::Announced, "k2")]), "the process slept");
    assert_eq!(ring.advance(314 * DAY - SECOND), []);
    assert_eq!(ring.advance(314 * DAY).len(), 2);
    assert_eq!(ring.current(), "k2");
    assert_eq!(
        ring.advance(314 * DAY + 76 * DAY),
        changes(&[(Change::Dropped, "k1"), (Change::Announced, "k3")])
    );
}

#[test]
fn a_clock_that_was_set_back_moves_nothing() {
    let mut ring = Ring::new(Schedule::default());
    ring.advance(76 * DAY);
    ring.advance(90 * DAY);
    for now in [80 * DAY, 10 * DAY, Duration::ZERO] {
        assert_eq!(ring.advance(now), []);
    }
}

#[test]
fn a_rotation_by_hand_waits_only_for_the_verifiers() {
    let settling = Schedule::default().settling();
    let mut ring = Ring::new(Schedule::default());
    assert_eq!(ring.rotate(HOUR), at(HOUR + settling), "a missing next key is made now");
    assert_eq!(ring.rotate(HOUR + SECOND), at(HOUR + settling), "asking twice changes nothing");
    assert_eq!(ring.kids(), ["k2", "k1"]);
    assert_eq!(ring.advance(HOUR + settling - SECOND), []);
    ring.advance(HOUR + settling);
    assert_eq!(ring.kids(), ["k2", "k1"]);
    assert_eq!(ring.current(), "k2");

    let mut ring = Ring::new(Schedule::default());
    ring.advance(76 * DAY);
    assert_eq!(ring.rotate(77 * DAY), at(77 * DAY), "one that verifiers know already signs at once");
    assert_eq!(ring.current(), "k2");
}

#[test]
fn nobody_can_rotate_until_the_set_is_too_large_to_be_read() {
    let mut ring = Ring::new(Schedule::default().retire(4000 * DAY).lifetime(90 * DAY));
    let mut now = Duration::ZERO;
    for _ in 0..90 {
        ring.rotate(now);
        now += 2 * HOUR;
        ring.advance(now);
    }
    let made = Cell::new(1000);
    let error = planner(&ring.schedule, at(now), &|| make(&made)).rotate(&ring.roster).unwrap_err();
    assert!(error.to_string().contains("90 replaced keys are still kept"), "{error}");
    ring.advance(now + 76 * DAY);
    assert!(ring.roster.next.is_some(), "the schedule goes on");
}

#[test]
fn a_withdrawn_key_is_gone_at_once() {
    let mut ring = Ring::new(Schedule::default());
    ring.advance(76 * DAY);
    let now = 77 * DAY;
    assert_eq!(ring.withdraw(now, "k1"), changes(&[(Change::Withdrawn, "k1"), (Change::Switched, "k2")]));
    assert_eq!(ring.kids(), ["k2"], "it is not even retired");
    assert_eq!(ring.withdraw(now, "k2"), changes(&[(Change::Withdrawn, "k2"), (Change::Switched, "k3")]));
    assert_eq!(ring.kids(), ["k3"], "a new one signs where there was no next");
    ring.rotate(now);
    assert_eq!(ring.withdraw(now, "k4"), changes(&[(Change::Withdrawn, "k4")]));
    ring.rotate(now);
    ring.advance(now + 2 * HOUR);
    assert_eq!(ring.kids(), ["k5", "k3"]);
    ring.withdraw(now + 2 * HOUR, "k3");
    assert_eq!(ring.kids(), ["k5"]);
}

#[test]
fn an_unknown_key_cannot_be_withdrawn() {
    let mut ring = Ring::new(Schedule::default());
    ring.rotate(Duration::ZERO);
    let made = Cell::new(9);
    let error = planner(&ring.schedule, at(HOUR), &|| make(&made)).withdraw(&ring.roster, "k7").unwrap_err();
    assert_eq!(error.to_string(), "kid: no key of the ring is named \"k7\"; there are k2, k1");
}

#[test]
fn a_schedule_that_grew_shorter_drops_no_key_whose_tokens_live() {
    let mut ring = Ring::new(Schedule::default().retire(10 * DAY));
    ring.advance(76 * DAY);
    ring.advance(90 * DAY);
    ring.schedule = Schedule::default().retire(DAY);
    ring.advance(92 * DAY);
    assert_eq!(ring.kids(), ["k2", "k1"]);
    ring.schedule = Schedule::default().retire(20 * DAY);
    ring.advance(101 * DAY);
    assert_eq!(ring.kids(), ["k2", "k1"], "nor does one that grew longer");
    ring.advance(111 * DAY);
    assert_eq!(ring.kids(), ["k2"]);
}

#[test]
fn a_schedule_that_grew_shorter_waits_for_verifiers_that_were_told_the_old_one() {
    let slow = Schedule::default().verifier_cache(DAY);
    let mut ring = Ring::new(slow);
    ring.rotate(Duration::ZERO);
    ring.schedule = Schedule::default();
    ring.advance(2 * HOUR);
    assert_eq!(ring.current(), "k1");
    ring.advance(slow.settling());
    assert_eq!(ring.current(), "k2");
}

#[test]
fn the_longest_life_of_a_token_is_known_until_its_key_is_gone() {
    let mut ring = Ring::new(Schedule::default());
    let advance = |ring: &mut Ring, now, token_life| {
        let make = || make(&ring.made);
        let step = Planner { token_life, ..planner(&ring.schedule, at(now), &make) }.advance(&ring.roster);
        let Step { roster, changes } = step.unwrap();
        ring.roster = roster;
        (changes, ring.roster.token_life())
    };
    let prolonged = |kid: &str| vec![Change::Prolonged(kid.to_owned())];
    assert_eq!(advance(&mut ring, DAY, HOUR), (prolonged("k1"), HOUR));
    assert_eq!(advance(&mut ring, DAY, 8 * HOUR), (prolonged("k1"), 8 * HOUR));
    assert_eq!(advance(&mut ring, DAY, HOUR), (vec![], 8 * HOUR), "tokens of before live on");
    advance(&mut ring, 76 * DAY, HOUR);
    assert_eq!(advance(&mut ring, 90 * DAY, HOUR).1, 8 * HOUR, "the key verifies although it signs no more");
    assert_eq!(advance(&mut ring, 92 * DAY, HOUR).1, HOUR, "nothing that it signed verifies");
    ring.withdraw(93 * DAY, "k2");
    assert_eq!(ring.roster.token_life(), Duration::ZERO);
}

/// Numbers that are the same for the same seed (splitmix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound.max(1)
    }

    fn up_to(&mut self, most: Duration) -> Duration {
        Duration::from_millis(self.below(most.as_millis() as u64 + 1))
    }
}

/// A process with what it read last, and when it asked for it.
#[derive(Clone)]
struct Node {
    roster: Roster<()>,
    asked: Duration,
}

/// Nodes on one store, and an observer who knows the true time and remembers everything.
struct World {
    random: Random,
    schedule: Schedule,
    token_life: Duration,
    /// The true time; the store's clock is never further off than half the skew.
    now: Duration,
    made: Cell<u32>,
    stored: Roster<()>,
    nodes: Vec<Node>,
    published: BTreeMap<String, Duration>,
    exempt: BTreeSet<String>,
    withdrawn: BTreeSet<String>,
    /// Until when a token that the key signed may live.
    alive: BTreeMap<String, Duration>,
}

impl World {
    fn new(seed: u64) -> Self {
        let mut random = Random(seed);
        let second = Duration::from_secs;
        let schedule = Schedule::default()
            .jwks_max_age(second(60 + random.below(3541)))
            .verifier_cache(second(random.below(7200)))
            .poll(second(1 + random.below(600)))
            .skew(second(random.below(120)));
        let token_life = second(1 + random.below(7200));
        let announce = schedule.settling() + second(1 + random.below(100_000));
        let lifetime = announce + second(1 + random.below(100_000));
        let schedule = schedule.announce(announce).lifetime(lifetime);
        let retire = token_life + second(60) + schedule.poll + second(random.below(1000));
        let schedule = schedule.retire(retire);
        schedule.check_token_life(token_life).unwrap();
        let Ring { made, roster, .. } = Ring::new(schedule);
        let first = roster.current.key.kid.clone();
        let node = Node { roster: roster.clone(), asked: Duration::ZERO };
        let nodes = vec![node; 1 + random.below(4) as usize];
        Self {
            random,
            schedule,
            token_life,
            now: Duration::ZERO,
            made,
            stored: roster,
            nodes,
            published: [(first.clone(), Duration::ZERO)].into(),
            exempt: [first].into(),
            withdrawn: BTreeSet::new(),
            alive: BTreeMap::new(),
        }
    }

    fn step(&mut self) {
        let nap = match self.random.below(10) {
            0 => self.schedule.lifetime * 2,
            1..=3 => self.schedule.settling(),
            _ => self.schedule.poll,
        };
        self.now += self.random.up_to(nap);
        let node = self.random.below(self.nodes.len() as u64) as usize;
        match self.random.below(40) {
            0 => self.act(node, |planner, roster| planner.rotate(roster).unwrap().0),
            1 => {
                let kids: Vec<_> = self.stored.kids().map(str::to_owned).collect();
                let kid = kids[self.random.below(kids.len() as u64) as usize].clone();
                self.withdrawn.insert(kid.clone());
                let signs = self.stored.current.key.kid == kid;
                self.act(node, |planner, roster| planner.withdraw(roster, &kid).unwrap());
                if signs {
                    self.exempt.insert(self.stored.current.key.kid.clone());
                }
            }
            2..=20 => self.act(node, |planner, roster| planner.advance(roster).unwrap()),
            _ => self.sign(node),
        }
        self.check();
    }

    /// Reads, plans and writes, and dies between two of these now and then. What a node that writes had read
    /// is always the newest: that is what compare-and-swap means.
    fn act(&mut self, node: usize, plan: impl Fn(&Planner<'_, ()>, &Roster<()>) -> Step<()>) {
        let asked = self.now;
        // The three steps take less than a node's patience together.
        let clock = at(HOUR + self.now + self.random.up_to(self.schedule.skew) - self.schedule.skew / 2);
        let make = || make(&self.made);
        let planner = planner(&self.schedule, clock, &make);
        let step = plan(&planner, &self.stored);
        let must_write = step.changes.iter().any(|change| matches!(change, Change::Withdrawn(_)));
        if self.random.below(8) == 0 && !must_write {
            return;
        }
        if !step.changes.is_empty() {
            self.stored = step.roster;
        }
        for kid in self.stored.kids() {
            self.published.entry(kid.to_owned()).or_insert(self.now);
        }
        if self.random.below(8) != 0 {
            self.nodes[node] = Node { roster: self.stored.clone(), asked };
        }
    }

    fn sign(&mut self, node: usize) {
        let Node { roster, asked } = &self.nodes[node];
        if self.now - *asked > self.schedule.poll {
            return;
        }
        let kid = &roster.current.key.kid;
        let known_for = self.now - self.published[kid];
        let needed = self.schedule.settling() - self.schedule.skew;
        assert!(
            known_for >= needed || self.exempt.contains(kid),
            "{kid} signs {known_for:?} after it was published"
        );
        self.alive.insert(kid.clone(), self.now + self.token_life + 60 * SECOND);
    }

    fn check(&self) {
        let kids: BTreeSet<_> = self.stored.kids().map(str::to_owned).collect();
        assert_eq!(kids.len(), self.stored.kids().count(), "every kid is there once");
        assert_eq!(kids.intersection(&self.withdrawn).next(), None, "a withdrawn key never comes back");
        for (kid, until) in &self.alive {
            let needed = self.now < *until && !self.withdrawn.contains(kid);
            assert!(!needed || kids.contains(kid), "{kid} went while its tokens live");
        }
    }
}

#[test]
fn whatever_the_clock_the_operator_and_crashes_do_every_token_finds_its_key() {
    let (mut keys, mut signed) = (0, 0);
    for seed in 0..400 {
        let mut world = World::new(seed);
        for _ in 0..400 {
            world.step();
        }
        keys += world.published.len();
        signed += world.alive.len();
    }
    assert!(keys > 4000 && signed > 2000, "the worlds were too quiet: {keys} keys, {signed} of them signed");
}
