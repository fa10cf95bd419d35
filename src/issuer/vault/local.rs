//! Sealed keys in this process alone.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use crate::{
    clock::Clock,
    error::StoreError,
    issuer::key_store::{KeyStore, SealedKeys},
};

/// What a generated ring keeps its keys in, so that it is a ring like others.
#[derive(Clone)]
pub(in crate::issuer) struct LocalKeys {
    clock: Arc<dyn Clock>,
    blobs: Arc<Mutex<Blobs>>,
}

/// Of each name the version and the blob.
type Blobs = BTreeMap<String, (u64, Vec<u8>)>;

impl LocalKeys {
    pub(in crate::issuer) fn new(clock: impl Clock) -> Self {
        Self { clock: Arc::new(clock), blobs: Arc::default() }
    }

    pub(in crate::issuer) fn get(&self, name: &str) -> SealedKeys {
        let blobs = self.blobs.lock().unwrap_or_else(PoisonError::into_inner);
        let (version, blob) = blobs.get(name).cloned().unwrap_or_default();
        SealedKeys { blob, version, now: self.clock.now().into() }
    }

    pub(in crate::issuer) fn swap(&self, name: &str, expected: u64, blob: Vec<u8>) -> bool {
        let mut blobs = self.blobs.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = blobs.entry(name.to_owned()).or_default();
        let fits = entry.0 == expected;
        if fits {
            *entry = (expected.saturating_add(1), blob);
        }
        fits
    }
}

#[cfg(test)]
impl LocalKeys {
    /// Puts a blob there as if it had been written that often.
    pub(in crate::issuer) fn put(&self, name: &str, version: u64, blob: Vec<u8>) {
        self.blobs.lock().unwrap().insert(name.to_owned(), (version, blob));
    }
}

impl KeyStore for LocalKeys {
    fn is_durable(&self) -> bool {
        false
    }

    async fn load_keys(&self, name: &str) -> Result<SealedKeys, StoreError> {
        Ok(self.get(name))
    }

    async fn swap_keys(&self, name: &str, expected: u64, blob: Vec<u8>) -> Result<bool, StoreError> {
        Ok(self.swap(name, expected, blob))
    }
}
