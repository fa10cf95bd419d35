//! What a ring asks of its keys.

use zeroize::Zeroizing;

use crate::{
    error::ConfigError,
    issuer::{
        plan::{Change, Roster},
        schedule::Schedule,
    },
};

/// A kind of private key that rotates in a ring.
pub(super) trait RingKey: Clone + Send + Sync + 'static {
    /// What a key is for.
    type Algorithm: Copy + Send + Sync + 'static;

    /// All keys of a ring, for those who take tokens.
    type Keys: Clone + Send + Sync + 'static;

    /// The current key, for those who make tokens.
    type Current: Send + Sync + 'static;

    /// Refuses a schedule by which such keys would come too late or go too early.
    fn check(schedule: &Schedule) -> Result<(), ConfigError>;

    fn generate(algorithm: Self::Algorithm) -> Result<Self, ConfigError>;

    fn kid(&self) -> Option<&str>;

    fn with_kid(self, kid: &str) -> Result<Self, ConfigError>;

    /// How the algorithm is called in a stored ring.
    fn algorithm(&self) -> &'static str;

    /// The private key, to be stored encrypted.
    fn private_bytes(&self) -> Result<Zeroizing<Vec<u8>>, ConfigError>;

    /// The key of a stored ring.
    fn from_private_bytes(algorithm: &str, kid: &str, bytes: &[u8]) -> Result<Self, ConfigError>;

    fn prepare(roster: &Roster<Self>) -> Result<Prepared<Self>, ConfigError>;

    /// Says in an event what happened to a key.
    fn tell(ring: &str, change: &Change);
}

/// What is made of a ring's keys once, and used for every token.
pub(super) struct Prepared<K: RingKey> {
    pub(super) keys: K::Keys,
    pub(super) current: K::Current,
    /// What is published.
    pub(super) jwks: String,
}
