//! Reading a ring, planning its next step, writing it.

use tokio::time::Instant;

use super::{key::RingKey, live::Live, make::make, shared::Shared};
use crate::{
    clock::Timestamp,
    error::ConfigError,
    issuer::{
        plan::{Change, Planner, Roster, Step},
        vault::Loaded,
    },
    telemetry::event,
};

/// Each loss means that another node wrote, and there are only so many steps to take.
pub(super) const ATTEMPTS: usize = 20;

/// Keys that are to be written after the version `expected`.
struct Draft<K: RingKey> {
    live: Live<K>,
    expected: u64,
    changes: Vec<Change>,
}

/// A step, and what it answers to whoever asked for it.
type Planned<K, T> = Result<(Step<K>, T), ConfigError>;

impl<K: RingKey> Shared<K> {
    /// Does what the schedule wants done by now.
    pub(super) async fn advance(&self) -> Result<(), ConfigError> {
        self.update(|planner, roster| Ok((planner.advance(roster)?, ()))).await
    }

    /// Lets the next key be the current one as soon as may be; tells when that is.
    pub(super) async fn rotate(&self) -> Result<Timestamp, ConfigError> {
        self.update(|planner, roster| planner.rotate(roster)).await
    }

    /// Removes a key at once.
    pub(super) async fn withdraw(&self, kid: &str) -> Result<(), ConfigError> {
        self.update(|planner, roster| Ok((planner.withdraw(roster, kid)?, ()))).await
    }

    /// Reads the ring, takes over what other nodes did, and writes what the plan says.
    async fn update<T>(
        &self,
        plan: impl Fn(&Planner<'_, K>, &Roster<K>) -> Planned<K, T>,
    ) -> Result<T, ConfigError> {
        let _turn = self.turn.lock().await;
        for _ in 0..ATTEMPTS {
            let asked = Instant::now();
            let loaded = self.vault.load(self.settings.name).await?;
            let (answer, draft) = self.draft(loaded, asked, &plan)?;
            let Some(Draft { live, expected, changes }) = draft else { return Ok(answer) };
            if self.vault.swap(self.settings.name, expected, live.blob.clone()).await? {
                self.publish(live);
                self.mark_read(asked);
                changes.iter().for_each(|change| K::tell(self.settings.name, change));
                return Ok(answer);
            }
        }
        Err(contended())
    }

    /// Takes over what was read, and makes what is to be written, if anything is.
    fn draft<T>(
        &self,
        loaded: Loaded,
        asked: Instant,
        plan: &impl Fn(&Planner<'_, K>, &Roster<K>) -> Planned<K, T>,
    ) -> Result<(T, Option<Draft<K>>), ConfigError> {
        let (now, expected) = (loaded.now, loaded.version);
        // A store that lost writes would bring withdrawn keys back; what we hold is newer.
        let lost = expected < self.live().version;
        if lost {
            event!(error, "the store lost the newest keys; they are written back", ring = self.settings.name);
        } else {
            self.take_over(loaded)?;
            self.mark_read(asked);
        }
        let make = || make(self.settings.algorithm);
        let schedule = &self.settings.schedule;
        let planner = Planner { now, schedule, token_life: self.token_life(), make: &make };
        let (Step { roster, changes }, answer) = plan(&planner, &self.live().roster)?;
        if changes.is_empty() && !lost {
            return Ok((answer, None));
        }
        let live = Live::write(&self.vault, self.settings.name, roster, expected)?;
        Ok((answer, Some(Draft { live, expected, changes })))
    }

    fn take_over(&self, loaded: Loaded) -> Result<(), ConfigError> {
        let held = self.live();
        if held.version == loaded.version && held.blob == loaded.blob {
            return Ok(());
        }
        self.publish(Live::read(&self.vault, self.settings.name, loaded)?);
        event!(info, "another node changed the keys", ring = self.settings.name);
        Ok(())
    }
}

pub(super) fn contended() -> ConfigError {
    ConfigError::new("key store", "other nodes changed the keys meanwhile, again and again; try once more")
}
