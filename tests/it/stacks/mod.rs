//! The layer and the guard among tower's own middleware: around both, between them, and inside.
//!
//! Innermost is always a limit with a semaphore that the test can look at, and a service that panics where it
//! is called without having been ready.

mod app;
mod panics;
mod rate;
mod shedding;
mod steps;
mod storm;
mod timeouts;

use app::{App, Keys, Kind, Stack, boxed};
