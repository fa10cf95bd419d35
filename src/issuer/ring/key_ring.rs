//! The handle of a ring of signing keys.

use std::{fmt, ops::Deref, sync::Arc, time::Duration};

use zeroize::Zeroizing;

use super::{
    live::Live,
    permanent::permanent_key,
    shared::{Settings, Shared},
};
use crate::{
    clock::{Clock, SystemClock, Timestamp},
    error::{AuthError, ConfigError},
    issuer::{
        key_store::KeyStore,
        schedule::Schedule,
        signer::Signer,
        vault::{KeyEncryptionKey, Vault},
    },
    keys::{Algorithm, KeySet, KeySource, SigningKey},
};

/// The blob of the keys that sign access tokens.
const SIGNING_KEYS: &str = "signing-keys";

/// Signing keys that rotate: one signs, the next one is announced before it does, and replaced ones stay
/// published until the last token that they signed is dead.
///
/// It is cheap to clone. A ring in a [`KeyStore`] is shared by all nodes that open it, and survives restarts
/// where the store does; a task on the tokio runtime that opened it keeps it up to date and ends with it.
///
/// ```
/// use jwtower::{Algorithm, Issuer, KeyRing, NoClaims};
///
/// let ring = KeyRing::generate(Algorithm::ES256)?;     // for one process; else KeyRing::open(&store, ..)
/// let issuer = Issuer::builder().keys(&ring).issuer("https://login.example.com").audience("api").build()?;
/// let token = issuer.sign("alice", &NoClaims)?;
/// assert!(ring.jwks().contains("P-256"));               // what verifiers fetch
/// # Ok::<(), jwtower::ConfigError>(())
/// ```
#[derive(Clone)]
pub struct KeyRing(pub(super) Arc<Shared<SigningKey>>);

/// The key that signs now.
pub(crate) struct CurrentKey(Arc<Live<SigningKey>>);

impl KeyRing {
    /// Opens the ring in a store, or makes its first key there.
    ///
    /// # Errors
    ///
    /// An impossible schedule, a store that does not answer, keys that were sealed with another
    /// key-encryption key or were damaged (they are left as they are), or no tokio runtime.
    pub async fn open<S>(store: &S, schedule: Schedule, kek: &KeyEncryptionKey) -> Result<Self, ConfigError>
    where
        S: KeyStore + Clone,
    {
        Shared::in_vault(Vault::new(store.clone(), kek), settings(SIGNING_KEYS, schedule)).await.map(Self)
    }

    /// Makes a ring for this process alone: its keys are gone with it, and so is every token that they signed.
    ///
    /// Nothing rotates it but [`rotate`](Self::rotate), [`withdraw`](Self::withdraw) and
    /// [`advance`](Self::advance); the keys of refresh tokens beside it stay as they are.
    ///
    /// # Errors
    ///
    /// If the crypto library fails to make a key.
    pub fn generate(algorithm: Algorithm) -> Result<Self, ConfigError> {
        Self::of_process(Schedule::default().algorithm(algorithm), SystemClock)
    }

    pub(super) fn of_process(schedule: Schedule, clock: impl Clock) -> Result<Self, ConfigError> {
        Shared::of_process(settings(SIGNING_KEYS, schedule), clock).map(Self)
    }

    /// Lets the next key sign as soon as every verifier can know it, and tells when that is.
    ///
    /// Where no next key was announced yet, one is made now. For a key that someone stole, call
    /// [`withdraw`](Self::withdraw).
    ///
    /// # Errors
    ///
    /// A store that does not answer, or 90 replaced keys that are still published.
    pub async fn rotate(&self) -> Result<Timestamp, ConfigError> {
        self.0.rotate().await
    }

    /// Removes a key at once; if it is the one that signs, the next one takes its place, or a new one.
    ///
    /// This node refuses its tokens from now on, other nodes as soon as they read the ring again, other
    /// verifiers when they fetch the JWK Set again. Verifiers that do not know the new key yet refuse its
    /// tokens meanwhile.
    ///
    /// # Errors
    ///
    /// A store that does not answer, or a name that no key has.
    pub async fn withdraw(&self, kid: &str) -> Result<(), ConfigError> {
        self.0.withdraw(kid).await
    }

    /// Reads the ring again and does what the schedule wants done by now.
    ///
    /// The ring's own task does this all the time; call it where there is no such task, as for a generated
    /// ring, or where one must not wait for it.
    ///
    /// # Errors
    ///
    /// A store that does not answer, or keys in it that cannot be read.
    pub async fn advance(&self) -> Result<(), ConfigError> {
        self.0.advance().await
    }

    /// The public keys as a JWK Set (RFC 7517 §5), to be served as JSON: the one that
    /// signs, the next one, and the retired ones. Secrets are never in it.
    #[must_use]
    pub fn jwks(&self) -> String {
        self.0.live().prepared.jwks.clone()
    }

    /// What to serve as `Cache-Control` beside the JWK Set, such as `public, max-age=600`.
    ///
    /// Where the ring was not read for too long, nobody should keep it: `no-store`.
    #[must_use]
    pub fn cache_control(&self) -> String {
        self.0.cache_control()
    }

    /// The names of the keys: the next one where it was announced, the one that signs, the retired ones.
    #[must_use]
    pub fn kids(&self) -> Vec<String> {
        self.0.kids()
    }

    /// The name of the key that signs.
    #[must_use]
    pub fn current_kid(&self) -> String {
        self.0.live().roster.current.key.kid.clone()
    }

    /// Whether the keys survive a restart.
    #[must_use]
    pub fn is_durable(&self) -> bool {
        self.0.vault.is_durable()
    }

    /// The key that signs now, unless the ring was not read for too long.
    pub(crate) fn current(&self) -> Result<CurrentKey, AuthError> {
        self.0.fresh().map(CurrentKey)
    }

    /// Every key that verifies at this moment.
    pub(crate) fn keys(&self) -> Arc<KeySet> {
        self.0.keys.load_full()
    }

    /// Another ring in the same vault, under another name.
    pub(crate) async fn sibling(&self, name: &'static str, schedule: Schedule) -> Result<Self, ConfigError> {
        Shared::in_vault(self.0.vault.clone(), settings(name, schedule)).await.map(Self)
    }

    /// Random bytes in the same vault that are made once and never change.
    pub(crate) async fn permanent_key(&self, name: &'static str) -> Result<Zeroizing<[u8; 32]>, ConfigError> {
        permanent_key(&self.0.vault, name).await
    }

    /// Notes how long tokens live that are signed with it from now on; the next [`advance`](Self::advance) writes
    /// it to the store.
    pub(in crate::issuer) fn raise_token_life(&self, life: Duration) {
        self.0.raise_token_life(life);
    }

    /// The longest life of a token that one of its keys may have signed, here or elsewhere, now or before.
    pub(in crate::issuer) fn token_life(&self) -> Duration {
        self.0.token_life().max(self.0.live().roster.token_life())
    }

    pub(in crate::issuer) fn schedule(&self) -> &Schedule {
        &self.0.settings.schedule
    }
}

impl CurrentKey {
    pub(in crate::issuer) fn signer(&self) -> &Signer {
        &self.0.prepared.current
    }
}

impl Deref for CurrentKey {
    type Target = SigningKey;

    fn deref(&self) -> &SigningKey {
        &self.0.prepared.current.key
    }
}

fn settings(name: &'static str, schedule: Schedule) -> Settings<SigningKey> {
    Settings { name, algorithm: schedule.algorithm, schedule }
}

impl From<&Self> for KeyRing {
    fn from(ring: &Self) -> Self {
        ring.clone()
    }
}

impl From<&KeyRing> for KeySource {
    /// The ring's keys at each moment: rotation and withdrawal count at once.
    fn from(ring: &KeyRing) -> Self {
        Self::live(Arc::clone(&ring.0.keys))
    }
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyRing")
            .field("name", &self.0.settings.name)
            .field("kids", &self.kids())
            .field("durable", &self.is_durable())
            .finish_non_exhaustive()
    }
}
