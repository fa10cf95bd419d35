//! One step of a ring: by the schedule, or because someone asked.

use std::{mem, time::Duration};

use super::roster::{Current, Named, Next, Retired, Roster};
use crate::{clock::Timestamp, error::ConfigError, issuer::schedule::Schedule};

/// A JWK Set of more than 100 keys is not read; by hand one could make as many.
const MAX_RETIRED: usize = 90;

/// What a step depends on: the store's time, the schedule, how long tokens live here, and where keys come from.
pub(in crate::issuer) struct Planner<'a, K> {
    pub(in crate::issuer) now: Timestamp,
    pub(in crate::issuer) schedule: &'a Schedule,
    /// Of the tokens that this process signs.
    pub(in crate::issuer) token_life: Duration,
    pub(in crate::issuer) make: &'a dyn Fn() -> Result<Named<K>, ConfigError>,
}

/// The keys after a step, and what the step did; nothing is to be written where it did nothing.
#[derive(Debug)]
pub(in crate::issuer) struct Step<K> {
    pub(in crate::issuer) roster: Roster<K>,
    pub(in crate::issuer) changes: Vec<Change>,
}

/// What happened to the key of that name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::issuer) enum Change {
    Announced(String),
    Hurried(String),
    Switched(String),
    Retired(String),
    Dropped(String),
    Withdrawn(String),
    /// Its tokens live longer than those before.
    Prolonged(String),
}

impl<K: Clone> Planner<'_, K> {
    /// The first keys: nobody knows any yet, so the one signs at once.
    pub(in crate::issuer) fn first(&self) -> Result<Step<K>, ConfigError> {
        let current = self.current((self.make)()?);
        let changes = vec![Change::Switched(current.key.kid.clone())];
        Ok(Step { roster: Roster { next: None, current, retired: Vec::new() }, changes })
    }

    /// What the schedule wants done by now.
    pub(in crate::issuer) fn advance(&self, roster: &Roster<K>) -> Result<Step<K>, ConfigError> {
        let mut step = Step { roster: roster.clone(), changes: Vec::new() };
        self.advance_further(&mut step)?;
        Ok(step)
    }

    /// Lets the next key sign as soon as verifiers can know it; tells when that is.
    pub(in crate::issuer) fn rotate(&self, roster: &Roster<K>) -> Result<(Step<K>, Timestamp), ConfigError> {
        let mut step = Step { roster: roster.clone(), changes: Vec::new() };
        if step.roster.next.is_none() {
            if roster.retired.len() >= MAX_RETIRED {
                let problem =
                    format!("{MAX_RETIRED} replaced keys are still kept; wait until the schedule drops some");
                return Err(ConfigError::new("key ring", problem));
            }
            self.announce(&mut step)?;
        }
        let mut due = self.now;
        if let Some(next) = &mut step.roster.next {
            if !next.by_hand {
                next.by_hand = true;
                step.changes.push(Change::Hurried(next.key.kid.clone()));
            }
            due = due.max(next.due(roster.current.since, self.schedule));
        }
        self.advance_further(&mut step)?;
        Ok((step, due))
    }

    /// Removes a key at once; if it was the one that signs, the next one takes its place, or a new one.
    pub(in crate::issuer) fn withdraw(&self, roster: &Roster<K>, kid: &str) -> Result<Step<K>, ConfigError> {
        if !roster.kids().any(|known| known == kid) {
            let kids: Vec<_> = roster.kids().collect();
            let problem = format!("no key of the ring is named {kid:?}; there are {}", kids.join(", "));
            return Err(ConfigError::new("kid", problem));
        }
        let mut step = Step { roster: roster.clone(), changes: vec![Change::Withdrawn(kid.to_owned())] };
        let Roster { next, current, retired } = &mut step.roster;
        retired.retain(|retired| retired.key.kid != kid);
        if next.as_ref().is_some_and(|next| next.key.kid == kid) {
            *next = None;
        }
        if current.key.kid == kid {
            let key = match next.take() {
                Some(next) => next.key,
                None => (self.make)()?,
            };
            step.changes.push(Change::Switched(key.kid.clone()));
            *current = self.current(key);
        }
        self.advance_further(&mut step)?;
        Ok(step)
    }

    fn advance_further(&self, step: &mut Step<K>) -> Result<(), ConfigError> {
        let Step { roster, changes } = step;
        if roster.current.token_life < self.token_life {
            roster.current.token_life = self.token_life;
            changes.push(Change::Prolonged(roster.current.key.kid.clone()));
        }
        roster.retired.retain(|retired| {
            let over = retired.is_over(self.now, self.schedule);
            if over {
                changes.push(Change::Dropped(retired.key.kid.clone()));
            }
            !over
        });
        let since = roster.current.since;
        if let Some(next) = roster.next.take_if(|next| self.now >= next.due(since, self.schedule)) {
            changes.push(Change::Switched(next.key.kid.clone()));
            changes.push(Change::Retired(roster.current.key.kid.clone()));
            let Current { key, token_life, .. } = mem::replace(&mut roster.current, self.current(next.key));
            let until = self.now.plus(self.schedule.retention());
            roster.retired.push(Retired { key, at: self.now, until, token_life });
        }
        let lead = self.schedule.lifetime.saturating_sub(self.schedule.announce);
        if roster.next.is_none() && self.now >= roster.current.since.plus(lead) {
            self.announce(step)?;
        }
        Ok(())
    }

    fn current(&self, key: Named<K>) -> Current<K> {
        Current { key, since: self.now, token_life: self.token_life }
    }

    fn announce(&self, step: &mut Step<K>) -> Result<(), ConfigError> {
        let key = (self.make)()?;
        step.changes.push(Change::Announced(key.kid.clone()));
        let settled = self.now.plus(self.schedule.settling());
        step.roster.next = Some(Next { key, announced: self.now, settled, by_hand: false });
        Ok(())
    }
}
