//! What can happen.

use super::random::Random;

/// The window, in milliseconds; small, so that every moment in and around it is tried.
pub(super) const W: u64 = 2;

/// Who holds tokens. The honest client has several tabs that share the newest token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    Client,
    Thief,
}

/// A step of a schedule. Numbers that choose a request wrap around, and what does not apply does nothing, so
/// that a schedule stays one when steps are taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// Time passes for everyone.
    Wait(u64),
    /// A request sets out with the newest token of its sender.
    Send(Who),
    /// A request goes on: it is judged, or swaps after its accounts answered, or its answer arrives.
    Step(usize),
    /// A request or its answer is lost on the way, or its accounts fail.
    Lose(usize),
    /// Another session is written.
    Other,
    /// The store does what a request asks it for, and its answer is lost.
    Unanswered(usize),
    /// The store is not there for so long.
    Away(u64),
    /// A replica without the last writes, and with a clock of its own, becomes the store.
    Promoted {
        lost: usize,
        skew: i64,
    },
    /// The same, and nobody notices. Its clock is not ahead then, or nobody could know.
    Replaced {
        lost: usize,
        back: u64,
    },
    /// The server is started again after so long, and the store in it.
    Restart(u64),
    /// The thief comes to hold a token that was issued.
    Steal(usize),
    /// The client is another version from now on.
    Update,
    Logout,
    LogoutEverywhere,
    /// The server, connected anew, tells the store of the logouts that it knows.
    WriteBack,
}

/// What a schedule is run under.
#[derive(Clone, Copy, Debug)]
pub(super) struct Setting {
    pub(super) thief: Option<ThiefLabel>,
    pub(super) promotions: bool,
    pub(super) skews: bool,
    pub(super) outages: bool,
    pub(super) restarts: bool,
    pub(super) logouts: bool,
    /// The session's life and its idle limit, in milliseconds.
    pub(super) life: u64,
    pub(super) idle_limit: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ThiefLabel {
    /// The thief says to be the client's browser.
    Same,
    Other,
    Unknown,
}

impl Setting {
    /// Without a fault, a thief or an end.
    pub(super) const CALM: Self = Self {
        thief: None,
        promotions: false,
        skews: false,
        outages: false,
        restarts: false,
        logouts: false,
        life: 1_000_000,
        idle_limit: 500_000,
    };

    pub(super) fn random(random: &mut Random) -> Self {
        let labels = [ThiefLabel::Same, ThiefLabel::Same, ThiefLabel::Other, ThiefLabel::Unknown];
        Self {
            thief: random.percent(45).then(|| random.pick(&labels)),
            promotions: random.percent(40),
            skews: random.percent(50),
            outages: random.percent(50),
            restarts: random.percent(35),
            logouts: random.percent(35),
            life: if random.percent(10) { 5 + random.below(40) } else { Self::CALM.life },
            idle_limit: if random.percent(10) { W + 2 + random.below(20) } else { Self::CALM.idle_limit },
        }
    }

    pub(super) fn schedule(&self, random: &mut Random) -> Vec<Act> {
        let length = 20 + random.index(60);
        (0..length).map(|_| self.act(random)).collect()
    }

    fn act(&self, random: &mut Random) -> Act {
        loop {
            let act = match random.below(105) {
                0..20 => Act::Wait(random.pick(&[1, 1, 1, 1, 2, 2, 3, 4])),
                20..36 => Act::Send(Who::Client),
                36..43 if self.thief.is_some() => Act::Send(Who::Thief),
                43..79 => Act::Step(random.index(4)),
                79..82 => Act::Lose(random.index(4)),
                82..84 => Act::Unanswered(random.index(4)),
                84..87 if self.outages => Act::Away(1 + random.below(6)),
                87..90 if self.promotions => Act::Promoted {
                    lost: random.index(4),
                    skew: if self.skews { random.pick(&[-5, -3, -1, 0, 1, 3, 5]) } else { 0 },
                },
                90 if self.promotions => Act::Replaced {
                    lost: random.index(4),
                    back: if self.skews { random.below(6) } else { 0 },
                },
                103..105 | 91..93 if self.restarts => Act::Restart(random.below(6)),
                93..95 if self.thief.is_some() => Act::Steal(random.index(6)),
                95 => Act::Update,
                96 if self.logouts => Act::Logout,
                97 if self.logouts => Act::LogoutEverywhere,
                98 if self.logouts => Act::WriteBack,
                100..103 => Act::Other,
                _ => continue,
            };
            return act;
        }
    }
}
