//! Where sealed keys are kept.

use crate::{clock::Timestamp, error::StoreError};

/// Keeps sealed keys under a name each.
///
/// The blobs are encrypted before they get here. `jwtower::testing` has a suite that checks an
/// implementation.
pub trait KeyStore: Send + Sync + 'static {
    /// Whether the blobs survive a restart.
    fn is_durable(&self) -> bool;

    /// Reads the blob of this name, and the store's time.
    ///
    /// # Errors
    ///
    /// When the store does not answer.
    fn load_keys(&self, name: &str) -> impl Future<Output = Result<SealedKeys, StoreError>> + Send;

    /// Writes the blob if the stored version is still `expected`, which is 0 where there is none, and counts
    /// the version up by one. Tells whether it was.
    ///
    /// What is acknowledged survives a crash, where the store is durable.
    ///
    /// # Errors
    ///
    /// When the store does not answer.
    fn swap_keys(
        &self,
        name: &str,
        expected: u64,
        blob: Vec<u8>,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;
}

/// What a [`KeyStore`] holds under one name.
#[derive(Clone, Debug)]
pub struct SealedKeys {
    /// The encrypted keys; empty where there are none.
    pub blob: Vec<u8>,
    /// How often the blob was written; 0 where there is none.
    pub version: u64,
    /// The store's time.
    pub now: Timestamp,
}
