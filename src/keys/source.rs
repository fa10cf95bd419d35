//! Where a verifier takes its keys from.

use std::{fmt, sync::Arc};

use arc_swap::{ArcSwap, Guard};

use super::{
    Algorithm, KeySet, Secret, SigningKey,
    elsewhere::{Ask, Elsewhere, KeyStatus, Waiting},
};
use crate::error::ConfigError;

/// Where a verifier takes its keys from: a [`KeySet`], or keys that change while the verifier is in use.
///
/// It is cheap to clone. A [`KeySet`], a [`Secret`] and a [`SigningKey`] turn into a source whose keys stay the
/// same.
///
/// ```
/// use jwtower::{Algorithm, KeySet, SigningKey, keys::KeySource};
///
/// let key = SigningKey::generate(Algorithm::Ed25519)?;
/// let source = KeySource::from(&key);                   // as `.keys(&key)` of a verifier's builder does
/// assert_eq!(format!("{source:?}"), format!("{:?}", KeySet::from(&key)));
/// # Ok::<(), jwtower::ConfigError>(())
/// ```
#[derive(Clone)]
pub struct KeySource(Keys);

#[derive(Clone)]
enum Keys {
    Fixed(KeySet),
    Live(Arc<ArcSwap<KeySet>>),
    Elsewhere(Arc<dyn Elsewhere>),
}

/// The keys at one moment. Whoever judges a token takes them once, and keeps them until it is judged.
pub(crate) enum Current<'a> {
    Fixed(&'a KeySet),
    Live(Guard<Arc<KeySet>>),
    /// None where they have not come yet, or are too old.
    Elsewhere(Guard<Option<Arc<KeySet>>>),
}

impl KeySource {
    /// Keys that are swapped while verifiers use them; a swap counts from the next token on.
    pub(crate) fn live(cell: Arc<ArcSwap<KeySet>>) -> Self {
        Self(Keys::Live(cell))
    }

    /// Keys that somebody else publishes.
    #[cfg_attr(not(feature = "jwks-client"), allow(dead_code, reason = "only that feature has such keys"))]
    pub(crate) fn elsewhere(keys: Arc<dyn Elsewhere>) -> Self {
        Self(Keys::Elsewhere(keys))
    }

    pub(crate) fn current(&self) -> Current<'_> {
        match &self.0 {
            Keys::Fixed(keys) => Current::Fixed(keys),
            Keys::Live(cell) => Current::Live(cell.load()),
            Keys::Elsewhere(keys) => Current::Elsewhere(keys.current()),
        }
    }

    /// What to do about a key that is not among the current ones.
    pub(crate) fn ask(&self, kid: Option<&str>, algorithm: Algorithm) -> Ask {
        match &self.0 {
            Keys::Fixed(_) | Keys::Live(_) => Ask::Absent,
            Keys::Elsewhere(keys) => keys.ask(kid, algorithm),
        }
    }

    /// Whether a key that is not there may have to be asked for.
    pub(crate) fn is_elsewhere(&self) -> bool {
        matches!(self.0, Keys::Elsewhere(_))
    }

    /// The time until the first keys are there; nothing where they are here already.
    pub(crate) fn ready(&self) -> Option<Waiting> {
        match &self.0 {
            Keys::Fixed(_) | Keys::Live(_) => None,
            Keys::Elsewhere(keys) => Some(keys.ready()),
        }
    }

    pub(crate) fn status(&self) -> Option<KeyStatus> {
        match &self.0 {
            Keys::Fixed(_) | Keys::Live(_) => None,
            Keys::Elsewhere(keys) => Some(keys.status()),
        }
    }

    /// The source for these algorithms alone.
    ///
    /// Live keys stay as they are: whether a token's algorithm is on the list is for the verifier to ask.
    pub(crate) fn with_algorithms(self, allowed: &[Algorithm]) -> Result<Self, ConfigError> {
        match self.0 {
            Keys::Fixed(keys) => keys.with_algorithms(allowed).map(Self::from),
            Keys::Live(cell) => {
                cell.load().check_algorithms(allowed)?;
                Ok(Self::live(cell))
            }
            Keys::Elsewhere(keys) => Ok(Self::elsewhere(keys.limited_to(allowed))),
        }
    }
}

impl Current<'_> {
    pub(crate) fn set(&self) -> Option<&KeySet> {
        match self {
            Self::Fixed(keys) => Some(keys),
            Self::Live(keys) => Some(keys),
            Self::Elsewhere(keys) => keys.as_deref(),
        }
    }
}

impl From<KeySet> for KeySource {
    fn from(keys: KeySet) -> Self {
        Self(Keys::Fixed(keys))
    }
}

impl From<&KeySet> for KeySource {
    fn from(keys: &KeySet) -> Self {
        keys.clone().into()
    }
}

impl From<&Secret> for KeySource {
    fn from(secret: &Secret) -> Self {
        KeySet::from(secret).into()
    }
}

impl From<&SigningKey> for KeySource {
    /// The key's public half; of an HMAC key, the secret itself.
    fn from(key: &SigningKey) -> Self {
        KeySet::from(key).into()
    }
}

impl From<&Self> for KeySource {
    fn from(source: &Self) -> Self {
        source.clone()
    }
}

impl fmt::Debug for KeySource {
    /// The keys of this moment.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.current().set() {
            Some(keys) => keys.fmt(f),
            None => f.write_str("[]"),
        }
    }
}
