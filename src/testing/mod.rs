//! For tests: a clock that stands still until it is told to move, and a suite that checks a store.

// What stands here runs in tests only, where a panic is how a check fails.
#![allow(clippy::panic, reason = "a check fails by panicking")]
#![allow(clippy::missing_panics_doc, reason = "each check says that it panics, and most of its parts do")]

mod clock;

pub use clock::ManualClock;
