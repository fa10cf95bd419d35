//! Signing keys that rotate, in a store.

mod document;
mod key_ring;
mod live;
mod make;
mod permanent;
mod shared;
mod upkeep;

pub(crate) use key_ring::CurrentKey;
pub use key_ring::KeyRing;

#[cfg(test)]
mod tests;
