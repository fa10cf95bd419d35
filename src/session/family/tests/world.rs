//! A server, its store, an honest client and a thief, step by step.

use std::time::Duration;

use super::{
    super::{Family, Outage, Outcome, Terms, Timestamp, Transport},
    act::{Act, Setting, ThiefLabel, W, Who},
    ledger::{Broken, Ledger, Shown, Times},
    rules::Rule,
    run::Counts,
    store::Store,
};
use crate::session::{outage::OutageTracker, store::Opened};

const START: u64 = 1000;
const BROWSERS: [&str; 3] = ["v1", "v2", "v3"];

pub(super) struct World<'c> {
    pub(super) setting: Setting,
    pub(super) without: Option<Rule>,
    pub(super) store: Store,
    pub(super) tracker: OutageTracker,
    pub(super) outage: Option<Outage>,
    /// The store's clock was set back, and the server does not know yet.
    pub(super) is_behind: bool,
    /// What the server knows to be over: the session, and generations before this one.
    pub(super) held: (bool, u64),
    pub(super) ledger: Ledger,
    pub(super) jobs: Vec<Job>,
    names: usize,
    /// The newest token of each.
    pub(super) client: u64,
    pub(super) thief: Option<u64>,
    pub(super) browser: usize,
    pub(super) generation: u64,
    pub(super) counts: &'c mut Counts,
    pub(super) trace: Vec<String>,
    pub(super) traces: bool,
}

/// Something that is under way.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) name: usize,
    pub(super) task: Task,
}

#[derive(Clone, Debug)]
pub(super) enum Task {
    Refresh(Refresh),
    Logout(Logout),
    /// Holds the new generation once the store was asked for it.
    LogoutEverywhere(Option<u64>),
}

#[derive(Clone, Debug)]
pub(super) struct Refresh {
    pub(super) shown: Shown,
    pub(super) phase: Phase,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Phase {
    Sent,
    /// Judged to be rotated; its accounts are asked.
    Accounts {
        counter: u64,
        version: u64,
        loaded_at: u64,
    },
    /// Judged to be reuse; the session is to be ended.
    Reuse,
    Answer(u64),
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Logout {
    Sent,
    Held,
    Marked,
}

impl<'c> World<'c> {
    pub(super) fn new(setting: Setting, without: Option<Rule>, counts: &'c mut Counts) -> Self {
        let rotated_at = Timestamp::from_millis(START);
        let family = Family { counter: 0, rotated_at, label: Some(BROWSERS[0].into()), ended: false };
        let store = Store::new(family, START, START);
        let window = Duration::from_millis(if without == Some(Rule::Merge) { 0 } else { W });
        let tracker = OutageTracker::new(window, &Opened { now: store.now(), last_write: None });
        let mut ledger = Ledger::default();
        ledger.issued(0, Who::Client);
        Self {
            setting,
            without,
            store,
            tracker,
            outage: None,
            is_behind: false,
            held: (false, 0),
            ledger,
            jobs: Vec::new(),
            names: 0,
            client: 0,
            thief: None,
            browser: 0,
            generation: START,
            counts,
            trace: Vec::new(),
            traces: false,
        }
    }

    pub(super) fn has(&self, rule: Rule) -> bool {
        self.without != Some(rule)
    }

    pub(super) fn say(&mut self, text: impl FnOnce() -> String) {
        if self.traces {
            self.trace.push(text());
        }
    }

    pub(super) fn act(&mut self, act: Act) -> Result<(), Broken> {
        self.counts.act(act);
        match act {
            Act::Wait(time) => self.wait(time),
            Act::Send(who) => {
                self.send(who);
            }
            Act::Step(index) => {
                if let Some(name) = self.chosen(index) {
                    self.step(name)?;
                }
            }
            Act::Lose(index) => {
                if let Some(name) = self.chosen(index) {
                    self.lose(name);
                }
            }
            Act::Other => self.write_another(),
            Act::Unanswered(index) => {
                if let Some(name) = self.chosen(index) {
                    self.unanswered(name)?;
                }
            }
            Act::Away(time) => self.away(time),
            Act::Promoted { lost, skew } => self.promote(lost, skew)?,
            Act::Replaced { lost, back } => self.replace(lost, back)?,
            Act::Restart(time) => self.restart(time)?,
            Act::Steal(index) => self.steal(index),
            Act::Update => self.update(),
            Act::Logout => {
                self.logout();
            }
            Act::LogoutEverywhere => {
                self.logout_everywhere();
            }
            Act::WriteBack => self.write_back(),
        }
        self.probe()
    }

    fn chosen(&self, index: usize) -> Option<usize> {
        let index = index.checked_rem(self.jobs.len())?;
        Some(self.jobs[index].name)
    }

    fn begin(&mut self, task: Task) -> usize {
        self.names += 1;
        self.jobs.push(Job { name: self.names, task });
        self.names
    }

    pub(super) fn wait(&mut self, time: u64) {
        self.ledger.time += time;
        self.store.clock += time;
        self.say(|| format!("{time} ms pass"));
    }

    /// Returns the request's name; nothing where the sender holds no token or asks enough already.
    pub(super) fn send(&mut self, who: Who) -> Option<usize> {
        let (limit, counter, label) = match who {
            Who::Client => (3, Some(self.client), Some(BROWSERS[self.browser])),
            Who::Thief => (2, self.thief, self.thief_label()),
        };
        let shown = Shown { who, counter: counter?, label, raced: false, loads: 0 };
        let is_of = |job: &&Job| matches!(&job.task, Task::Refresh(refresh) if refresh.shown.who == who);
        if self.jobs.iter().filter(is_of).count() >= limit {
            return None;
        }
        let name = self.begin(Task::Refresh(Refresh { shown, phase: Phase::Sent }));
        self.say(|| format!("request {name}: {who:?} sends token {}", shown.counter));
        Some(name)
    }

    fn thief_label(&self) -> Option<&'static str> {
        match self.setting.thief {
            Some(ThiefLabel::Other) => Some("curl"),
            Some(ThiefLabel::Unknown) => None,
            Some(ThiefLabel::Same) | None => Some(BROWSERS[self.browser]),
        }
    }

    pub(super) fn logout(&mut self) -> usize {
        self.ledger.end_began = true;
        let name = self.begin(Task::Logout(Logout::Sent));
        self.say(|| format!("request {name}: logout"));
        name
    }

    pub(super) fn logout_everywhere(&mut self) -> usize {
        self.ledger.end_began = true;
        let name = self.begin(Task::LogoutEverywhere(None));
        self.say(|| format!("request {name}: logout everywhere"));
        name
    }

    /// Every request is answered.
    pub(super) fn finish(&mut self) -> Result<(), Broken> {
        while let Some(job) = self.jobs.first() {
            self.step(job.name)?;
        }
        self.probe()
    }

    /// That request is answered. Returns how it was judged last.
    pub(super) fn finish_one(&mut self, name: usize) -> Result<Option<Outcome>, Broken> {
        let mut last = None;
        while self.jobs.iter().any(|job| job.name == name) {
            last = self.step(name)?.or(last);
        }
        self.probe().map(|()| last)
    }

    pub(super) fn least_generation(&self) -> u64 {
        let held = if self.has(Rule::Held) { self.held.1 } else { 0 };
        if self.has(Rule::Generation) { held.max(self.store.kept.generation) } else { 0 }
    }

    pub(super) fn terms(&self) -> Terms {
        Terms {
            window: Duration::from_millis(W),
            transport: Transport::Body,
            expires: Timestamp::from_millis(START + self.setting.life),
            idle_limit: Duration::from_millis(self.setting.idle_limit),
        }
    }

    pub(super) fn times(&self) -> Times {
        let Setting { life, idle_limit, .. } = self.setting;
        Times { clock: self.store.clock, expires: START + life, idle_limit }
    }
}
