//! Ending a session, wherever it was told to end.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicBool, Ordering},
    },
};

use super::{
    event::EventKind,
    record::SessionRecord,
    sessions::Inner,
    store::{Generation, Loaded},
};
use crate::{
    clock::Timestamp,
    error::{AuthError, Code},
    revocation::Grain,
    token::SessionId,
};

/// What a logout found.
///
/// ```
/// # use jwtower::{AuthError, RefreshToken, Sessions, session::Ended};
/// # async fn log_out(sessions: &Sessions, token: &RefreshToken) -> Result<(), AuthError> {
/// if sessions.logout(token).await? == Ended::Now {
///     println!("good bye");
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// A session that was alive, and is no longer; of logouts that cross each other one is told so.
    Now,
    /// A session that had ended before: by a logout, a login that replaced it, reuse, or its time; or one that the
    /// store does not know.
    Before,
}

/// The sessions whose end this process has begun to write, and not finished.
#[derive(Default)]
pub(super) struct Unfinished(Mutex<HashSet<SessionId>>);

impl Unfinished {
    fn ids(&self) -> MutexGuard<'_, HashSet<SessionId>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn holds(&self, id: SessionId) -> bool {
        self.ids().contains(&id)
    }
}

/// Does it to the end, also where the caller goes away meanwhile: a page that logs out is often closed at once, and
/// the server then drops the request.
pub(super) async fn to_the_end<T: Send + 'static>(
    work: impl Future<Output = Result<T, AuthError>> + Send + 'static,
) -> Result<T, AuthError> {
    // It fails when the runtime shuts down, or the store panics.
    tokio::spawn(work).await.unwrap_or(Err(Code::StoreUnavailable.into()))
}

/// The logouts that are under way.
#[derive(Default)]
pub(super) struct Logouts(Mutex<HashMap<SessionId, Weak<AtomicBool>>>);

impl Logouts {
    /// Whether one of the session's logouts that cross each other was told that it ended the session.
    fn crossing(&self, id: SessionId) -> Arc<AtomicBool> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, told| told.strong_count() > 0);
        let told = all.get(&id).and_then(Weak::upgrade).unwrap_or_default();
        all.insert(id, Arc::downgrade(&told));
        told
    }
}

impl Inner {
    /// Logs a session out, unless that was done already.
    pub(super) async fn log_out(&self, id: SessionId, loaded: &Loaded) -> Result<Ended, AuthError> {
        let record = loaded.record.as_ref();
        let is_marked = record.is_none_or(SessionRecord::is_ended);
        if is_marked && self.holds(id) && !self.unfinished.holds(id) {
            return Ok(Ended::Before);
        }
        // Asked first: one that is under way still, or has ended the session by the next line.
        let told = self.logouts.crossing(id);
        let was_alive = record.is_some_and(|record| self.is_alive(record, loaded));
        self.end(id, loaded.now).await?;
        if told.swap(true, Ordering::AcqRel) {
            return Ok(Ended::Before);
        }
        self.tell(EventKind::Logout, record.map(|record| &*record.login.subject), Some(id));
        Ok(if was_alive { Ended::Now } else { Ended::Before })
    }

    /// Whether the session could still be refreshed.
    pub(super) fn is_alive(&self, record: &SessionRecord, loaded: &Loaded) -> bool {
        let id = record.id();
        // A logout that is not acknowledged can be tried again.
        let is_over = (record.is_ended() || self.holds(id)) && !self.unfinished.holds(id);
        let generation = loaded.generation.max(self.held_generation(&record.login.subject));
        self.keys.is_sealed(record)
            && !is_over
            && record.generation() >= generation
            && record.login.end_after(record.family.rotated_at) > loaded.now
    }

    /// Own set first, then the record, then the store's list: whatever fails, nobody is let in who was told to
    /// be out, and whoever comes next with that session does all of it again.
    pub(super) async fn end(&self, id: SessionId, now: Timestamp) -> Result<(), AuthError> {
        self.unfinished.ids().insert(id);
        let entry = self.revocation(Grain::Session(id.to_string()), now);
        let held = self.revocations.hold(&entry);
        self.timed(self.store.end(id)).await?;
        // Where the set is full, the store's list is too; the session cannot be refreshed all the same.
        held?;
        self.append(&entry).await?;
        self.unfinished.ids().remove(&id);
        Ok(())
    }

    /// Ends a session because of what a refresh showed.
    pub(super) async fn end_for_sure(
        self: &Arc<Self>,
        id: SessionId,
        now: Timestamp,
    ) -> Result<(), AuthError> {
        let inner = Arc::clone(self);
        to_the_end(async move { inner.end(id, now).await }).await
    }

    /// Refuses the access tokens of the subject's sessions of an earlier generation than this one.
    pub(super) async fn end_before(&self, subject: &str, generation: Generation) -> Result<(), AuthError> {
        let grain = Grain::Generation { subject: subject.to_owned(), generation: generation.value };
        let entry = self.revocation(grain, generation.now);
        self.revocations.hold(&entry)?;
        self.append(&entry).await
    }

    /// Whether this process was told to refuse the session.
    pub(super) fn holds(&self, id: SessionId) -> bool {
        self.revocations.holds_session(self.issuer.issuer(), &id.to_string())
    }
}
