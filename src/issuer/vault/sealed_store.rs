//! A key store and the key that seals what is in it.

use std::{error::Error, sync::Arc, time::Duration};

use zeroize::Zeroizing;

use super::{bridge::DynKeyStore, kek::KeyEncryptionKey, local::LocalKeys, seal::Sealer};
use crate::{
    clock::Timestamp,
    error::{ConfigError, StoreError},
    issuer::key_store::{KeyStore, SealedKeys},
};

/// Reads and writes sealed blobs.
#[derive(Clone)]
pub(in crate::issuer) struct Vault {
    store: Arc<dyn DynKeyStore>,
    sealer: Sealer,
    reach: Reach,
}

/// Who else may write.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// Other nodes, over a connection that may hang.
    Shared,
    /// Nobody; the blobs are this process's own memory.
    Process,
}

/// What the store holds under a name.
pub(in crate::issuer) struct Loaded {
    /// As it is stored; empty where there is nothing.
    pub(in crate::issuer) blob: Vec<u8>,
    /// 0 where there is nothing.
    pub(in crate::issuer) version: u64,
    pub(in crate::issuer) now: Timestamp,
}

impl Vault {
    /// No store should need longer; who waits for ever would not notice when it answers again.
    const PATIENCE: Duration = Duration::from_secs(10);

    pub(in crate::issuer) fn new(store: impl KeyStore, kek: &KeyEncryptionKey) -> Self {
        Self { store: Arc::new(store), sealer: kek.sealer(), reach: Reach::Shared }
    }

    pub(in crate::issuer) fn of_process(store: LocalKeys, kek: &KeyEncryptionKey) -> Self {
        Self { store: Arc::new(store), sealer: kek.sealer(), reach: Reach::Process }
    }

    pub(in crate::issuer) fn is_durable(&self) -> bool {
        self.store.is_durable()
    }

    /// Whether others may write too, so that one has to look.
    pub(in crate::issuer) fn is_shared(&self) -> bool {
        self.reach == Reach::Shared
    }

    pub(in crate::issuer) async fn load(&self, name: &str) -> Result<Loaded, ConfigError> {
        let SealedKeys { blob, version, now } = self.wait(self.store.load(name)).await?;
        Ok(Loaded { blob, version, now })
    }

    /// What is in the blob.
    pub(in crate::issuer) fn open(
        &self,
        name: &str,
        loaded: &Loaded,
    ) -> Result<Zeroizing<Vec<u8>>, ConfigError> {
        self.sealer.open(name, loaded.version, &loaded.blob)
    }

    /// A blob that fits this name, and follows the version `expected`.
    pub(in crate::issuer) fn seal(
        &self,
        name: &str,
        expected: u64,
        plaintext: &[u8],
    ) -> Result<Vec<u8>, ConfigError> {
        self.sealer.seal(name, expected.saturating_add(1), plaintext)
    }

    /// Writes what [`seal`](Self::seal) made; tells whether nobody else was faster.
    pub(in crate::issuer) async fn swap(
        &self,
        name: &str,
        expected: u64,
        blob: Vec<u8>,
    ) -> Result<bool, ConfigError> {
        self.wait(self.store.swap(name, expected, blob)).await
    }

    async fn wait<T>(&self, answer: impl Future<Output = Result<T, StoreError>>) -> Result<T, ConfigError> {
        // Outside a runtime there is no timer, and the own memory needs none.
        let answer = match self.reach {
            Reach::Process => answer.await,
            Reach::Shared => tokio::time::timeout(Self::PATIENCE, answer).await.map_err(|_| {
                ConfigError::new("key store", format!("it did not answer within {:?}", Self::PATIENCE))
            })?,
        };
        answer.map_err(|error| {
            let source = error.source().map(|source| format!(": {source}")).unwrap_or_default();
            ConfigError::new("key store", format!("{error}{source}"))
        })
    }
}
