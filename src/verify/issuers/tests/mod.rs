//! What only the crate itself can see: the time of a lookup, its limits, keys that are elsewhere.

mod elsewhere;
#[cfg(feature = "jwe")]
mod encrypted;
mod figure;
mod limits;
mod lookups;
mod support;
mod time;
