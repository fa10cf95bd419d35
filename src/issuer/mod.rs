//! Making tokens: short-lived access tokens in the profile of RFC 9068.
//!
//! An [`Issuer`] signs with one key that stays the same, or with a [`KeyRing`], whose keys rotate by a
//! [`Schedule`] and are kept in a [`KeyStore`], encrypted with a [`KeyEncryptionKey`]. Keys that tokens
//! are encrypted to rotate by the same plan, in a `DecryptionRing` (feature `jwe`).

mod builder;
mod encrypt;
mod grant;
mod key_store;
mod payload;
mod plan;
#[cfg(feature = "jwe")]
mod recipient;
mod ring;
mod schedule;
mod sign;
mod signer;
mod template;
mod vault;

pub use builder::IssuerBuilder;
pub use key_store::{KeyStore, SealedKeys};
#[cfg(feature = "jwe")]
pub use recipient::Recipient;
#[cfg(feature = "jwe")]
pub use ring::DecryptionRing;
pub use ring::KeyRing;
pub use schedule::Schedule;
pub use sign::Issuer;
pub use vault::KeyEncryptionKey;

pub(crate) use {grant::Grant, ring::CurrentKey};

#[cfg(test)]
mod tests;
