//! Where sessions, revocations and sealed keys are kept.
//!
//! A store is one value with three traits: [`SessionStore`](crate::session::SessionStore),
//! [`RevocationStore`](crate::revocation::RevocationStore) and [`KeyStore`](crate::issuer::KeyStore).
//!
//! | store | keeps | for |
//! |---|---|---|
//! | [`MemoryStore`] | until the process ends | tests, and services that may log everyone out at a restart |
//! | `RedbStore` (feature `redb`) | in one file, which survives a crash | one process |

mod memory;
#[cfg(feature = "redb")]
mod redb;
mod rules;
mod time;

#[cfg(feature = "redb")]
pub use self::redb::RedbStore;
pub use memory::MemoryStore;
