//! Where revocations are kept.

use std::pin::Pin;

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

    /// All revocations that still matter; those that are over may be among them.
    ///
    /// # Errors
    ///
    /// When the store does not answer.
    fn load_revocations(&self) -> impl Future<Output = Result<Vec<Revocation>, StoreError>> + Send;
}

/// The half of a store that is used after loading, for any store.
pub(super) trait Append: Send + Sync {
    fn append<'a>(
        &'a self,
        entry: &'a Revocation,
    ) -> Pin<Box<dyn Future<Output = Result<(), StoreError>> + Send + 'a>>;
}

impl<S: RevocationStore> Append for S {
    fn append<'a>(
        &'a self,
        entry: &'a Revocation,
    ) -> Pin<Box<dyn Future<Output = Result<(), StoreError>> + Send + 'a>> {
        Box::pin(self.append_revocation(entry))
    }
}
