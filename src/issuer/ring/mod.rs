//! Keys that rotate, in a store.
//!
//! [`KeyRing`] is the handle of a ring of signing keys. What is behind it, a `Shared`, serves every kind of key
//! that is a `RingKey`.

mod document;
mod key;
mod key_ring;
mod live;
mod make;
mod open;
mod permanent;
mod shared;
mod signing;
mod upkeep;

pub(crate) use key_ring::CurrentKey;
pub use key_ring::KeyRing;

#[cfg(test)]
mod tests;
