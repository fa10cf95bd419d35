//! Encrypted tokens: claims that stay secret from whoever holds the token (RFC 7516).
//!
//! An encrypted token is a signed one in an envelope (RFC 7519 §11.2): an [`Issuer`](crate::Issuer) signs, then
//! encrypts to an [`EncryptionKey`]; a [`Verifier`](crate::Verifier) decrypts with [`DecryptionKeys`], then verifies
//! the token inside as any other. [The guide](crate::guide::encryption) says when that is worth it.
//!
//! | [`KeyManagement`] | the recipient has | the issuer has |
//! |---|---|---|
//! | `dir`, `A256KW` | a secret | the same secret |
//! | `ECDH-ES`, `ECDH-ES+A256KW` | a P-256 or X25519 key | its public half |
//! | `RSA-OAEP-256` | an RSA key | its public half |
//!
//! The content is encrypted with AES-GCM, of 128 or 256 bits. Nothing else is read or written.

mod agreement;
mod algorithm;
mod compact;
mod content;
mod decryption_key;
mod decryption_keys;
mod encryption_key;
mod header;
mod jwk;
mod private;
mod public;
mod secret;
mod source;

pub use algorithm::{ContentEncryption, Curve, KeyManagement};
pub use decryption_key::DecryptionKey;
pub use decryption_keys::DecryptionKeys;
pub use encryption_key::EncryptionKey;
pub use source::DecryptionSource;

pub(crate) use decryption_keys::Opened;

#[cfg(test)]
mod tests;
