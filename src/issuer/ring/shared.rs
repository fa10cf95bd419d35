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

use super::{key::RingKey, live::Live};
use crate::{
    error::{AuthError, Code},
    issuer::{schedule::Schedule, vault::Vault},
};

/// What a ring is opened with.
pub(super) struct Settings<K: RingKey> {
    /// That of the blob in the store.
    pub(super) name: &'static str,
    /// That of new keys.
    pub(super) algorithm: K::Algorithm,
    pub(super) schedule: Schedule,
}

pub(super) struct Shared<K: RingKey> {
    pub(super) settings: Settings<K>,
    pub(super) vault: Vault,
    /// Whoever makes tokens looks here, and waits for nobody.
    live: ArcSwap<Live<K>>,
    /// The same keys, for those who take tokens.
    pub(super) keys: Arc<ArcSwap<K::Keys>>,
    opened: Instant,
    /// When the newest answer of the store was asked for, in milliseconds after `opened`.
    read: AtomicU64,
    /// The longest life of the tokens that issuers of this process sign, in milliseconds.
    token_life: AtomicU64,
    /// One step at a time, so that nobody puts older keys above newer ones.
    pub(super) turn: Mutex<()>,
    pub(super) task: OnceLock<AbortHandle>,
}

impl<K: RingKey> Shared<K> {
    /// A ring whose keys were asked for at that time.
    pub(super) fn new(vault: Vault, settings: Settings<K>, live: Live<K>, asked: Instant) -> Self {
        Self {
            settings,
            vault,
            keys: Arc::new(ArcSwap::from_pointee(live.prepared.keys.clone())),
            live: ArcSwap::from_pointee(live),
            opened: asked,
            read: AtomicU64::new(0),
            token_life: AtomicU64::new(0),
            turn: Mutex::new(()),
            task: OnceLock::new(),
        }
    }

    pub(super) fn live(&self) -> Arc<Live<K>> {
        self.live.load_full()
    }

    /// The same, unless it was not read for too long to make tokens with it.
    pub(super) fn fresh(&self) -> Result<Arc<Live<K>>, AuthError> {
        if self.is_stale() { Err(Code::KeysStale.into()) } else { Ok(self.live()) }
    }

    fn is_stale(&self) -> bool {
        let read = Duration::from_millis(self.read.load(Ordering::Acquire));
        self.vault.is_shared() && self.opened.elapsed() > self.settings.schedule.poll.saturating_add(read)
    }

    pub(super) fn mark_read(&self, asked: Instant) {
        self.read.fetch_max(millis(asked.saturating_duration_since(self.opened)), Ordering::AcqRel);
    }

    pub(super) fn cache_control(&self) -> String {
        if self.is_stale() {
            return "no-store".to_owned();
        }
        format!("public, max-age={}", self.settings.schedule.jwks_max_age.as_secs())
    }

    pub(super) fn kids(&self) -> Vec<String> {
        self.live.load().roster.kids().map(str::to_owned).collect()
    }

    pub(super) fn token_life(&self) -> Duration {
        Duration::from_millis(self.token_life.load(Ordering::Acquire))
    }

    pub(super) fn raise_token_life(&self, life: Duration) {
        self.token_life.fetch_max(millis(life), Ordering::AcqRel);
    }

    pub(super) fn publish(&self, live: Live<K>) {
        // Those who take tokens first: they must know the key that is current next.
        self.keys.store(Arc::new(live.prepared.keys.clone()));
        self.live.store(Arc::new(live));
    }
}

impl<K: RingKey> Drop for Shared<K> {
    fn drop(&mut self) {
        if let Some(task) = self.task.get() {
            task.abort();
        }
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
