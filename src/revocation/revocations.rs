//! What was revoked, for everyone who asks.

use std::{error::Error, fmt, sync::Arc};

use super::{
    builder::RevocationsBuilder,
    entry::Revocation,
    key::Kind,
    set::Set,
    store::{Append, RevocationStore},
};
use crate::{
    error::{AuthError, Code, StoreError},
    telemetry::event,
};

/// The set in memory of what was revoked; cheap to clone.
///
/// A [`JwtAuthLayer`](crate::JwtAuthLayer) that is [given it](crate::JwtAuthLayer::revocations) asks it for
/// every token, in tens of nanoseconds and without a lock where the answer is no. Entries end by themselves
/// when the last token they are about has expired.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use jwtower::{Timestamp, revocation::{Grain, Revocation, Revocations}};
///
/// # async fn run() -> Result<(), jwtower::AuthError> {
/// let revocations = Revocations::in_memory();
/// // Tokens of this issuer live ten minutes, and verifiers allow a minute of leeway.
/// let until = Timestamp::from(SystemTime::now()).plus(Duration::from_secs(720));
/// let issuer = "https://login.example.com".to_owned();
/// revocations.revoke(&Revocation { issuer, grain: Grain::Token("6c2a8f1e".into()), until }).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Revocations(Arc<Inner>);

struct Inner {
    set: Set,
    store: Option<Box<dyn Append>>,
}

impl Revocations {
    /// An empty set of this process alone, which a restart forgets.
    #[must_use]
    pub fn in_memory() -> Self {
        Self::builder().in_memory()
    }

    /// The set that a store holds, and writes through to it.
    ///
    /// # Errors
    ///
    /// When the store does not answer, or holds more than a million entries.
    pub async fn open(store: impl RevocationStore) -> Result<Self, StoreError> {
        Self::builder().open(store).await
    }

    /// Starts a set with other settings than the usual ones; see [`RevocationsBuilder`].
    #[must_use]
    pub fn builder() -> RevocationsBuilder {
        RevocationsBuilder::new()
    }

    pub(super) fn new(set: Set, store: Option<Box<dyn Append>>) -> Self {
        Self(Arc::new(Inner { set, store }))
    }

    /// Revokes: from now on in this process, and once it returns also in the store.
    ///
    /// What is revoked already is merged: the later end counts, and the higher generation or watermark.
    ///
    /// # Errors
    ///
    /// When the set is full; then nothing is revoked. When the store does not answer; then this process
    /// refuses the tokens all the same, until it restarts. Both are 503, and events at level `error`.
    pub async fn revoke(&self, entry: &Revocation) -> Result<(), AuthError> {
        self.hold(entry)?;
        self.append(entry).await
    }

    /// The first half of [`revoke`](Self::revoke): the set of this process.
    pub(crate) fn hold(&self, entry: &Revocation) -> Result<(), AuthError> {
        self.set().insert(entry).map_err(|_| {
            event!(
                error,
                "the set of revocations is full, so that one was refused",
                set = format_args!("{self:?}")
            );
            AuthError::new(Code::RevocationsFull)
        })
    }

    /// The second half: the store, where there is one.
    pub(crate) async fn append(&self, entry: &Revocation) -> Result<(), AuthError> {
        let Some(store) = &self.0.store else { return Ok(()) };
        store.append(entry).await.map_err(|error| {
            let source = error.source().map(ToString::to_string).unwrap_or_default();
            event!(error, "a revocation was not stored", error = error, source = source);
            AuthError::new(Code::StoreUnavailable)
        })
    }

    /// Whether the session of this name was revoked.
    pub(crate) fn holds_session(&self, issuer: &str, sid: &str) -> bool {
        let issuer = self.set().issuer(issuer);
        issuer.is_some_and(|issuer| self.set().find(Kind::Session, issuer, sid).is_some())
    }

    /// The first generation of the subject that is not revoked; 0 where none is.
    pub(crate) fn held_generation(&self, issuer: &str, subject: &str) -> u64 {
        let issuer = self.set().issuer(issuer);
        issuer.and_then(|issuer| self.set().find(Kind::Generation, issuer, subject)).unwrap_or_default()
    }

    pub(super) fn set(&self) -> &Set {
        &self.0.set
    }
}

impl fmt::Debug for Revocations {
    /// Prints counts only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.set().fmt(f)
    }
}
