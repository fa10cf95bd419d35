//! Keys that an identity provider publishes: when they are fetched, and what requests see of it.
//!
//! The provider is a closure, and time is tokio's paused clock.

mod floods;
mod lifetimes;
mod outages;
mod provider;
mod runtimes;
mod sharing;
mod sight;
mod starts;
