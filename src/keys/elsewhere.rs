//! Keys that are kept elsewhere, and may have to be waited for.

use std::{fmt, future::Future, pin::Pin, sync::Arc, time::SystemTime};

use arc_swap::Guard;

use super::{Algorithm, KeySet};
use crate::error::AuthError;

/// What a [`KeySource`](super::KeySource) needs of keys that somebody else publishes.
pub(crate) trait Elsewhere: Send + Sync {
    /// The keys of this moment; none before they came, and none when they are too old.
    fn current(&self) -> Guard<Option<Arc<KeySet>>>;

    /// What to do about a key that is not among them.
    fn ask(&self, kid: Option<&str>, algorithm: Algorithm) -> Ask;

    /// The same keys for these algorithms alone.
    fn limited_to(&self, algorithms: &[Algorithm]) -> Arc<dyn Elsewhere>;

    /// Waits for the first keys.
    fn ready(&self) -> Waiting;

    fn status(&self) -> KeyStatus;
}

/// The answer to a token whose key is not there.
#[cfg_attr(not(feature = "jwks-client"), allow(dead_code, reason = "keys that are here are there or absent"))]
pub(crate) enum Ask {
    /// Whoever publishes the keys was asked, and has none.
    Absent,
    /// The keys are being fetched: wait, then look again.
    Wait(Waiting),
    /// Nobody can tell now.
    Unavailable(AuthError),
}

/// Ends when it is worth looking again, or when that has no prospect.
pub(crate) type Over = Pin<Box<dyn Future<Output = Result<(), AuthError>> + Send>>;

/// The time until it is worth looking again.
pub(crate) struct Waiting {
    pub(crate) over: Over,
    /// What to say where that takes too long.
    pub(crate) late: AuthError,
}

/// What is known of keys that somebody else publishes: when they were fetched, how many, what went wrong.
///
/// ```
/// # #[cfg(feature = "jwks-client")]
/// # fn main() -> Result<(), jwtower::ConfigError> {
/// use jwtower::keys::RemoteKeySet;
///
/// let keys = RemoteKeySet::new("https://login.example.com/jwks.json")?;
/// let status = keys.status();
/// assert_eq!((status.source.as_str(), status.keys), ("https://login.example.com/jwks.json", 0));
/// assert_eq!(status.fetched, None);
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "jwks-client"))]
/// # fn main() {}
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyStatus {
    /// Whose tokens they verify, where that is known.
    pub issuer: Option<String>,
    /// The URL of the keys, or the issuer by which they are discovered.
    pub source: String,
    /// How many keys verify tokens now; 0 before the first came, and when they are too old.
    pub keys: usize,
    /// When they were last fetched, or confirmed to be unchanged.
    pub fetched: Option<SystemTime>,
    /// Why the last attempt failed; nothing where it succeeded.
    pub error: Option<String>,
    /// When they are to be fetched next; nothing where nobody has asked for them yet.
    pub next_refresh: Option<SystemTime>,
}

impl fmt::Debug for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waiting").finish_non_exhaustive()
    }
}
