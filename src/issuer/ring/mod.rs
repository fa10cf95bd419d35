//! Keys that rotate, in a store.
//!
//! [`KeyRing`] is the handle of a ring of signing keys, `DecryptionRing` that of a ring of decryption keys. What is
//! behind both, a `Shared`, serves every kind of key that is a `RingKey`.

#[cfg(feature = "jwe")]
mod decryption;
#[cfg(feature = "jwe")]
mod decryption_ring;
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

#[cfg(feature = "jwe")]
pub use decryption_ring::DecryptionRing;
pub(crate) use key_ring::CurrentKey;
pub use key_ring::KeyRing;

#[cfg(test)]
mod tests;
