//! Where a verifier takes its keys from.

use std::{fmt, ops::Deref, sync::Arc};

use arc_swap::{ArcSwap, Guard};

use super::{Algorithm, KeySet, Secret, SigningKey};
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
}

/// The keys at one moment. Whoever judges a token takes them once, and keeps them until it is judged.
pub(crate) enum Current<'a> {
    Fixed(&'a KeySet),
    Live(Guard<Arc<KeySet>>),
}

impl KeySource {
    /// Keys that are swapped while verifiers use them; a swap counts from the next token on.
    pub(crate) fn live(cell: Arc<ArcSwap<KeySet>>) -> Self {
        Self(Keys::Live(cell))
    }

    pub(crate) fn current(&self) -> Current<'_> {
        match &self.0 {
            Keys::Fixed(keys) => Current::Fixed(keys),
            Keys::Live(cell) => Current::Live(cell.load()),
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
        }
    }
}

impl Deref for Current<'_> {
    type Target = KeySet;

    fn deref(&self) -> &KeySet {
        match self {
            Self::Fixed(keys) => keys,
            Self::Live(keys) => keys,
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
        self.current().fmt(f)
    }
}
