//! Where revocations are kept.

use super::entry::Revocation;
use crate::error::StoreError;

/// Keeps revocations until they may be forgotten.
///
/// `jwtower::testing` has a suite that checks an implementation.
pub trait RevocationStore: Send + Sync + 'static {
    /// Adds a revocation; one that is there already is no fault.
    ///
    /// What is acknowledged survives a crash, where the store is durable.
    ///
    /// # Errors
    ///
    /// When the store does not answer.
    fn append_revocation(&self, entry: &Revocation) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// All revocations that still matter.
    ///
    /// # Errors
    ///
    /// When the store does not answer.
    fn load_revocations(&self) -> impl Future<Output = Result<Vec<Revocation>, StoreError>> + Send;
}
