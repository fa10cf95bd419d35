//! What a request does to the store, what goes wrong, and how a session ends.

use std::time::Duration;

use super::{
    super::{Moment, Outage, Outcome, Presented, Transport},
    act::{W, Who},
    ledger::Broken,
    rules::{Rule, judge},
    world::{Task, World},
};
use crate::session::outage::OutageTracker;

impl World<'_> {
    pub(super) fn answered(&mut self) -> Option<Outage> {
        self.ledger.store_answered();
        self.is_behind = false;
        self.outage = self.tracker.answered(self.store.now());
        self.outage
    }

    /// A store whose clock is behind is heard of before it fails again. Otherwise a rotation, whose answer
    /// was lost, could lie before every time that the server knows.
    pub(super) fn failed(&mut self) {
        if self.is_behind {
            self.answered();
        }
        self.ledger.store_failed();
        self.tracker.failed();
    }

    pub(super) fn lose(&mut self, name: usize) {
        self.jobs.retain(|job| job.name != name);
        self.say(|| format!("request {name}: lost"));
    }

    pub(super) fn write_another(&mut self) {
        self.answered();
        self.store.write(|_| {});
        self.say(|| "another session is written".into());
    }

    /// Somebody tries meanwhile, or the connection is seen to be lost.
    pub(super) fn away(&mut self, time: u64) {
        self.failed();
        self.store.clock += time;
        self.say(|| format!("the store is away for {time} ms"));
    }

    pub(super) fn promote(&mut self, lost: usize, skew: i64) -> Result<(), Broken> {
        self.failed();
        self.become_another(lost, skew)
    }

    pub(super) fn replace(&mut self, lost: usize, back: u64) -> Result<(), Broken> {
        self.become_another(lost, 0_i64.saturating_sub_unsigned(back))
    }

    fn become_another(&mut self, lost: usize, skew: i64) -> Result<(), Broken> {
        self.is_behind |= skew < 0;
        let lost = self.store.promote(lost, skew);
        self.ledger.promoted(lost, skew);
        self.say(|| format!("another store, without {lost} writes, its clock {skew:+} ms"));
        self.ledger.remembers(self.is_alive())
    }

    /// The server forgets what it did not write: the outages that it saw too. So it does not restart soon
    /// after one, which is the limit that `a_restart_forgets_an_outage_of_the_store` shows.
    pub(super) fn restart(&mut self, time: u64) -> Result<(), Broken> {
        if self.ledger.saw_an_outage() {
            return Ok(());
        }
        self.restart_at_once(time)
    }

    pub(super) fn restart_at_once(&mut self, time: u64) -> Result<(), Broken> {
        self.jobs.clear();
        self.store.clock += time;
        let opened = self.store.open(self.has(Rule::Openings));
        let window = Duration::from_millis(if self.has(Rule::Merge) { W } else { 0 });
        self.tracker = OutageTracker::new(window, &opened);
        self.outage = None;
        self.ledger.restarted();
        self.held = (self.store.kept.family.ended, self.store.kept.generation);
        self.say(|| format!("the server restarts after {time} ms; the store tells {opened:?}"));
        self.ledger.remembers(self.is_alive())
    }

    /// By what the store and the server know, whether or not they make use of it.
    fn is_alive(&self) -> bool {
        let is_ended = self.store.kept.family.ended || self.held.0;
        !is_ended && self.generation >= self.held.1.max(self.store.kept.generation)
    }

    /// A token that the client holds or held.
    pub(super) fn steal(&mut self, index: usize) {
        let counters = self.ledger.issued_to(Who::Client);
        let counter = counters[index % counters.len()];
        self.thief = Some(counter);
        self.say(|| format!("the thief steals token {counter}"));
    }

    /// A browser is not updated while it waits for an answer, nor while it holds a token that was used.
    pub(super) fn update(&mut self) {
        let waits = self
            .jobs
            .iter()
            .any(|job| matches!(&job.task, Task::Refresh(refresh) if refresh.shown.who == Who::Client));
        if !waits && self.ledger.is_unused(self.client) {
            self.browser = (self.browser + 1) % 3;
            self.say(|| "the client is another version".into());
        }
    }

    pub(super) fn write_back(&mut self) {
        let (is_ended, generation) = self.held;
        if is_ended && !self.store.kept.family.ended {
            self.store.write(|kept| kept.family.ended = true);
        }
        if generation > self.store.kept.generation {
            self.store.write(|kept| kept.generation = generation);
        }
    }

    /// What each issued token would bring if it came now.
    pub(super) fn probe(&mut self) -> Result<(), Broken> {
        let moment = Moment { now: self.store.now(), outage: self.outage };
        let terms = self.terms();
        self.ledger.probed(|counter| {
            let presented = Presented { counter, transport: Transport::Body, label: None, raced: false };
            match judge(self.without, &self.store.kept.family, &terms, &presented, moment) {
                Outcome::Serve { counter, .. } | Outcome::Rotate { counter, .. } => Some(counter),
                _ => None,
            }
        })
    }
}
