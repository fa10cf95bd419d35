//! Where sessions, revocations and sealed keys are kept.
//!
//! A store is one value with three traits: [`SessionStore`](crate::session::SessionStore),
//! [`RevocationStore`](crate::revocation::RevocationStore) and [`KeyStore`](crate::issuer::KeyStore).
//!
//! | store | keeps | for |
//! |---|---|---|
//! | [`MemoryStore`] | until the process ends | tests, and services that may log everyone out at a restart |

mod memory;
mod rules;

pub use memory::MemoryStore;
