//! Reading a ring, planning its next step, writing it: in the background and by hand.

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use tokio::{runtime::Handle, time::Instant};

use super::{document, live::Live, make::make, shared::Shared};
use crate::{
    error::ConfigError,
    issuer::{
        plan::{Change, Planner, Roster, Step},
        schedule::Schedule,
        vault::{Loaded, Vault},
    },
    keys::SigningKey,
    telemetry::event,
};

/// Each loss means that another node wrote, and there are only so many steps to take.
const ATTEMPTS: usize = 20;

/// Keys that are to be written after the version `expected`.
struct Prepared {
    live: Live,
    expected: u64,
    changes: Vec<Change>,
}

impl Shared {
    /// The keys in the vault, or new ones where there are none.
    pub(super) async fn open(
        vault: Vault,
        name: &'static str,
        schedule: Schedule,
    ) -> Result<Self, ConfigError> {
        schedule.check()?;
        for _ in 0..ATTEMPTS {
            let asked = Instant::now();
            let loaded = vault.load(name).await?;
            let live = if loaded.version == 0 {
                first(&vault, name, &schedule, &loaded).await?
            } else {
                let roster = document::read(&vault.open(name, &loaded)?)?;
                Some(Live::new(roster, loaded.version, loaded.blob)?)
            };
            if let Some(live) = live {
                let ring = Self::new(vault, name, schedule, live, asked);
                ring.advance().await?;
                return Ok(ring);
            }
        }
        Err(contended())
    }

    /// Does what the schedule wants done by now.
    pub(super) async fn advance(&self) -> Result<(), ConfigError> {
        self.update(|planner, roster| Ok((planner.advance(roster)?, ()))).await
    }

    /// Reads the ring, takes over what other nodes did, and writes what the plan says.
    pub(super) async fn update<T>(
        &self,
        plan: impl Fn(&Planner<'_, SigningKey>, &Roster<SigningKey>) -> Result<(Step<SigningKey>, T), ConfigError>,
    ) -> Result<T, ConfigError> {
        let _turn = self.turn.lock().await;
        for _ in 0..ATTEMPTS {
            let asked = Instant::now();
            let loaded = self.vault.load(self.name).await?;
            let (answer, prepared) = self.prepare(loaded, asked, &plan)?;
            let Some(Prepared { live, expected, changes }) = prepared else { return Ok(answer) };
            if self.vault.swap(self.name, expected, live.blob.clone()).await? {
                self.publish(live);
                self.mark_read(asked);
                tell(self.name, &changes);
                return Ok(answer);
            }
        }
        Err(contended())
    }

    /// Takes over what was read, and makes what is to be written, if anything is.
    fn prepare<T>(
        &self,
        loaded: Loaded,
        asked: Instant,
        plan: &impl Fn(
            &Planner<'_, SigningKey>,
            &Roster<SigningKey>,
        ) -> Result<(Step<SigningKey>, T), ConfigError>,
    ) -> Result<(T, Option<Prepared>), ConfigError> {
        let (now, expected) = (loaded.now, loaded.version);
        // A store that lost writes would bring withdrawn keys back; what we hold is newer.
        let lost = expected < self.live.load().version;
        if lost {
            event!(error, "the store lost the newest keys; they are written back", ring = self.name);
        } else {
            self.take_over(loaded)?;
            self.mark_read(asked);
        }
        let make = || make(self.schedule.algorithm);
        let planner = Planner { now, schedule: &self.schedule, token_life: self.token_life(), make: &make };
        let (Step { roster, changes }, answer) = plan(&planner, &self.live.load().roster)?;
        if changes.is_empty() && !lost {
            return Ok((answer, None));
        }
        let live = write(&self.vault, self.name, roster, expected)?;
        Ok((answer, Some(Prepared { live, expected, changes })))
    }

    fn take_over(&self, loaded: Loaded) -> Result<(), ConfigError> {
        let held = self.live.load();
        if held.version == loaded.version && held.blob == loaded.blob {
            return Ok(());
        }
        let roster = document::read(&self.vault.open(self.name, &loaded)?)?;
        self.publish(Live::new(roster, loaded.version, loaded.blob)?);
        event!(info, "another node changed the keys", ring = self.name);
        Ok(())
    }

    /// Keeps the ring up to date for as long as someone holds it.
    pub(super) fn spawn(ring: &Arc<Self>) -> Result<(), ConfigError> {
        let runtime = Handle::try_current().map_err(|_| {
            ConfigError::new("key ring", "a task keeps it up to date; open it inside a tokio runtime")
        })?;
        let task = runtime.spawn(keep_up(Arc::downgrade(ring), ring.schedule.poll / 5));
        // Nobody else sets it.
        let _ = ring.task.set(task.abort_handle());
        Ok(())
    }
}

/// Makes the first key, unless another node is faster.
async fn first(
    vault: &Vault,
    name: &'static str,
    schedule: &Schedule,
    loaded: &Loaded,
) -> Result<Option<Live>, ConfigError> {
    let make = || make(schedule.algorithm);
    let step = Planner { now: loaded.now, schedule, token_life: Duration::ZERO, make: &make }.first()?;
    let live = write(vault, name, step.roster, loaded.version)?;
    let written = vault.swap(name, loaded.version, live.blob.clone()).await?;
    if written {
        tell(name, &step.changes);
    }
    Ok(written.then_some(live))
}

/// The keys with the blob that is to follow the version `expected`.
pub(super) fn write(
    vault: &Vault,
    name: &str,
    roster: Roster<SigningKey>,
    expected: u64,
) -> Result<Live, ConfigError> {
    let blob = vault.seal(name, expected, &document::write(&roster)?)?;
    Live::new(roster, expected.saturating_add(1), blob)
}

async fn keep_up(ring: Weak<Shared>, pause: Duration) {
    loop {
        tokio::time::sleep(pause).await;
        let Some(ring) = ring.upgrade() else { return };
        if let Err(error) = ring.advance().await {
            event!(error, "the keys could not be read or changed", ring = ring.name, problem = error);
        }
    }
}

fn contended() -> ConfigError {
    ConfigError::new("key store", "other nodes changed the keys meanwhile, again and again; try once more")
}

fn tell(ring: &str, changes: &[Change]) {
    for change in changes {
        match change {
            Change::Announced(kid) => event!(info, "a key was announced", ring = ring, kid = kid),
            Change::Hurried(kid) => {
                event!(info, "a key is to sign as soon as verifiers know it", ring = ring, kid = kid);
            }
            Change::Switched(kid) => event!(info, "a key begins to sign", ring = ring, kid = kid),
            Change::Retired(kid) => event!(info, "a key signs no more", ring = ring, kid = kid),
            Change::Dropped(kid) => event!(info, "a key is no longer published", ring = ring, kid = kid),
            Change::Withdrawn(kid) => event!(info, "a key was withdrawn", ring = ring, kid = kid),
            Change::Prolonged(kid) => {
                event!(info, "a key signs tokens that live longer", ring = ring, kid = kid);
            }
        }
    }
}
