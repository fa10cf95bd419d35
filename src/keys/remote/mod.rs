//! Keys that live elsewhere: at a URL, or wherever an issuer's discovery document says.

mod address;
mod answer;
mod cause;
mod client;
mod discovery;
mod failure;
mod fetch;
mod held;
mod url;

pub use failure::FetchError;
pub use fetch::{Fetch, Reach};

#[cfg(test)]
mod tests;
