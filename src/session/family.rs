//! The rotation of refresh tokens as a pure function.
//!
//! | presented counter | inside the window | after it |
//! |---|---|---|
//! | the current one | the current token again; a login's first token is rotated | rotate |
//! | the one before | the current token again; from another client: reuse | reuse |
//! | older | reuse | reuse |
//! | above the record: the store lost writes | the record takes the counter over | the same |
//!
//! So a session rotates at most once in a window, a second tab and a lost answer are served, and a token
//! that comes back later than that is in two hands.

use std::time::Duration;

use super::{
    outage::Outage,
    record::{Family, Login, Transport},
};
use crate::{clock::Timestamp, error::Code};

/// How often a request loads the record at most; then it is refused with
/// [`Code::RefreshContended`]. It takes several rollbacks of the store within one request to come so far.
pub(super) const LOADS: usize = 4;

/// What a refresh request shows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Presented<'a> {
    pub(super) counter: u64,
    pub(super) transport: Transport,
    /// Which client it is, as far as one can tell.
    pub(super) label: Option<&'a str>,
    /// Whether a swap of this very request came too late: then it was under way when another one rotated.
    /// For such a request the window is open however long it took, and it never is an alarm.
    pub(super) raced: bool,
}

/// When a request is judged.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    /// The store's time.
    pub(super) now: Timestamp,
    /// The last time without the store.
    pub(super) outage: Option<Outage>,
}

/// What does not change while a session lives.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terms {
    /// How long a used token is served after a rotation.
    pub(super) window: Duration,
    pub(super) transport: Transport,
    pub(super) expires: Timestamp,
    /// Without a rotation for that long the session is over.
    pub(super) idle_limit: Duration,
}

impl Terms {
    pub(super) fn new(login: &Login, window: Duration) -> Self {
        Self {
            window,
            transport: login.transport,
            expires: login.expires,
            idle_limit: Duration::from_millis(login.idle_limit),
        }
    }
}

/// What becomes of a refresh request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It changes nothing.
    Refused(Code),
    /// The token is in two hands: the session is to be ended, and the reuse to be reported.
    Reuse,
    /// The refresh token of this number, which is the current one already. Nothing is written.
    Serve { counter: u64, notice: Option<Notice> },
    /// The refresh token of this number, once the record was swapped for one with this number and the
    /// presented label. Where the swap comes too late, the request is judged again, as one that raced.
    Rotate { counter: u64, notice: Option<Notice> },
}

/// What an answer leaves to be told in an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Notice {
    /// Two tabs, or a lost answer: a token came again inside the window.
    ConcurrentRefresh,
    /// The store knows less than the token.
    StoreRolledBack,
    /// Another client than last time, as a browser is after its update.
    LabelChanged,
}

/// Judges a refresh token that is genuine and of this family.
pub(super) fn present(family: &Family, terms: &Terms, presented: &Presented<'_>, moment: Moment) -> Outcome {
    if family.ended {
        return Outcome::Refused(Code::SessionEnded);
    }
    if moment.now >= terms.expires {
        return Outcome::Refused(Code::SessionExpired);
    }
    if presented.transport != terms.transport {
        return Outcome::Refused(Code::WrongTransport);
    }
    if presented.counter > family.counter {
        // The record is an old one, so its age says nothing of how long the session was idle.
        return Outcome::Rotate { counter: presented.counter, notice: Some(Notice::StoreRolledBack) };
    }
    if moment.now.since(family.rotated_at) >= terms.idle_limit {
        return Outcome::Refused(Code::SessionExpired);
    }
    let is_inside = presented.raced || is_inside(family.rotated_at, terms.window, moment);
    if presented.counter == family.counter {
        current(family, presented, is_inside)
    } else {
        used(family, presented, is_inside)
    }
}

/// Whether the window of the last rotation is open.
fn is_inside(rotated_at: Timestamp, window: Duration, Moment { now, outage }: Moment) -> bool {
    now.since(rotated_at) <= window || outage.is_some_and(|outage| outage.covers(rotated_at, now, window))
}

fn current(family: &Family, presented: &Presented<'_>, is_inside: bool) -> Outcome {
    let notice = is_other_client(family, presented).then_some(Notice::LabelChanged);
    // Nothing was rotated to make the first token, so nobody can still hold the one before.
    if is_inside && family.counter > 0 {
        return Outcome::Serve { counter: family.counter, notice };
    }
    match family.counter.checked_add(1) {
        Some(counter) => Outcome::Rotate { counter, notice },
        None => Outcome::Refused(Code::SessionExpired),
    }
}

fn used(family: &Family, presented: &Presented<'_>, is_inside: bool) -> Outcome {
    let is_parent = presented.counter.checked_add(1) == Some(family.counter);
    if is_parent && is_inside && !is_other_client(family, presented) {
        Outcome::Serve { counter: family.counter, notice: Some(Notice::ConcurrentRefresh) }
    } else if presented.raced {
        Outcome::Refused(Code::RefreshContended)
    } else {
        Outcome::Reuse
    }
}

/// Clients are told apart only where both are known.
fn is_other_client(family: &Family, presented: &Presented<'_>) -> bool {
    matches!((family.label.as_deref(), presented.label), (Some(last), Some(this)) if last != this)
}

#[cfg(test)]
mod tests;
