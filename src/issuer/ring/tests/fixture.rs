//! A store that can be broken, and time that passes as fast as tokio's paused clock.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, SystemTime},
};

use tokio::time::Instant;

use crate::{
    claims::NoClaims,
    clock::Clock,
    error::StoreError,
    issuer::{
        Issuer, KeyEncryptionKey, KeyRing, KeyStore, Schedule, SealedKeys,
        vault::{LocalKeys, Vault},
    },
    token::AccessToken,
    verify::Verifier,
};

pub(super) const MINUTE: Duration = Duration::from_secs(60);
pub(super) const HOUR: Duration = Duration::from_secs(3600);
pub(super) const DAY: Duration = Duration::from_secs(24 * 3600);

#[derive(Clone)]
pub(super) struct TestStore {
    keys: LocalKeys,
    broken: Arc<AtomicBool>,
}

impl TestStore {
    pub(super) fn new() -> Self {
        Self { keys: LocalKeys::new(clock()), broken: Arc::default() }
    }

    pub(super) fn set_broken(&self, broken: bool) {
        self.broken.store(broken, Ordering::SeqCst);
    }

    pub(super) fn blob(&self) -> (u64, Vec<u8>) {
        self.blob_of("signing-keys")
    }

    pub(super) fn blob_of(&self, name: &str) -> (u64, Vec<u8>) {
        let keys = self.keys.get(name);
        (keys.version, keys.blob)
    }

    /// A store in which somebody put that blob as that version.
    pub(super) fn forged(version: u64, blob: &[u8]) -> Self {
        let store = Self::new();
        store.forge(version, blob);
        store
    }

    pub(super) fn forge(&self, version: u64, blob: &[u8]) {
        self.forge_of("signing-keys", version, blob);
    }

    pub(super) fn forge_of(&self, name: &str, version: u64, blob: &[u8]) {
        self.keys.put(name, version, blob.to_vec());
    }

    fn answer(&self) -> Result<(), StoreError> {
        match self.broken.load(Ordering::SeqCst) {
            true => Err(StoreError::new("do anything", std::io::Error::other("the disk is gone"))),
            false => Ok(()),
        }
    }
}

impl KeyStore for TestStore {
    fn is_durable(&self) -> bool {
        true
    }

    async fn load_keys(&self, name: &str) -> Result<SealedKeys, StoreError> {
        self.answer()?;
        tokio::task::yield_now().await;
        Ok(self.keys.get(name))
    }

    async fn swap_keys(&self, name: &str, expected: u64, blob: Vec<u8>) -> Result<bool, StoreError> {
        self.answer()?;
        tokio::task::yield_now().await;
        Ok(self.keys.swap(name, expected, blob))
    }
}

thread_local! {
    static STARTED: Instant = Instant::now();
}

/// The time of tokio, which tests pause and move; the same for all of one test.
pub(super) fn clock() -> impl Clock {
    let started = STARTED.with(Clone::clone);
    move || SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000) + started.elapsed()
}

pub(super) fn kek() -> KeyEncryptionKey {
    KeyEncryptionKey::generate().unwrap()
}

/// Polls of some minutes, so that a test of months has few of them.
pub(super) fn schedule() -> Schedule {
    Schedule::default().poll(HOUR)
}

pub(super) async fn open(store: &TestStore, kek: &KeyEncryptionKey) -> KeyRing {
    KeyRing::open(store, schedule(), kek).await.unwrap()
}

pub(super) fn issuer(ring: &KeyRing) -> Issuer {
    Issuer::builder().keys(ring).issuer("me").audience("api").clock(clock()).build().unwrap()
}

pub(super) fn sign(ring: &KeyRing) -> AccessToken {
    issuer(ring).sign("alice", &NoClaims).unwrap()
}

/// One that follows the ring.
pub(super) fn verifier(ring: &KeyRing) -> Verifier<NoClaims> {
    Verifier::builder().keys(ring).issuer("me").audience("api").clock(clock()).build().unwrap()
}

pub(super) fn vault(store: &TestStore, kek: &KeyEncryptionKey) -> Vault {
    Vault::new(store.clone(), kek)
}
