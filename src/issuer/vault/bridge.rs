//! A key store of any type.

use std::pin::Pin;

use crate::{
    error::StoreError,
    issuer::key_store::{KeyStore, SealedKeys},
};

type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// [`KeyStore`] with boxed futures, so that a ring needs no type parameter.
pub(super) trait DynKeyStore: Send + Sync {
    fn is_durable(&self) -> bool;

    fn load<'a>(&'a self, name: &'a str) -> BoxFuture<'a, SealedKeys>;

    fn swap<'a>(&'a self, name: &'a str, expected: u64, blob: Vec<u8>) -> BoxFuture<'a, bool>;
}

impl<S: KeyStore> DynKeyStore for S {
    fn is_durable(&self) -> bool {
        KeyStore::is_durable(self)
    }

    fn load<'a>(&'a self, name: &'a str) -> BoxFuture<'a, SealedKeys> {
        Box::pin(self.load_keys(name))
    }

    fn swap<'a>(&'a self, name: &'a str, expected: u64, blob: Vec<u8>) -> BoxFuture<'a, bool> {
        Box::pin(self.swap_keys(name, expected, blob))
    }
}
