//! The handle of a ring of decryption keys.

use std::{fmt, sync::Arc, time::Duration};

use super::shared::{Settings, Shared};
use crate::{
    clock::{Clock, SystemClock, Timestamp},
    error::{AuthError, ConfigError},
    issuer::{
        key_store::KeyStore,
        schedule::Schedule,
        vault::{KeyEncryptionKey, Vault},
    },
    jwe::{DecryptionKey, DecryptionSource, KeyManagement},
};

/// The blob of the keys that decrypt tokens.
const DECRYPTION_KEYS: &str = "decryption-keys";

/// Decryption keys that rotate: tokens are encrypted to one, the next one can decrypt on every node before, and
/// replaced ones still decrypt until the last token that was encrypted to them is dead.
///
/// It is cheap to clone. A ring in a [`KeyStore`] is shared by all nodes that open it, beside a
/// [`KeyRing`](super::KeyRing) if there is one, and survives restarts where the store does; a task on the tokio
/// runtime that opened it keeps it up to date and ends with it.
///
/// ```
/// use jwtower::issuer::DecryptionRing;
/// use jwtower::jwe::KeyManagement;
/// use jwtower::{Algorithm, Issuer, NoClaims, Secret, Verifier};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let ring = DecryptionRing::generate(KeyManagement::EcdhEsA256KW)?;   // for one process; else DecryptionRing::open
///
/// let secret = Secret::generate(Algorithm::HS256)?;
/// let issuer = Issuer::builder()
///     .key(&secret)
///     .encrypt_to(&ring)
///     .issuer("https://login.example.com")
///     .audience("api")
///     .build()?;
/// let verifier = Verifier::<NoClaims>::builder()
///     .keys(&secret)
///     .decrypt_with(&ring)
///     .issuer("https://login.example.com")
///     .audience("api")
///     .build()?;
///
/// let token = issuer.sign("alice", &NoClaims)?;
/// assert!(verifier.verify(token.secret()).is_ok());
/// # Ok(())
/// # }
/// ```
///
/// Issuers elsewhere encrypt to what [`jwks`](Self::jwks) publishes. Each token's header names its key, so a ring
/// knows what to decrypt it with whenever it comes.
///
/// A node whose store does not answer goes on decrypting, which harms nobody: every token inside is verified.
/// It stops encrypting after [`Schedule::poll`], because other nodes may have withdrawn the key that it knows, or may
/// drop it before the token is dead.
#[derive(Clone)]
pub struct DecryptionRing(pub(super) Arc<Shared<DecryptionKey>>);

impl DecryptionRing {
    /// Opens the ring in a store, or makes its first key there.
    ///
    /// New keys are for this algorithm: on P-256 for ECDH-ES, which every library encrypts to, of 2048 bits for RSA.
    /// Keys that the ring holds already keep theirs.
    ///
    /// ```
    /// use jwtower::issuer::{DecryptionRing, KeyEncryptionKey, Schedule};
    /// use jwtower::{jwe::KeyManagement, store::MemoryStore};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), jwtower::ConfigError> {
    /// let (store, kek) = (MemoryStore::new(), KeyEncryptionKey::generate()?);
    /// let ring = DecryptionRing::open(&store, KeyManagement::EcdhEsA256KW, Schedule::default(), &kek).await?;
    /// assert!(ring.jwks().contains(&ring.current_kid()));   // what senders fetch
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// An impossible schedule, one that drops keys before the tokens of senders are dead, a store that does not
    /// answer, keys that were sealed with another key-encryption key or were damaged (they are left as they are), or
    /// no tokio runtime.
    pub async fn open<S>(
        store: &S,
        algorithm: KeyManagement,
        schedule: Schedule,
        kek: &KeyEncryptionKey,
    ) -> Result<Self, ConfigError>
    where
        S: KeyStore + Clone,
    {
        let settings = Settings { name: DECRYPTION_KEYS, algorithm, schedule };
        Shared::in_vault(Vault::new(store.clone(), kek), settings).await.map(Self)
    }

    /// Makes a ring for this process alone: its keys are gone with it, and nobody can read what was encrypted to
    /// them.
    ///
    /// Nothing rotates it but [`rotate`](Self::rotate), [`withdraw`](Self::withdraw) and
    /// [`advance`](Self::advance).
    ///
    /// # Errors
    ///
    /// If the crypto library fails to make a key.
    pub fn generate(algorithm: KeyManagement) -> Result<Self, ConfigError> {
        Self::of_process(algorithm, Schedule::default(), SystemClock)
    }

    pub(super) fn of_process(
        algorithm: KeyManagement,
        schedule: Schedule,
        clock: impl Clock,
    ) -> Result<Self, ConfigError> {
        Shared::of_process(Settings { name: DECRYPTION_KEYS, algorithm, schedule }, clock).map(Self)
    }

    /// Has tokens encrypted to the next key as soon as that may be by the schedule, and tells when that is.
    ///
    /// Where no next key was announced yet, one is made now. Nothing is refused meanwhile or afterwards. For a key
    /// that someone stole, call [`withdraw`](Self::withdraw).
    ///
    /// # Errors
    ///
    /// A store that does not answer, or 90 replaced keys that still decrypt.
    pub async fn rotate(&self) -> Result<Timestamp, ConfigError> {
        self.0.rotate().await
    }

    /// Removes a key at once; if it is the one that is encrypted to, the next one takes its place, or a new one.
    ///
    /// What was encrypted to it is refused: here from now on, on other nodes as soon as they read the ring again. So
    /// is what senders encrypt to it before they fetch the JWK Set again, and, where a new key was made, what this
    /// node encrypts before the other nodes know it.
    ///
    /// # Errors
    ///
    /// A store that does not answer, or a name that no key has.
    ///
    /// # Security
    ///
    /// Whoever has the key can read all that was ever encrypted to it, where they have that too; only what comes
    /// later is safe.
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

    /// The public key that senders encrypt to, alone in a JWK Set (RFC 7517 §5) with `use: enc`, to be served as
    /// JSON.
    ///
    /// A secret is never in it: of a ring for `dir` or `A256KW` the set is empty, and only who holds the ring can
    /// encrypt to it.
    ///
    /// ```
    /// use jwtower::issuer::DecryptionRing;
    /// use jwtower::jwe::{EncryptionKey, KeyManagement};
    ///
    /// let ring = DecryptionRing::generate(KeyManagement::RsaOaep256)?;
    /// let recipient = EncryptionKey::from_jwks(ring.jwks())?;          // at the sender
    /// assert_eq!(recipient.kid(), Some(&*ring.current_kid()));
    /// # Ok::<(), jwtower::ConfigError>(())
    /// ```
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

    /// The names of the keys, which all decrypt: the next one where it was announced, the one that is encrypted to,
    /// the retired ones.
    #[must_use]
    pub fn kids(&self) -> Vec<String> {
        self.0.kids()
    }

    /// The name of the key that is encrypted to.
    #[must_use]
    pub fn current_kid(&self) -> String {
        self.0.live().roster.current.key.kid.clone()
    }

    /// Whether the keys survive a restart.
    #[must_use]
    pub fn is_durable(&self) -> bool {
        self.0.vault.is_durable()
    }

    /// Refuses where the ring was not read for too long to encrypt to its key.
    pub(in crate::issuer) fn check_fresh(&self) -> Result<(), AuthError> {
        self.0.fresh().map(drop)
    }

    /// Refuses tokens that live longer than a replaced key decrypts.
    pub(in crate::issuer) fn check_token_life(&self, life: Duration) -> Result<(), ConfigError> {
        self.0.settings.schedule.check_senders(life)
    }

    /// Encrypts a signed token to the current key.
    pub(in crate::issuer) fn encrypt(&self, token: &str) -> Result<String, ConfigError> {
        self.0.live().prepared.current.encrypt(token)
    }
}

impl From<&DecryptionRing> for DecryptionSource {
    /// The ring's keys at each moment: rotation and withdrawal count at once.
    fn from(ring: &DecryptionRing) -> Self {
        Self::live(Arc::clone(&ring.0.keys))
    }
}

impl fmt::Debug for DecryptionRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecryptionRing")
            .field("kids", &self.kids())
            .field("durable", &self.is_durable())
            .finish_non_exhaustive()
    }
}
