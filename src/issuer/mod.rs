//! Making tokens: short-lived access tokens in the profile of RFC 9068.

mod builder;
mod key_store;
mod plan;
mod schedule;
mod sign;

pub use builder::IssuerBuilder;
pub use key_store::{KeyStore, SealedKeys};
pub use schedule::Schedule;
pub use sign::Issuer;
