//! Logging out: one session, or all of a subject.

use super::{
    event::EventKind,
    keys::hash_of,
    record::SessionRecord,
    refresh_token::Shown,
    sessions::{Inner, Sessions},
    store::Loaded,
};
use crate::{
    clock::Timestamp,
    error::{AuthError, Code},
    revocation::Grain,
    token::{RefreshToken, SessionId},
};

impl Sessions {
    /// Ends the session of this refresh token, and refuses its access tokens from now on.
    ///
    /// An older token of the session will do, and a session that has ended already or is not known is logged
    /// out again.
    ///
    /// # Errors
    ///
    /// A token that is not ours; a store that does not answer: try again, the session may still be alive.
    pub async fn logout(&self, token: &RefreshToken) -> Result<(), AuthError> {
        let shown = Shown::read(token, &self.0.keys)?;
        let (Loaded { record, now, .. }, _) = self.0.load(shown.session).await?;
        if record.as_ref().is_some_and(|record| record.login.nonce_hash != hash_of(&*shown.nonce)) {
            return Err(Code::InvalidRefreshToken.into());
        }
        self.0.end(shown.session, record.as_ref(), now, EventKind::Logout).await
    }

    /// Ends the session of this name: one that the user sees in a list and does not know.
    ///
    /// # Errors
    ///
    /// A store that does not answer: try again.
    ///
    /// # Security
    ///
    /// It asks nobody: the caller makes sure that the session belongs to who asks.
    pub async fn revoke(&self, id: SessionId) -> Result<(), AuthError> {
        let (Loaded { record, now, .. }, _) = self.0.load(id).await?;
        self.0.end(id, record.as_ref(), now, EventKind::Logout).await
    }

    /// Ends all sessions of a subject, and refuses all its access tokens from now on.
    ///
    /// Call it after a password was changed, in this order: a login that checked the old password before does
    /// not get in.
    ///
    /// # Errors
    ///
    /// A store that does not answer: try again.
    pub async fn logout_everywhere(&self, subject: &str) -> Result<(), AuthError> {
        let inner = &*self.0;
        let held = inner.revocations.held_generation(inner.issuer.issuer(), subject);
        let raised = inner.generation(inner.store.raise(inner.keys.tag(subject), held).await)?;
        let grain = Grain::Generation { subject: subject.to_owned(), generation: raised.value };
        let entry = inner.revocation(grain, raised.now);
        let in_memory = inner.revocations.hold(&entry);
        inner.revocations.append(&entry).await?;
        in_memory?;
        inner.tell(EventKind::LogoutEverywhere, Some(subject), None);
        Ok(())
    }
}

impl Inner {
    /// Own set first, then the record, then the store's list: whatever fails, nobody is let in who was told to
    /// be out, and the next try does all of it again.
    pub(super) async fn end(
        &self,
        id: SessionId,
        record: Option<&SessionRecord>,
        now: Timestamp,
        kind: EventKind,
    ) -> Result<(), AuthError> {
        let entry = self.revocation(Grain::Session(id.to_string()), now);
        let held = self.revocations.hold(&entry);
        self.store.end(id).await.map_err(|error| self.store_failed(&error))?;
        self.revocations.append(&entry).await?;
        // A full set is told, and the session is over all the same as far as refreshing goes.
        held?;
        self.tell(kind, record.map(|record| &*record.login.subject), Some(id));
        Ok(())
    }
}
