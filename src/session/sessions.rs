//! The value that an application holds.

use std::{
    error::Error,
    fmt,
    panic::{self, AssertUnwindSafe},
    sync::Arc,
    time::{Duration, Instant},
};

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use tokio::time::timeout;

use super::{
    accounts::{Accounts, DynAccounts},
    builder::SessionsBuilder,
    ending::{Logouts, Unfinished},
    erased::DynSessionStore,
    event::{EventKind, SessionEvent},
    keys::SessionKeys,
    outage::{Outage, OutageTracker},
    store::{Generation, LISTED, Loaded, SessionStore},
    throttle::Throttle,
    view::Session,
};
use crate::{
    authenticate::JwtAuthLayer,
    clock::Timestamp,
    error::{AuthError, Code, StoreError},
    issuer::Issuer,
    revocation::{Grain, Revocation, RevocationStore, Revocations},
    telemetry::event,
    token::SessionId,
    verify::{UntypedVerifier, Verifier},
};

/// Logs users in, keeps them logged in, and logs them out.
///
/// A login makes a session: a short-lived access token, and a refresh token that gets the next pair. Build one for
/// each issuer and clone it, which is cheap: one that was built beside it does not hear of its logouts. It lives in a
/// tokio runtime.
/// [The guide](crate::guide::sessions) tells the life of a session.
///
/// ```
/// use jwtower::session::{Accounts, BoxError};
/// use jwtower::store::MemoryStore;
/// use jwtower::{Algorithm, Issuer, Sessions, issuer::KeyRing};
///
/// # struct Users;
/// # #[derive(serde::Deserialize)]
/// # struct Password { username: String }
/// # #[derive(serde::Serialize, serde::Deserialize)]
/// # struct User { name: String }
/// # impl Accounts for Users {
/// #     type Credentials = Password;
/// #     type Claims = User;
/// #     fn account<'a>(&self, credentials: &'a Password) -> &'a str { &credentials.username }
/// #     async fn find(&self, _: &Password) -> Result<Option<String>, BoxError> { Ok(None) }
/// #     async fn check(&self, _: Option<&str>, _: &Password) -> Result<bool, BoxError> { Ok(false) }
/// #     async fn claims(&self, _: &str) -> Result<Option<User>, BoxError> { Ok(Some(User { name: "Alice".into() })) }
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let issuer = Issuer::builder()
///     .keys(KeyRing::generate(Algorithm::ES256)?)
///     .issuer("https://login.example.com")
///     .audience("https://api.example.com")
///     .build()?;
/// let sessions = Sessions::builder(issuer, MemoryStore::new(), Users).build().await?;
/// let layer = sessions.auth_layer::<User>();               // verification and revocation together
///
/// let pair = sessions.login("u-1").await?;
/// assert!(layer.authenticate(pair.access_token.secret()).await.is_ok());
///
/// let pair = sessions.refresh(&pair.refresh_token).await?;
/// sessions.logout(&pair.refresh_token).await?;
/// assert!(layer.authenticate(pair.access_token.secret()).await.is_err());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Sessions(pub(super) Arc<Inner>);

pub(super) struct Inner {
    pub(super) issuer: Issuer,
    pub(super) verifier: UntypedVerifier,
    pub(super) store: Arc<dyn DynSessionStore>,
    pub(super) accounts: Arc<dyn DynAccounts>,
    pub(super) keys: SessionKeys,
    pub(super) revocations: Revocations,
    pub(super) unfinished: Unfinished,
    pub(super) logouts: Logouts,
    pub(super) outage: OutageTracker,
    pub(super) throttle: Throttle,
    pub(super) limits: Limits,
    pub(super) listener: Option<Listener>,
}

/// How long things last.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) window: Duration,
    pub(super) idle: Duration,
    pub(super) absolute: Duration,
}

/// The application's function that hears of events.
pub(super) type Listener = Box<dyn Fn(&SessionEvent<'_>) + Send + Sync>;

/// How far clocks may differ; verifiers accept a token this long after its end.
pub(super) const LEEWAY: Duration = Duration::from_secs(60);

impl Sessions {
    /// Starts to build; see [`SessionsBuilder`].
    pub fn builder<S, A>(issuer: Issuer, store: S, accounts: A) -> SessionsBuilder<S>
    where
        S: SessionStore + RevocationStore + Clone,
        A: Accounts,
    {
        SessionsBuilder::new(issuer, store, Arc::new(accounts))
    }

    /// The layer for routes behind these sessions: it verifies a token, and asks whether it was revoked.
    #[must_use]
    pub fn auth_layer<C: DeserializeOwned + Send + Sync + 'static>(&self) -> JwtAuthLayer<C> {
        JwtAuthLayer::new(self.verifier()).revocations(self.0.revocations.clone())
    }

    /// A verifier of these sessions' access tokens.
    ///
    /// # Security
    ///
    /// It ignores logout: a token passes until it expires. Use [`auth_layer`](Self::auth_layer), whose method
    /// `authenticate` is for tokens that come by another way.
    #[must_use]
    pub fn verifier<C>(&self) -> Verifier<C> {
        self.0.verifier.for_claims()
    }

    /// What was revoked; for a layer of another verifier of the same tokens, with a leeway of a minute at most.
    #[must_use]
    pub fn revocations(&self) -> &Revocations {
        &self.0.revocations
    }

    /// Who signs the access tokens.
    #[must_use]
    pub fn issuer(&self) -> &Issuer {
        &self.0.issuer
    }

    /// The session of this name, if it is alive.
    ///
    /// # Errors
    ///
    /// When the store does not answer.
    pub async fn find(&self, id: SessionId) -> Result<Option<Session>, AuthError> {
        let (loaded, _) = self.0.load(id).await?;
        let alive = loaded.record.as_ref().filter(|record| self.0.is_alive(record, &loaded));
        Ok(alive.map(Session::new))
    }

    /// The sessions of a subject that are alive, the last used first; a thousand at most.
    ///
    /// # Errors
    ///
    /// When the store does not answer.
    pub async fn list(&self, subject: &str) -> Result<Vec<Session>, AuthError> {
        let inner = &*self.0;
        let tag = inner.keys.tag(subject);
        let now = inner.generation(inner.store.generation(tag)).await?.now;
        // A slow one is no outage: a list may be long, and whoever makes it so must not keep windows open.
        let records = inner.in_time(inner.store.list(tag)).await.map_err(|error| unavailable(&error))?;
        // The tag is a short hash, so the subject itself is compared too.
        let own =
            records.iter().filter(|record| record.login.subject == subject && inner.keys.is_sealed(record));
        let mut sessions: Vec<_> = own.map(Session::new).filter(|session| session.expires() > now).collect();
        sessions.sort_by_key(|session| std::cmp::Reverse((session.last_used(), session.id())));
        sessions.truncate(LISTED);
        Ok(sessions)
    }
}

impl Inner {
    /// Reads a session, and says when the store was last away.
    pub(super) async fn load(&self, id: SessionId) -> Result<(Loaded, Option<Outage>), AuthError> {
        let loaded = self.timed(self.store.load(id)).await?;
        let outage = self.outage.answered(loaded.now);
        Ok((loaded, outage))
    }

    /// Waits for the store. To clients one that hangs is one that is away.
    pub(super) async fn timed<T>(
        &self,
        answer: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, AuthError> {
        let asked = Instant::now();
        let answer = self.in_time(answer).await.map_err(|error| self.store_failed(&error))?;
        if asked.elapsed() > self.limits.window / 4 {
            self.outage.failed();
        }
        Ok(answer)
    }

    /// Waits half a window at most.
    async fn in_time<T>(&self, answer: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
        let answer = timeout(self.patience(), answer).await;
        answer.unwrap_or_else(|late| Err(StoreError::new("answer", late)))
    }

    /// Adds to the store's list of revocations; it waits as long.
    pub(super) async fn append(&self, entry: &Revocation) -> Result<(), AuthError> {
        let appended = timeout(self.patience(), self.revocations.append(entry)).await;
        appended.unwrap_or_else(|late| Err(self.store_failed(&StoreError::new("answer", late))))
    }

    /// What the accounts say of a subject now. Slower than that, and a refresh could outlast the window in which a
    /// lost answer is mended.
    pub(super) async fn claims(&self, subject: &str) -> Result<Option<Map<String, Value>>, AuthError> {
        let claims = timeout(self.patience(), self.accounts.claims(subject)).await;
        claims.unwrap_or_else(|_| {
            event!(error, "the accounts took longer than half a window for a subject's claims");
            Err(Code::AccountsUnavailable.into())
        })
    }

    fn patience(&self) -> Duration {
        self.limits.window / 2
    }

    /// The first generation of the subject that this process was not told to refuse.
    pub(super) fn held_generation(&self, subject: &str) -> u64 {
        self.revocations.held_generation(self.issuer.issuer(), subject)
    }

    /// The subject's generation as the store has it, or as it was raised just now.
    pub(super) async fn generation(
        &self,
        answer: impl Future<Output = Result<Generation, StoreError>>,
    ) -> Result<Generation, AuthError> {
        let generation = self.timed(answer).await?;
        self.outage.answered(generation.now);
        Ok(generation)
    }

    pub(super) fn store_failed(&self, error: &StoreError) -> AuthError {
        self.outage.failed();
        unavailable(error)
    }

    /// A revocation that lives as long as the tokens that it is about.
    pub(super) fn revocation(&self, grain: Grain, now: Timestamp) -> Revocation {
        let until = now.plus(self.issuer.longest_lifetime()).plus(2 * LEEWAY);
        Revocation { issuer: self.issuer.issuer().to_owned(), grain, until }
    }

    pub(super) fn tell(&self, kind: EventKind, subject: Option<&str>, session: Option<SessionId>) {
        let name = session.map(|session| session.to_string()).unwrap_or_default();
        match kind {
            EventKind::Tampered => event!(error, "session event", kind = kind.name(), session = name),
            _ if kind.is_alarming() => event!(warn, "session event", kind = kind.name(), session = name),
            EventKind::Refresh => event!(debug, "session event", kind = kind.name(), session = name),
            _ => event!(info, "session event", kind = kind.name(), session = name),
        }
        if let Some(listener) = &self.listener {
            let event = SessionEvent { kind, subject, session };
            // Whoever tells of a theft has yet to end the session.
            if panic::catch_unwind(AssertUnwindSafe(|| listener(&event))).is_err() {
                event!(error, "the listener of session events panicked", kind = kind.name());
            }
        }
    }
}

fn unavailable(error: &StoreError) -> AuthError {
    let reason = error.source().map(ToString::to_string).unwrap_or_default();
    event!(error, "the session store failed", operation = error, reason = reason);
    Code::StoreUnavailable.into()
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sessions")
            .field("issuer", &self.0.issuer)
            .field("revocations", &self.0.revocations)
            .field("limits", &self.0.limits)
            .finish_non_exhaustive()
    }
}
