//! What a node holds of a ring, prepared.

use super::{
    document,
    key::{Prepared, RingKey},
};
use crate::{
    error::ConfigError,
    issuer::{
        plan::Roster,
        vault::{Loaded, Vault},
    },
};

/// The keys as they were read or written last.
pub(super) struct Live<K: RingKey> {
    pub(super) roster: Roster<K>,
    pub(super) prepared: Prepared<K>,
    /// Of the blob.
    pub(super) version: u64,
    pub(super) blob: Vec<u8>,
}

impl<K: RingKey> Live<K> {
    /// The keys in a blob of that name.
    pub(super) fn read(vault: &Vault, name: &str, loaded: Loaded) -> Result<Self, ConfigError> {
        let roster = document::read(&vault.open(name, &loaded)?)?;
        Self::new(roster, loaded.version, loaded.blob)
    }

    /// The keys with the blob that is to follow the version `expected`.
    pub(super) fn write(
        vault: &Vault,
        name: &str,
        roster: Roster<K>,
        expected: u64,
    ) -> Result<Self, ConfigError> {
        let blob = vault.seal(name, expected, &document::write(&roster)?)?;
        Self::new(roster, expected.saturating_add(1), blob)
    }

    fn new(roster: Roster<K>, version: u64, blob: Vec<u8>) -> Result<Self, ConfigError> {
        Ok(Self { prepared: K::prepare(&roster)?, roster, version, blob })
    }
}
