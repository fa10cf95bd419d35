//! What a node holds of a ring, prepared.

use crate::{
    error::ConfigError,
    issuer::{plan::Roster, signer::Signer},
    keys::{KeySet, SigningKey},
};

/// The keys as they were read or written last.
pub(super) struct Live {
    pub(super) roster: Roster<SigningKey>,
    pub(super) signer: Signer,
    pub(super) keys: KeySet,
    pub(super) jwks: String,
    /// Of the blob.
    pub(super) version: u64,
    pub(super) blob: Vec<u8>,
}

impl Live {
    pub(super) fn new(roster: Roster<SigningKey>, version: u64, blob: Vec<u8>) -> Result<Self, ConfigError> {
        let current = &roster.current.key;
        let mut keys = KeySet::from(&current.key);
        for key in roster.keys().filter(|key| key.kid != current.kid) {
            keys = keys.and(&key.key)?;
        }
        let (signer, jwks) = (Signer::new(current.key.clone()), keys.to_jwks());
        Ok(Self { roster, signer, keys, jwks, version, blob })
    }
}
