//! Keys that decrypt, as a ring takes them.

use zeroize::Zeroizing;

use super::key::{Prepared, RingKey};
use crate::{
    error::ConfigError,
    issuer::{
        plan::{Change, Roster},
        schedule::Schedule,
    },
    jwe::{DecryptionKey, DecryptionKeys, EncryptionKey, KeyManagement},
    telemetry::event,
};

impl RingKey for DecryptionKey {
    type Algorithm = KeyManagement;
    type Keys = DecryptionKeys;
    type Current = EncryptionKey;

    fn check(schedule: &Schedule) -> Result<(), ConfigError> {
        schedule.check()?;
        schedule.check_senders(Schedule::USUAL_TOKEN_LIFE)
    }

    fn generate(algorithm: KeyManagement) -> Result<Self, ConfigError> {
        Self::generate(algorithm)
    }

    fn kid(&self) -> Option<&str> {
        self.kid()
    }

    fn with_kid(self, kid: &str) -> Result<Self, ConfigError> {
        self.with_kid(kid)
    }

    fn algorithm(&self) -> &'static str {
        self.algorithm().name()
    }

    fn private_bytes(&self) -> Result<Zeroizing<Vec<u8>>, ConfigError> {
        self.private_bytes()
    }

    fn from_private_bytes(algorithm: &str, kid: &str, bytes: &[u8]) -> Result<Self, ConfigError> {
        Self::from_private_bytes(algorithm.parse()?, kid, bytes)
    }

    /// All keys decrypt. The current one alone is published: a sender takes any key that it finds, and not every
    /// node has the next one yet.
    fn prepare(roster: &Roster<Self>) -> Result<Prepared<Self>, ConfigError> {
        let current = &roster.current.key;
        let mut keys = DecryptionKeys::from(&current.key);
        let jwks = keys.to_jwks();
        for key in roster.keys().filter(|key| key.kid != current.kid) {
            keys = keys.and(&key.key)?;
        }
        Ok(Prepared { keys, current: EncryptionKey::from(&current.key), jwks })
    }

    fn tell(ring: &str, change: &Change) {
        match change {
            Change::Announced(kid) => event!(info, "a key was announced", ring = ring, kid = kid),
            Change::Hurried(kid) => {
                event!(
                    info,
                    "a key is to be encrypted to as soon as every node knows it",
                    ring = ring,
                    kid = kid
                );
            }
            Change::Switched(kid) => event!(info, "a key begins to be encrypted to", ring = ring, kid = kid),
            Change::Retired(kid) => event!(info, "a key is encrypted to no more", ring = ring, kid = kid),
            Change::Dropped(kid) => event!(info, "a key decrypts no more", ring = ring, kid = kid),
            Change::Withdrawn(kid) => event!(info, "a key was withdrawn", ring = ring, kid = kid),
            // How long senders' tokens live, such a ring does not note.
            Change::Prolonged(_) => {}
        }
    }
}
