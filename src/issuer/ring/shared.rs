//! What all handles of a ring share.

use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use arc_swap::ArcSwap;
use tokio::{sync::Mutex, task::AbortHandle, time::Instant};

use super::live::Live;
use crate::{
    issuer::{schedule::Schedule, vault::Vault},
    keys::KeySet,
};

pub(super) struct Shared {
    pub(super) name: &'static str,
    pub(super) schedule: Schedule,
    pub(super) vault: Vault,
    /// Whoever signs looks here, and waits for nobody.
    pub(super) live: ArcSwap<Live>,
    /// The same keys, as verifiers take them.
    pub(super) keys: Arc<ArcSwap<KeySet>>,
    opened: Instant,
    /// When the newest answer of the store was asked for, in milliseconds after `opened`.
    read: AtomicU64,
    /// The longest life of the tokens that issuers of this process sign, in milliseconds.
    token_life: AtomicU64,
    /// One step at a time, so that nobody puts older keys above newer ones.
    pub(super) turn: Mutex<()>,
    pub(super) task: OnceLock<AbortHandle>,
}

impl Shared {
    /// A ring whose keys were asked for at that time.
    pub(super) fn new(
        vault: Vault,
        name: &'static str,
        schedule: Schedule,
        live: Live,
        asked: Instant,
    ) -> Self {
        Self {
            name,
            schedule,
            vault,
            keys: Arc::new(ArcSwap::from_pointee(live.keys.clone())),
            live: ArcSwap::from_pointee(live),
            opened: asked,
            read: AtomicU64::new(0),
            token_life: AtomicU64::new(0),
            turn: Mutex::new(()),
            task: OnceLock::new(),
        }
    }

    /// Whether the keys were not read for too long to sign with them.
    pub(super) fn is_stale(&self) -> bool {
        let read = Duration::from_millis(self.read.load(Ordering::Acquire));
        self.vault.is_shared() && self.opened.elapsed() > self.schedule.poll.saturating_add(read)
    }

    pub(super) fn mark_read(&self, asked: Instant) {
        self.read.fetch_max(millis(asked.saturating_duration_since(self.opened)), Ordering::AcqRel);
    }

    pub(super) fn token_life(&self) -> Duration {
        Duration::from_millis(self.token_life.load(Ordering::Acquire))
    }

    pub(super) fn raise_token_life(&self, life: Duration) {
        self.token_life.fetch_max(millis(life), Ordering::AcqRel);
    }

    pub(super) fn publish(&self, live: Live) {
        // Verifiers first: they must know the key that signs next.
        self.keys.store(Arc::new(live.keys.clone()));
        self.live.store(Arc::new(live));
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        if let Some(task) = self.task.get() {
            task.abort();
        }
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
