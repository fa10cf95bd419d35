//! The keys of a ring and what each is for.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{clock::Timestamp, issuer::schedule::Schedule};

/// The one key that signs, the one that will, and those whose tokens may still live.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::issuer) struct Roster<K> {
    pub(in crate::issuer) next: Option<Next<K>>,
    pub(in crate::issuer) current: Current<K>,
    /// Oldest first.
    pub(in crate::issuer) retired: Vec<Retired<K>>,
}

/// A key and its `kid`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::issuer) struct Named<K> {
    pub(in crate::issuer) kid: String,
    pub(in crate::issuer) key: K,
}

/// Published, and not signing yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::issuer) struct Next<K> {
    pub(in crate::issuer) key: Named<K>,
    pub(in crate::issuer) announced: Timestamp,
    /// When every verifier can have seen it, by the schedule under which it was announced: verifiers keep
    /// what they got for as long as they were told then.
    pub(in crate::issuer) settled: Timestamp,
    /// Whether someone asked for it, so that it waits for the verifiers only.
    pub(in crate::issuer) by_hand: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::issuer) struct Current<K> {
    pub(in crate::issuer) key: Named<K>,
    pub(in crate::issuer) since: Timestamp,
    /// The longest life of a token that it may have signed.
    pub(in crate::issuer) token_life: Duration,
}

/// Published, and not signing any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::issuer) struct Retired<K> {
    pub(in crate::issuer) key: Named<K>,
    /// When its successor began to sign.
    pub(in crate::issuer) at: Timestamp,
    /// When it goes, by the schedule of that time; tokens of then have the life of then.
    pub(in crate::issuer) until: Timestamp,
    /// As that of the current one.
    pub(in crate::issuer) token_life: Duration,
}

impl<K> Roster<K> {
    /// All keys: the next one, the one that signs, and the retired ones.
    pub(in crate::issuer) fn keys(&self) -> impl Iterator<Item = &Named<K>> {
        let next = self.next.iter().map(|next| &next.key);
        next.chain([&self.current.key]).chain(self.retired.iter().map(|retired| &retired.key))
    }

    /// The same with other keys, such as prepared ones.
    pub(in crate::issuer) fn try_map<T, E>(
        &self,
        change: impl Fn(&Named<K>) -> Result<T, E>,
    ) -> Result<Roster<T>, E> {
        let change = |key: &Named<K>| Ok(Named { kid: key.kid.clone(), key: change(key)? });
        let Self { next, current, retired } = self;
        let next = next.as_ref().map(|&Next { ref key, announced, settled, by_hand }| {
            Ok(Next { key: change(key)?, announced, settled, by_hand })
        });
        let retired = retired.iter().map(|&Retired { ref key, at, until, token_life }| {
            Ok(Retired { key: change(key)?, at, until, token_life })
        });
        Ok(Roster {
            next: next.transpose()?,
            current: Current {
                key: change(&current.key)?,
                since: current.since,
                token_life: current.token_life,
            },
            retired: retired.collect::<Result<_, E>>()?,
        })
    }

    /// The longest life of a token that one of the keys may have signed.
    pub(in crate::issuer) fn token_life(&self) -> Duration {
        self.retired.iter().map(|retired| retired.token_life).fold(self.current.token_life, Duration::max)
    }

    pub(in crate::issuer) fn kids(&self) -> impl Iterator<Item = &str> {
        self.keys().map(|key| &*key.kid)
    }
}

impl<K> Next<K> {
    /// When it signs, after a key that signs since then.
    pub(super) fn due(&self, current_since: Timestamp, schedule: &Schedule) -> Timestamp {
        let settled = self.settled.max(self.announced.plus(schedule.settling()));
        if self.by_hand {
            return settled;
        }
        let planned = current_since.plus(schedule.lifetime);
        settled.max(self.announced.plus(schedule.announce)).max(planned)
    }
}

impl<K> Retired<K> {
    pub(super) fn is_over(&self, now: Timestamp, schedule: &Schedule) -> bool {
        now >= self.until.max(self.at.plus(schedule.retention()))
    }
}
