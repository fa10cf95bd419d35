//! Requests, step by step.

use super::{
    super::{LOADS, Moment, Outcome, Presented, Transport},
    act::Who,
    ledger::{Broken, Shown},
    rules::{Rule, judge},
    world::{Logout, Phase, Refresh, Task, World},
};
use crate::error::Code;

impl World<'_> {
    /// Takes a request one step further. Returns how it was judged, if it was.
    pub(super) fn step(&mut self, name: usize) -> Result<Option<Outcome>, Broken> {
        let Some(index) = self.jobs.iter().position(|job| job.name == name) else { return Ok(None) };
        let task = self.jobs[index].task.clone();
        let mut outcome = None;
        let next = match task {
            Task::Refresh(refresh) => {
                let (next, judged) = self.refresh(name, refresh)?;
                outcome = judged;
                next.map(Task::Refresh)
            }
            Task::Logout(phase) => self.log_out(phase).map(Task::Logout),
            Task::LogoutEverywhere(raised) => self.log_out_everywhere(raised),
        };
        match next {
            Some(task) => self.jobs[index].task = task,
            None => {
                self.jobs.remove(index);
            }
        }
        Ok(outcome)
    }

    fn refresh(
        &mut self,
        name: usize,
        mut refresh: Refresh,
    ) -> Result<(Option<Refresh>, Option<Outcome>), Broken> {
        let Shown { who, counter: shown, .. } = refresh.shown;
        match refresh.phase {
            Phase::Sent => {
                let is_honest = who == Who::Client && !self.ledger.thief_presented;
                if is_honest && !refresh.shown.raced && !self.ledger.is_awaited(shown) {
                    self.say(|| format!("request {name}: given up"));
                    return Ok((None, None));
                }
                let outcome = self.load(&mut refresh)?;
                self.say(|| format!("request {name}: token {shown} is judged: {outcome:?}"));
                refresh.phase = match outcome {
                    Outcome::Refused(_) => return Ok((None, Some(outcome))),
                    Outcome::Reuse => {
                        self.held.0 |= self.has(Rule::EndOnReuse);
                        Phase::Reuse
                    }
                    Outcome::Serve { counter, .. } => Phase::Answer(counter),
                    Outcome::Rotate { counter, .. } => {
                        let (version, loaded_at) = (self.store.kept.version, self.store.clock);
                        Phase::Accounts { counter, version, loaded_at }
                    }
                };
                return Ok((Some(refresh), Some(outcome)));
            }
            Phase::Accounts { counter, version, loaded_at } => {
                self.answered();
                let is_made = self.swap(&refresh, counter, version, loaded_at)?;
                self.say(|| format!("request {name}: swap to {counter}: {is_made}"));
                if !is_made && refresh.shown.loads == LOADS {
                    return Ok((None, Some(Outcome::Refused(Code::RefreshContended))));
                }
                refresh.shown.raced |= !is_made;
                refresh.phase = if is_made { Phase::Answer(counter) } else { Phase::Sent };
            }
            Phase::Reuse => {
                self.answered();
                self.end_for_reuse();
                self.say(|| format!("request {name}: the session was ended"));
                return Ok((None, None));
            }
            Phase::Answer(counter) => {
                self.ledger.issued(counter, who);
                match who {
                    Who::Client => self.client = self.client.max(counter),
                    Who::Thief => self.thief = self.thief.max(Some(counter)),
                }
                self.say(|| format!("request {name}: {who:?} receives token {counter}"));
                return Ok((None, None));
            }
        }
        Ok((Some(refresh), None))
    }

    fn load(&mut self, refresh: &mut Refresh) -> Result<Outcome, Broken> {
        let outage = self.answered();
        let Shown { who, counter, label, raced, .. } = refresh.shown;
        refresh.shown.loads += 1;
        let outcome = if self.held.0 && self.has(Rule::Held) {
            Outcome::Refused(Code::SessionEnded)
        } else if self.generation < self.least_generation() {
            Outcome::Refused(Code::GenerationMoved)
        } else {
            let presented = Presented { counter, transport: Transport::Body, label, raced };
            let moment = Moment { now: self.store.now(), outage };
            judge(self.without, &self.store.kept.family, &self.terms(), &presented, moment)
        };
        self.counts.judged(refresh.shown, outcome);
        self.ledger.judged(refresh.shown, outcome, self.times())?;
        self.ledger.thief_presented |= who == Who::Thief;
        Ok(outcome)
    }

    pub(super) fn swap(
        &mut self,
        refresh: &Refresh,
        counter: u64,
        version: u64,
        loaded_at: u64,
    ) -> Result<bool, Broken> {
        let is_same = self.store.kept.version == version || !self.has(Rule::Compare);
        let is_open = !self.store.kept.family.ended || !self.has(Rule::EndedStays);
        if !is_same || !is_open {
            return Ok(false);
        }
        let rotated_at = if self.has(Rule::RotatedAtSwap) { self.store.clock } else { loaded_at };
        self.store.rotate(counter, refresh.shown.label, rotated_at);
        self.ledger.swapped(refresh.shown, counter, self.store.clock)?;
        Ok(true)
    }

    pub(super) fn end_for_reuse(&mut self) {
        if self.has(Rule::EndOnReuse) {
            self.store.write(|kept| kept.family.ended = true);
        }
        self.ledger.ended(true);
    }

    /// The server holds the logout first, then the store marks it, then it is acknowledged.
    pub(super) fn log_out(&mut self, phase: Logout) -> Option<Logout> {
        match phase {
            Logout::Sent => {
                self.held.0 = true;
                Some(Logout::Held)
            }
            Logout::Held => {
                self.answered();
                self.store.write(|kept| kept.family.ended = true);
                Some(Logout::Marked)
            }
            Logout::Marked => {
                self.say(|| "the logout is acknowledged".into());
                self.ledger.ended(true);
                None
            }
        }
    }

    pub(super) fn log_out_everywhere(&mut self, raised: Option<u64>) -> Option<Task> {
        let Some(generation) = raised else {
            self.answered();
            let raised = self.store.raise_generation(self.held.1, self.generation);
            return Some(Task::LogoutEverywhere(Some(raised)));
        };
        self.held.1 = self.held.1.max(generation);
        self.say(|| "the logout everywhere is acknowledged".into());
        self.ledger.ended(false);
        None
    }

    /// The next thing that a request asks of the store is done, and the answer is lost, and so the request.
    pub(super) fn unanswered(&mut self, name: usize) -> Result<(), Broken> {
        let Some(job) = self.jobs.iter().find(|job| job.name == name) else { return Ok(()) };
        match job.task.clone() {
            Task::Refresh(Refresh { phase: Phase::Sent, .. }) => {}
            Task::Refresh(refresh) => match refresh.phase {
                Phase::Accounts { counter, version, loaded_at } => {
                    self.swap(&refresh, counter, version, loaded_at)?;
                }
                Phase::Reuse if self.has(Rule::EndOnReuse) => {
                    self.store.write(|kept| kept.family.ended = true);
                }
                _ => return Ok(()),
            },
            Task::Logout(Logout::Held) => self.store.write(|kept| kept.family.ended = true),
            Task::LogoutEverywhere(None) => {
                self.store.raise_generation(self.held.1, self.generation);
            }
            _ => return Ok(()),
        }
        self.failed();
        self.say(|| format!("request {name}: the store acts, and its answer is lost"));
        self.jobs.retain(|job| job.name != name);
        Ok(())
    }
}
