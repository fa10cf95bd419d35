//! A store that forgets, jumps and is opened again.

use std::collections::VecDeque;

use super::{super::Family, act::W};
use crate::{clock::Timestamp, session::store::Opened};

/// Writes that a promoted replica may lack.
const REPLICATION: usize = 3;

#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub(super) family: Family,
    pub(super) version: u64,
    /// Of the subject.
    pub(super) generation: u64,
}

#[derive(Debug)]
pub(super) struct Store {
    pub(super) kept: Kept,
    pub(super) clock: u64,
    before: VecDeque<Kept>,
    versions: u64,
    last_write: u64,
    /// When it was opened, and since when it had not been there.
    opened: Option<(u64, u64)>,
}

impl Store {
    pub(super) fn new(family: Family, generation: u64, clock: u64) -> Self {
        let kept = Kept { family, version: 0, generation };
        Self { kept, clock, before: VecDeque::new(), versions: 0, last_write: clock, opened: None }
    }

    pub(super) fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.clock)
    }

    pub(super) fn write(&mut self, change: impl FnOnce(&mut Kept)) {
        if self.before.len() == REPLICATION {
            self.before.pop_front();
        }
        self.before.push_back(self.kept.clone());
        change(&mut self.kept);
        self.last_write = self.clock;
    }

    pub(super) fn rotate(&mut self, counter: u64, label: Option<&str>, rotated_at: u64) {
        self.versions += 1;
        let version = self.versions;
        self.write(|kept| {
            kept.family.counter = counter;
            kept.family.label = label.map(String::from);
            kept.family.rotated_at = Timestamp::from_millis(rotated_at);
            kept.version = version;
        });
    }

    /// Above the stored one, above the session's, and of this millisecond at least.
    pub(super) fn raise_generation(&mut self, held: u64, sessions: u64) -> u64 {
        let generation = (self.kept.generation + 1).max(held + 1).max(sessions + 1).max(self.clock);
        self.write(|kept| kept.generation = generation);
        generation
    }

    /// Returns how many writes were lost.
    pub(super) fn promote(&mut self, lost: usize, skew: i64) -> usize {
        let lost = lost.min(self.before.len());
        if let Some(kept) = self.before.len().checked_sub(lost).and_then(|left| self.before.get(left)) {
            self.kept = kept.clone();
        }
        self.before.clear();
        self.clock = self.clock.saturating_add_signed(skew);
        lost
    }

    /// Opens it again. What it was before a recent opening belongs to the same absence.
    pub(super) fn open(&mut self, keeps_openings: bool) -> Opened {
        let gone = match self.opened {
            Some((at, gone)) if keeps_openings && self.last_write.saturating_sub(at) < 10 * W => {
                gone.min(self.last_write)
            }
            _ => self.last_write,
        };
        self.opened = Some((self.clock, gone));
        Opened { now: self.now(), last_write: Some(Timestamp::from_millis(gone)) }
    }
}
