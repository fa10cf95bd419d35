//! For tests: a clock that stands still until it is told to move, and a suite that checks a store.

// What stands here runs in tests only, where a panic is how a check fails.
#![allow(clippy::panic, reason = "a check fails by panicking")]

mod clock;
mod fixture;
mod keys;
mod races;
mod revocations;
mod sessions;
mod subjects;
mod suite;

pub use clock::ManualClock;
pub use suite::{check_key_store, check_revocation_store, check_session_store, check_store};
