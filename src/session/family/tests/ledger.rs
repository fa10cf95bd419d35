//! The set of issued tokens, and what their holders were promised.
//!
//! It is told what became of requests and never sees the record. A token is named by its number: what two
//! answers with one number carry is the same token.

use std::collections::BTreeMap;

use super::{
    super::Outcome,
    act::{W, Who},
};
use crate::error::Code;

/// A broken promise.
pub(super) type Broken = &'static str;

pub(super) const CALLED_A_THIEF: Broken = "an honest client was called a thief";
pub(super) const LOST: Broken = "a user was lost inside the window";
pub(super) const CURRENT_REFUSED: Broken = "a token that was never used was refused";
pub(super) const SILENT: Broken = "a token that was used long ago caused no alarm";
pub(super) const SUCCESSORS: Broken = "a token got a second successor";
pub(super) const TWO_LIVE: Broken = "two tokens of one session live at once";
pub(super) const ALIVE: Broken = "a token was served after the session's end";
pub(super) const SWAPPED: Broken = "an ended session was rotated";
pub(super) const FORGOTTEN: Broken = "an end was forgotten, and no rollback lost it";
pub(super) const EXPIRED: Broken = "a token was served after its session's time";
pub(super) const EARLY: Broken = "a session was called expired before its time";
pub(super) const LOADS: Broken = "a request loaded a third time, and no write was lost";
pub(super) const OFTEN: Broken = "a session rotated twice within a window";
pub(super) const STRANGER: Broken = "another client was served for a used token";
pub(super) const RACE_ALARM: Broken = "a request that lost a race raised an alarm";

#[derive(Debug, Default)]
pub(super) struct Ledger {
    tokens: BTreeMap<u64, Token>,
    /// Time that passes for clients: it stands still while the store is away, because they keep trying.
    pub(super) time: u64,
    /// When the store answered again after it had failed.
    store_back: Option<u64>,
    store_is_failing: bool,
    /// The same, restarts of the server aside.
    outage_ended: Option<u64>,
    /// The store's clock at the last rotation; nothing once that clock or the record was changed otherwise.
    last_rotation: Option<u64>,
    rotated_by: Option<&'static str>,
    lost_writes: bool,
    clock_went_back: bool,
    clock_was_moved: bool,
    pub(super) thief_presented: bool,
    pub(super) end_began: bool,
    /// An end was acknowledged, or a reuse reported.
    dead: bool,
    ended_in_record: bool,
    /// The store lost the end, and nobody remembers it.
    pub(super) forgotten: bool,
}

/// A token that was issued.
#[derive(Debug)]
struct Token {
    to: Vec<Who>,
    /// When its successor was made, and which that is.
    used: Option<(u64, u64)>,
}

/// What a request is to the ledger.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shown {
    pub(super) who: Who,
    pub(super) counter: u64,
    pub(super) label: Option<&'static str>,
    pub(super) raced: bool,
    pub(super) loads: usize,
}

/// What the store says about the session's time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Times {
    pub(super) clock: u64,
    pub(super) expires: u64,
    pub(super) idle_limit: u64,
}

impl Ledger {
    pub(super) fn issued(&mut self, counter: u64, to: Who) {
        let token = self.tokens.entry(counter).or_insert(Token { to: Vec::new(), used: None });
        if !token.to.contains(&to) {
            token.to.push(to);
        }
    }

    /// The numbers of the tokens that somebody was given.
    pub(super) fn issued_to(&self, who: Who) -> Vec<u64> {
        let theirs = self.tokens.iter().filter(|(_, token)| token.to.contains(&who));
        theirs.map(|(counter, _)| *counter).collect()
    }

    /// Whether a client would still wait for an answer to this token: it tries again inside the window of a
    /// rotation, or learns from another tab.
    pub(super) fn is_awaited(&self, counter: u64) -> bool {
        self.used(counter).is_none_or(|(at, _)| self.time - at <= W)
    }

    pub(super) fn is_unused(&self, counter: u64) -> bool {
        self.used(counter).is_none()
    }

    fn used(&self, counter: u64) -> Option<(u64, u64)> {
        self.tokens.get(&counter).and_then(|token| token.used)
    }

    /// Whether the promise says that this token is in two hands: it was used and its window is over, or its
    /// successor was used too.
    fn is_spent(&self, counter: u64) -> bool {
        let Some((at, successor)) = self.used(counter) else { return false };
        let is_over = !self.clock_went_back
            && self.time - at > W
            && !self.store_is_failing
            && self.store_back.is_none_or(|back| self.time - back > W);
        !self.lost_writes && (is_over || self.used(successor).is_some())
    }

    pub(super) fn store_failed(&mut self) {
        self.store_is_failing = true;
    }

    pub(super) fn store_answered(&mut self) {
        if self.store_is_failing {
            self.store_is_failing = false;
            self.store_back = Some(self.time);
            self.outage_ended = Some(self.time);
        }
    }

    pub(super) fn restarted(&mut self) {
        self.store_is_failing = false;
        self.store_back = Some(self.time);
    }

    /// Whether a client may still be trying since an outage.
    pub(super) fn saw_an_outage(&self) -> bool {
        self.store_is_failing || self.outage_ended.is_some_and(|ended| self.time - ended <= W)
    }

    pub(super) fn promoted(&mut self, lost: usize, skew: i64) {
        self.lost_writes |= lost > 0;
        self.clock_went_back |= skew < 0;
        self.clock_was_moved |= skew != 0;
        if lost > 0 || skew != 0 {
            self.last_rotation = None;
        }
    }

    /// `in_record`: the record says so. A newer generation does not stop a swap that is under way; the token
    /// that it makes is of the old generation, and dead.
    pub(super) fn ended(&mut self, in_record: bool) {
        self.dead = true;
        self.ended_in_record |= in_record;
    }

    /// `is_alive`: by what the store and the server know.
    pub(super) fn remembers(&mut self, is_alive: bool) -> Result<(), Broken> {
        self.forgotten |= self.dead && is_alive;
        if self.forgotten && !self.lost_writes { Err(FORGOTTEN) } else { Ok(()) }
    }

    /// A request was judged.
    pub(super) fn judged(&self, shown: Shown, outcome: Outcome, times: Times) -> Result<(), Broken> {
        let is_served = matches!(outcome, Outcome::Serve { .. } | Outcome::Rotate { .. });
        if shown.loads > 2 && !self.lost_writes {
            return Err(LOADS);
        }
        if is_served && self.dead && !self.forgotten {
            return Err(ALIVE);
        }
        if outcome == Outcome::Refused(Code::SessionExpired) {
            return if self.may_be_over(times) { Ok(()) } else { Err(EARLY) };
        }
        if is_served && self.is_over(times) {
            return Err(EXPIRED);
        }
        if shown.raced {
            return if outcome == Outcome::Reuse { Err(RACE_ALARM) } else { Ok(()) };
        }
        if outcome == Outcome::Reuse && shown.who == Who::Client && !self.thief_presented {
            return Err(CALLED_A_THIEF);
        }
        if is_served && self.used(shown.counter).is_some() && self.is_stranger(shown) {
            return Err(STRANGER);
        }
        let is_end = matches!(outcome, Outcome::Refused(Code::SessionEnded | Code::GenerationMoved));
        if is_end && (self.end_began || self.thief_presented) {
            return Ok(());
        }
        if self.is_spent(shown.counter) {
            return if outcome == Outcome::Reuse { Ok(()) } else { Err(SILENT) };
        }
        if is_served {
            return Ok(());
        }
        if self.used(shown.counter).is_none() && !self.lost_writes {
            return Err(CURRENT_REFUSED);
        }
        if shown.who == Who::Client && !self.thief_presented { Err(LOST) } else { Ok(()) }
    }

    /// Whether it is another client than the one that rotated last.
    fn is_stranger(&self, shown: Shown) -> bool {
        matches!((self.rotated_by, shown.label), (Some(last), Some(this)) if last != this)
            && !self.lost_writes
    }

    /// By its absolute end, or by idleness where the store forgot nothing.
    fn is_over(&self, Times { clock, expires, idle_limit }: Times) -> bool {
        let is_idle = self.last_rotation.is_some_and(|last| clock.saturating_sub(last) >= idle_limit);
        clock >= expires || is_idle && !self.lost_writes
    }

    fn may_be_over(&self, times: Times) -> bool {
        self.last_rotation.is_none() || self.lost_writes || self.clock_was_moved || self.is_over(times)
    }

    /// A swap was made for a token.
    pub(super) fn swapped(&mut self, shown: Shown, made: u64, clock: u64) -> Result<(), Broken> {
        self.rotated_by = shown.label;
        let shown = shown.counter;
        if self.ended_in_record && !self.lost_writes {
            return Err(SWAPPED);
        }
        if made != shown {
            if let Some(last) = self.last_rotation
                && clock.saturating_sub(last) <= W
            {
                return Err(OFTEN);
            }
            let time = self.time;
            let token = self.tokens.entry(shown).or_insert(Token { to: Vec::new(), used: None });
            if token.used.is_some() && !self.lost_writes {
                return Err(SUCCESSORS);
            }
            // The first use counts: from then on its holders may be told that it is old.
            token.used.get_or_insert((time, made));
        }
        self.last_rotation = Some(clock);
        Ok(())
    }

    /// What each issued token would bring now, of those that would bring one.
    pub(super) fn probed(&self, mut brings: impl FnMut(u64) -> Option<u64>) -> Result<(), Broken> {
        if self.lost_writes {
            return Ok(());
        }
        let mut live = self.tokens.keys().filter_map(|counter| brings(*counter));
        match live.next() {
            Some(first) if live.any(|other| other != first) => Err(TWO_LIVE),
            _ => Ok(()),
        }
    }
}
