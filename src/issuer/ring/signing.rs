//! Keys that sign, as a ring takes them.

use zeroize::Zeroizing;

use super::key::{Prepared, RingKey};
use crate::{
    error::ConfigError,
    issuer::{
        plan::{Change, Roster},
        schedule::Schedule,
        signer::Signer,
    },
    keys::{Algorithm, KeySet, SigningKey},
    telemetry::event,
};

impl RingKey for SigningKey {
    type Algorithm = Algorithm;
    type Keys = KeySet;
    type Current = Signer;

    fn check(schedule: &Schedule) -> Result<(), ConfigError> {
        schedule.check()
    }

    fn generate(algorithm: Algorithm) -> Result<Self, ConfigError> {
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

    /// All keys verify and are published, the next one too: verifiers are to know it before it signs.
    fn prepare(roster: &Roster<Self>) -> Result<Prepared<Self>, ConfigError> {
        let current = &roster.current.key;
        let mut keys = KeySet::from(&current.key);
        for key in roster.keys().filter(|key| key.kid != current.kid) {
            keys = keys.and(&key.key)?;
        }
        Ok(Prepared { jwks: keys.to_jwks(), current: Signer::new(current.key.clone()), keys })
    }

    fn tell(ring: &str, change: &Change) {
        match change {
            Change::Announced(kid) => event!(info, "a key was announced", ring = ring, kid = kid),
            Change::Hurried(kid) => {
                event!(info, "a key is to sign as soon as verifiers know it", ring = ring, kid = kid);
            }
            Change::Switched(kid) => event!(info, "a key begins to sign", ring = ring, kid = kid),
            Change::Retired(kid) => event!(info, "a key signs no more", ring = ring, kid = kid),
            Change::Dropped(kid) => event!(info, "a key is no longer published", ring = ring, kid = kid),
            Change::Withdrawn(kid) => event!(info, "a key was withdrawn", ring = ring, kid = kid),
            Change::Prolonged(kid) => {
                event!(info, "a key signs tokens that live longer", ring = ring, kid = kid);
            }
        }
    }
}
