//! Setting sessions up.

use std::{error::Error, fmt, sync::Arc, time::Duration};

use super::{
    accounts::DynAccounts,
    ending::{Logouts, Unfinished},
    event::SessionEvent,
    keys::SessionKeys,
    outage::OutageTracker,
    sessions::{Inner, LEEWAY, Limits, Listener, Sessions},
    store::SessionStore,
    throttle::Throttle,
};
use crate::{
    clock::Timestamp,
    error::{ConfigError, StoreError},
    issuer::Issuer,
    revocation::{RevocationStore, Revocations, TooMany},
    telemetry::event,
    verify::{Encryption, Verifier},
};

const DAY: Duration = Duration::from_secs(24 * 3600);

/// Beyond a minute a stolen token would be silent for too long; below a second lost answers log users out.
const WINDOWS: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(60)];

/// Sets [`Sessions`] up.
///
/// ```
/// # use jwtower::session::{Accounts, BoxError};
/// # struct Users;
/// # #[derive(serde::Deserialize)]
/// # struct Password { username: String }
/// # impl Accounts for Users {
/// #     type Credentials = Password;
/// #     type Claims = jwtower::NoClaims;
/// #     fn account<'a>(&self, credentials: &'a Password) -> &'a str { &credentials.username }
/// #     async fn find(&self, _: &Password) -> Result<Option<String>, BoxError> { Ok(None) }
/// #     async fn check(&self, _: Option<&str>, _: &Password) -> Result<bool, BoxError> { Ok(false) }
/// #     async fn claims(&self, _: &str) -> Result<Option<jwtower::NoClaims>, BoxError> { Ok(None) }
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use std::time::Duration;
/// use jwtower::session::EventKind;
/// use jwtower::{Algorithm, Issuer, Sessions, issuer::KeyRing, store::MemoryStore};
///
/// let ring = KeyRing::generate(Algorithm::ES256)?;
/// let issuer = Issuer::builder().keys(ring).issuer("https://login.example.com").audience("api").build()?;
/// let sessions = Sessions::builder(issuer, MemoryStore::new(), Users)
///     .idle_limit(Duration::from_secs(24 * 3600))
///     .on_event(|event| {
///         if event.kind() == EventKind::Reuse {
///             println!("write a mail to {:?}", event.subject());
///         }
///     })
///     .build()
///     .await?;
/// # Ok(())
/// # }
/// ```
#[must_use = "a builder does nothing until `.build()`"]
pub struct SessionsBuilder<S> {
    issuer: Issuer,
    store: S,
    accounts: Arc<dyn DynAccounts>,
    limits: Limits,
    attempts: u32,
    max_revocations: usize,
    listener: Option<Listener>,
    encryption: Encryption,
}

impl<S: SessionStore + RevocationStore + Clone> SessionsBuilder<S> {
    pub(super) fn new(issuer: Issuer, store: S, accounts: Arc<dyn DynAccounts>) -> Self {
        let limits = Limits { window: Duration::from_secs(10), idle: 14 * DAY, absolute: 90 * DAY };
        Self {
            issuer,
            store,
            accounts,
            limits,
            attempts: 10,
            max_revocations: 1_000_000,
            listener: None,
            encryption: Encryption::Never,
        }
    }

    /// How long a session lives without a refresh; 14 days unless told.
    pub fn idle_limit(mut self, limit: Duration) -> Self {
        self.limits.idle = limit;
        self
    }

    /// How long a session lives at most; 90 days unless told.
    pub fn absolute_limit(mut self, limit: Duration) -> Self {
        self.limits.absolute = limit;
        self
    }

    /// How long after a rotation the refresh token before is still answered, for second tabs and lost
    /// answers; 10 seconds unless told, 1 second to 1 minute. Half of it is how long the store and the accounts'
    /// claims are waited for.
    pub fn window(mut self, window: Duration) -> Self {
        self.limits.window = window;
        self
    }

    /// How many logins may fail for one account from one address within 15 minutes; 10 unless told.
    pub fn failed_logins(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    /// How many revocations are held at most, in 45 bytes each; 1,000,000 unless told. More logouts than that
    /// within the life of an access token are answered with 503, and sessions do not start on a store that holds
    /// more.
    pub fn max_revocations(mut self, entries: usize) -> Self {
        self.max_revocations = entries;
        self
    }

    /// Hears of every login, refresh, logout and theft; it must return quickly. Where it panics, an event at level
    /// `error` says so, and nothing else is lost.
    pub fn on_event(mut self, listener: impl Fn(&SessionEvent<'_>) + Send + Sync + 'static) -> Self {
        self.listener = Some(Box::new(listener));
        self
    }

    #[cfg(feature = "jwe")]
    pub(super) fn encryption(mut self, encryption: Encryption) -> Self {
        self.encryption = encryption;
        self
    }

    /// Reads keys and revocations from the store, and takes the sessions into use.
    ///
    /// # Errors
    ///
    /// Limits that make no sense, an issuer that encrypts where nothing here could decrypt, a store that survives a
    /// restart with keys that do not, an issuer that no verifier would accept, or a store that does not answer.
    pub async fn build(self) -> Result<Sessions, ConfigError> {
        let Self { issuer, store, accounts, limits, attempts, max_revocations, listener, encryption } = self;
        check_limits(&limits, &issuer)?;
        check_counts(attempts, max_revocations)?;
        check_encryption(&issuer, &encryption)?;
        if store.is_durable() && !issuer.ring().is_some_and(|ring| ring.is_durable()) {
            let problem = "the store survives a restart and the signing keys do not, so every session would be \
                           lost; open the ring from the store: `KeyRing::open(&store, schedule, &kek)`";
            return Err(ConfigError::new("keys", problem));
        }
        if store.is_durable() && !issuer.encrypts_durably() {
            let problem = "the store survives a restart and the decryption keys do not, so nobody could read the \
                           access tokens; open the ring from the store: `DecryptionRing::open(&store, ..)`";
            return Err(ConfigError::new("decrypt_with", problem));
        }
        let verifier = Verifier::<()>::builder()
            .keys(issuer.key_source())
            .issuer(issuer.issuer())
            .audiences(issuer.audiences())
            .rfc9068()
            .encryption(encryption)
            .clock(issuer.clock())
            .build_untyped()?;
        if let Some(ring) = issuer.ring() {
            // Whoever revokes after us is to know how long our tokens live, also where theirs are shorter.
            ring.advance().await?;
        }
        let keys = SessionKeys::open(&issuer, limits.absolute).await?;
        let revocations = Revocations::builder()
            .capacity(max_revocations)
            .clock(issuer.clock())
            .open(store.clone())
            .await
            .map_err(unreadable)?;
        let opened = store.open_sessions().await.map_err(unreadable)?;
        warn_of_clock(opened.now, Timestamp::from(issuer.clock().now()));
        Ok(Sessions(Arc::new(Inner {
            outage: OutageTracker::new(limits.window, &opened),
            throttle: Throttle::new(attempts, Duration::from_secs(15 * 60), issuer.clock()),
            issuer,
            verifier,
            store: Arc::new(store),
            accounts,
            keys,
            revocations,
            unfinished: Unfinished::default(),
            logouts: Logouts::default(),
            limits,
            listener,
        })))
    }
}

fn check_limits(limits: &Limits, issuer: &Issuer) -> Result<(), ConfigError> {
    let Limits { window, idle, absolute } = *limits;
    let [shortest, longest] = WINDOWS;
    if !(shortest..=longest).contains(&window) {
        let problem = format!("{window:?} was given; from {shortest:?} to {longest:?} are allowed");
        return Err(ConfigError::new("window", problem));
    }
    if idle <= window || idle <= issuer.lifetime() {
        let problem = format!(
            "{idle:?} was given; a session lives longer than the window of {window:?} and the access token's {:?}",
            issuer.lifetime()
        );
        return Err(ConfigError::new("idle_limit", problem));
    }
    if absolute < idle || absolute > 366 * DAY {
        let problem = format!(
            "{absolute:?} was given; at least the idle limit of {idle:?} and at most a year are allowed"
        );
        return Err(ConfigError::new("absolute_limit", problem));
    }
    Ok(())
}

fn check_encryption(issuer: &Issuer, encryption: &Encryption) -> Result<(), ConfigError> {
    let problem = match (issuer.encrypted_sample()?, encryption) {
        (None, Encryption::Never) => return Ok(()),
        (Some(sample), encryption) if encryption.opens(&sample) => return Ok(()),
        (Some(_), Encryption::Never) => {
            "the issuer encrypts its tokens, and these sessions could not read them; call `.decrypt_with(&key)` \
             with the key that it encrypts to"
        }
        (Some(_), _) => {
            "the issuer encrypts its tokens to another key; give `.encrypt_to(..)` and `.decrypt_with(..)` the same"
        }
        (None, _) => {
            "the issuer does not encrypt, so its own tokens would be refused; call `.encrypt_to(&key)` on its \
             builder, or leave this out"
        }
    };
    Err(ConfigError::new("decrypt_with", problem))
}

fn check_counts(attempts: u32, max_revocations: usize) -> Result<(), ConfigError> {
    if attempts == 0 {
        return Err(ConfigError::new("failed_logins", "0 was given, which lets nobody in; give 1 or more"));
    }
    if max_revocations == 0 {
        return Err(ConfigError::new(
            "max_revocations",
            "0 was given, which lets nobody out; give 1 or more",
        ));
    }
    Ok(())
}

/// Tokens carry the earlier of the two, and others' verifiers go by the right one, whichever that is.
fn warn_of_clock(store: Timestamp, machine: Timestamp) {
    let apart = store.since(machine).max(machine.since(store));
    if apart > LEEWAY {
        let seconds = apart.as_secs();
        event!(error, "the clocks of store and machine differ, so tokens may be refused", seconds = seconds);
    }
}

fn unreadable(error: StoreError) -> ConfigError {
    let source = error.source();
    if let Some(TooMany { held, capacity }) = source.and_then(|source| source.downcast_ref()) {
        let problem = format!("{capacity} was given, and the store holds {held}; give {held} or more");
        return ConfigError::new("max_revocations", problem);
    }
    let reason = source.map(|source| format!(": {source}")).unwrap_or_default();
    ConfigError::new("store", format!("{error}{reason}"))
}

impl<S> fmt::Debug for SessionsBuilder<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionsBuilder")
            .field("issuer", &self.issuer)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
