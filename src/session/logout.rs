//! Logging out: one session, or all of a subject.

use super::{ending::Ended, event::EventKind, keys::hash_of, refresh_token::Shown, sessions::Sessions};
use crate::{
    error::{AuthError, Code},
    revocation::Grain,
    token::{RefreshToken, SessionId},
};

impl Sessions {
    /// Ends the session of this refresh token, and refuses its access tokens from now on.
    ///
    /// An older token of the session will do. To log out a session that has ended already, or that the store
    /// does not know, is no fault.
    ///
    /// # Errors
    ///
    /// A token that is not ours; a store that does not answer: try again, the session may still be alive.
    pub async fn logout(&self, token: &RefreshToken) -> Result<Ended, AuthError> {
        let shown = Shown::read(token, &self.0.keys)?;
        let (loaded, _) = self.0.load(shown.session).await?;
        if loaded.record.as_ref().is_some_and(|record| record.login.nonce_hash != hash_of(&*shown.nonce)) {
            return Err(Code::InvalidRefreshToken.into());
        }
        self.0.log_out(shown.session, &loaded).await
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
    pub async fn revoke(&self, id: SessionId) -> Result<Ended, AuthError> {
        let (loaded, _) = self.0.load(id).await?;
        self.0.log_out(id, &loaded).await
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
        let held = inner.held_generation(subject);
        let raised = inner.generation(inner.store.raise(inner.keys.tag(subject), held)).await?;
        let grain = Grain::Generation { subject: subject.to_owned(), generation: raised.value };
        let entry = inner.revocation(grain, raised.now);
        inner.revocations.hold(&entry)?;
        inner.append(&entry).await?;
        inner.tell(EventKind::LogoutEverywhere, Some(subject), None);
        Ok(())
    }
}
