//! Keys that live elsewhere: at a URL, or wherever an issuer's discovery document says.

mod address;
mod answer;
mod budget;
mod cause;
mod client;
mod discovery;
mod failure;
mod fetch;
mod held;
mod keeper;
mod key_set;
mod known;
mod place;
mod shared;
mod task;
mod url;
mod view;
mod waiter;

pub use failure::FetchError;
pub use fetch::{Fetch, Reach};
pub use key_set::RemoteKeySet;

#[cfg(test)]
mod tests;
