//! Keys in a store, encrypted.

mod bridge;
mod kek;
mod local;
mod seal;
mod sealed_store;

pub use kek::KeyEncryptionKey;
pub(super) use local::LocalKeys;
pub(super) use sealed_store::{Loaded, Vault};

#[cfg(test)]
mod tests;
