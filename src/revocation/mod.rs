//! Was the token withdrawn since it was signed?
//!
//! [`Revocations`] is the set in memory that every request's token is looked up in. It has three grains: one
//! token, one session, all tokens of a subject so far. A [`RevocationStore`] behind it makes it survive a
//! restart.

mod builder;
mod check;
mod entry;
mod filter;
mod key;
mod revocations;
mod set;
mod store;
mod table;
#[cfg(test)]
mod tests;

pub use builder::RevocationsBuilder;
pub(crate) use builder::TooMany;
pub(crate) use check::Watch;
pub use entry::{Grain, Revocation};
pub use revocations::Revocations;
pub use store::RevocationStore;
