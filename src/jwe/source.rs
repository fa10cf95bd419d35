//! Where a verifier takes its decryption keys from.

use std::{fmt, sync::Arc};

use arc_swap::ArcSwap;

use super::{DecryptionKey, DecryptionKeys};

/// Where a verifier takes its decryption keys from: [`DecryptionKeys`], or keys that change while it is in use.
///
/// It is cheap to clone.
///
/// ```
/// use jwtower::jwe::{DecryptionKey, DecryptionSource, KeyManagement};
///
/// let key = DecryptionKey::generate(KeyManagement::A256KW)?;
/// let source = DecryptionSource::from(&key);             // as `.decrypt_with(&key)` of a verifier's builder does
/// # Ok::<(), jwtower::ConfigError>(())
/// ```
#[derive(Clone)]
pub struct DecryptionSource(Keys);

#[derive(Clone)]
enum Keys {
    Fixed(DecryptionKeys),
    Live(Arc<ArcSwap<DecryptionKeys>>),
}

impl DecryptionSource {
    /// Keys that are swapped while verifiers use them; a swap counts from the next token on.
    pub(crate) fn live(cell: Arc<ArcSwap<DecryptionKeys>>) -> Self {
        Self(Keys::Live(cell))
    }

    /// Has a look at the keys of this moment.
    pub(crate) fn with<T>(&self, look: impl FnOnce(&DecryptionKeys) -> T) -> T {
        match &self.0 {
            Keys::Fixed(keys) => look(keys),
            Keys::Live(cell) => look(&cell.load()),
        }
    }
}

impl From<DecryptionKeys> for DecryptionSource {
    fn from(keys: DecryptionKeys) -> Self {
        Self(Keys::Fixed(keys))
    }
}

impl From<&DecryptionKeys> for DecryptionSource {
    fn from(keys: &DecryptionKeys) -> Self {
        keys.clone().into()
    }
}

impl From<&DecryptionKey> for DecryptionSource {
    fn from(key: &DecryptionKey) -> Self {
        DecryptionKeys::from(key).into()
    }
}

impl From<&Self> for DecryptionSource {
    fn from(source: &Self) -> Self {
        source.clone()
    }
}

impl fmt::Debug for DecryptionSource {
    /// The keys of this moment.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.with(|keys| keys.fmt(f))
    }
}
