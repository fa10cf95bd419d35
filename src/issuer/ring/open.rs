//! Opening a ring, and the task that keeps it up to date.

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use tokio::{runtime::Handle, time::Instant};

use super::{
    key::RingKey,
    live::Live,
    make::make,
    shared::{Settings, Shared},
    upkeep::{ATTEMPTS, contended},
};
use crate::{
    clock::{Clock, Timestamp},
    error::ConfigError,
    issuer::{
        plan::{Planner, Step},
        vault::{KeyEncryptionKey, Loaded, LocalKeys, Vault},
    },
    telemetry::event,
};

impl<K: RingKey> Shared<K> {
    /// The ring in the vault, which follows it for as long as someone holds it.
    pub(super) async fn in_vault(vault: Vault, settings: Settings<K>) -> Result<Arc<Self>, ConfigError> {
        let ring = Arc::new(Self::open(vault, settings).await?);
        if ring.vault.is_shared() {
            Self::spawn(&ring)?;
        }
        Ok(ring)
    }

    /// A new ring in a vault of its own, in memory.
    pub(super) fn of_process(settings: Settings<K>, clock: impl Clock) -> Result<Arc<Self>, ConfigError> {
        K::check(&settings.schedule)?;
        let store = LocalKeys::new(clock);
        let vault = Vault::of_process(store.clone(), &KeyEncryptionKey::generate()?);
        let roster = first(&settings, store.get(settings.name).now)?.roster;
        let live = Live::write(&vault, settings.name, roster, 0)?;
        store.swap(settings.name, 0, live.blob.clone());
        Ok(Arc::new(Self::new(vault, settings, live, Instant::now())))
    }

    /// The keys in the vault, or new ones where there are none.
    async fn open(vault: Vault, settings: Settings<K>) -> Result<Self, ConfigError> {
        K::check(&settings.schedule)?;
        for _ in 0..ATTEMPTS {
            let asked = Instant::now();
            let loaded = vault.load(settings.name).await?;
            let live = match loaded.version {
                0 => begin(&vault, &settings, &loaded).await?,
                _ => Some(Live::read(&vault, settings.name, loaded)?),
            };
            if let Some(live) = live {
                let ring = Self::new(vault, settings, live, asked);
                ring.advance().await?;
                return Ok(ring);
            }
        }
        Err(contended())
    }

    fn spawn(ring: &Arc<Self>) -> Result<(), ConfigError> {
        let runtime = Handle::try_current().map_err(|_| {
            ConfigError::new("key ring", "a task keeps it up to date; open it inside a tokio runtime")
        })?;
        let task = runtime.spawn(keep_up(Arc::downgrade(ring), ring.settings.schedule.poll / 5));
        // Nobody else sets it.
        let _ = ring.task.set(task.abort_handle());
        Ok(())
    }
}

/// Makes the first key, unless another node is faster.
async fn begin<K: RingKey>(
    vault: &Vault,
    settings: &Settings<K>,
    loaded: &Loaded,
) -> Result<Option<Live<K>>, ConfigError> {
    let step = first(settings, loaded.now)?;
    let live = Live::write(vault, settings.name, step.roster, loaded.version)?;
    let written = vault.swap(settings.name, loaded.version, live.blob.clone()).await?;
    if written {
        step.changes.iter().for_each(|change| K::tell(settings.name, change));
    }
    Ok(written.then_some(live))
}

fn first<K: RingKey>(settings: &Settings<K>, now: Timestamp) -> Result<Step<K>, ConfigError> {
    let make = || make(settings.algorithm);
    Planner { now, schedule: &settings.schedule, token_life: Duration::ZERO, make: &make }.first()
}

async fn keep_up<K: RingKey>(ring: Weak<Shared<K>>, pause: Duration) {
    loop {
        tokio::time::sleep(pause).await;
        let Some(ring) = ring.upgrade() else { return };
        if let Err(error) = ring.advance().await {
            event!(
                error,
                "the keys could not be read or changed",
                ring = ring.settings.name,
                problem = error
            );
        }
    }
}
