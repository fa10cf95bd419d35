//! Running schedules, and making those that break a promise short.

use std::{collections::BTreeMap, fmt};

use super::{
    super::{Notice, Outcome},
    act::{Act, Setting, Who},
    ledger::{Broken, Shown},
    random::Random,
    rules::Rule,
    world::World,
};

/// A schedule that breaks a promise, as short as it gets.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) seed: u64,
    pub(super) broken: Broken,
    pub(super) setting: Setting,
    pub(super) acts: Vec<Act>,
    pub(super) trace: Vec<String>,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} (seed {})", self.broken, self.seed)?;
        writeln!(f, "{:?}\nacts: {:?}", self.setting, self.acts)?;
        self.trace.iter().try_for_each(|line| writeln!(f, "    {line}"))
    }
}

/// Runs a schedule; at its end every request is answered, and the client refreshes once more.
pub(super) fn run(setting: Setting, without: Option<Rule>, acts: &[Act]) -> Result<(), Broken> {
    run_in(&mut World::new(setting, without, &mut Counts::default()), acts).map_err(|(_, broken)| broken)
}

/// An error tells how many acts it took.
fn run_in(world: &mut World<'_>, acts: &[Act]) -> Result<(), (usize, Broken)> {
    for (index, act) in acts.iter().enumerate() {
        world.act(*act).map_err(|broken| (index + 1, broken))?;
    }
    let at_end = |broken| (acts.len(), broken);
    world.finish().map_err(at_end)?;
    world.send(Who::Client);
    world.finish().map_err(at_end)
}

/// Runs that many random schedules, each by a seed of its own.
pub(super) fn campaign(seeds: std::ops::Range<u64>, without: Option<Rule>) -> Result<Counts, Box<Failure>> {
    let mut counts = Counts::default();
    for seed in seeds {
        let mut random = Random::new(seed);
        let setting = Setting::random(&mut random);
        let acts = setting.schedule(&mut random);
        counts.cases += 1;
        let outcome = run_in(&mut World::new(setting, without, &mut counts), &acts);
        if let Err((length, broken)) = outcome {
            let acts = shrink(setting, without, acts[..length].to_vec(), broken);
            let mut ignored = Counts::default();
            let mut world = World::new(setting, without, &mut ignored);
            world.traces = true;
            let _ = run_in(&mut world, &acts);
            let trace = world.trace;
            return Err(Box::new(Failure { seed, broken, setting, acts, trace }));
        }
    }
    Ok(counts)
}

/// Takes out acts as long as the same promise is broken.
fn shrink(setting: Setting, without: Option<Rule>, mut acts: Vec<Act>, broken: Broken) -> Vec<Act> {
    let breaks = |acts: &[Act]| run(setting, without, acts) == Err(broken);
    loop {
        let shorter = (0..acts.len()).rev().find_map(|index| {
            let mut fewer = acts.clone();
            fewer.remove(index);
            breaks(&fewer).then_some(fewer)
        });
        match shorter {
            Some(fewer) => acts = fewer,
            None => return acts,
        }
    }
}

/// How often each thing happened.
#[derive(Debug, Default)]
pub(super) struct Counts {
    cases: u64,
    most_loads: usize,
    of: BTreeMap<&'static str, u64>,
}

impl Counts {
    pub(super) fn act(&mut self, act: Act) {
        self.count(match act {
            Act::Wait(_) => "act: time passes",
            Act::Send(Who::Client) => "act: client sends",
            Act::Send(Who::Thief) => "act: thief sends",
            Act::Step(_) => "act: request goes on",
            Act::Lose(_) => "act: request or answer lost",
            Act::Other => "act: another session written",
            Act::Unanswered(_) => "act: store's answer lost",
            Act::Away(_) => "act: store away",
            Act::Promoted { lost: 0, skew: 0 } => "act: failover, nothing lost",
            Act::Promoted { lost: 0, .. } => "act: failover, clock jumps",
            Act::Promoted { skew: 0, .. } => "act: failover, writes lost",
            Act::Promoted { .. } => "act: failover, writes lost, clock jumps",
            Act::Replaced { .. } => "act: failover that nobody sees",
            Act::Restart(_) => "act: restart",
            Act::Steal(_) => "act: token stolen",
            Act::Update => "act: client updated",
            Act::Logout => "act: logout",
            Act::LogoutEverywhere => "act: logout everywhere",
            Act::WriteBack => "act: write-back",
        });
    }

    pub(super) fn judged(&mut self, shown: Shown, outcome: Outcome) {
        self.most_loads = self.most_loads.max(shown.loads);
        self.count(match (outcome, shown.raced) {
            (Outcome::Refused(code), _) => code.name(),
            (Outcome::Reuse, _) => "reuse",
            (Outcome::Serve { .. }, true) => "served after a race",
            (Outcome::Serve { notice: Some(Notice::ConcurrentRefresh), .. }, _) => "parent served",
            (Outcome::Serve { .. }, _) => "current served",
            (Outcome::Rotate { notice: Some(Notice::StoreRolledBack), .. }, _) => "taken over",
            (Outcome::Rotate { .. }, _) => "rotated",
        });
    }

    fn count(&mut self, what: &'static str) {
        *self.of.entry(what).or_default() += 1;
    }

    pub(super) fn of(&self, what: &str) -> u64 {
        self.of.get(what).copied().unwrap_or(0)
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} schedules, at most {} loads a request", self.cases, self.most_loads)?;
        self.of.iter().try_for_each(|(what, count)| writeln!(f, "{count:>10} {what}"))
    }
}
