//! Logging out: one session, or all of a subject. What was begun goes on where its caller goes away.

use std::sync::Arc;

use super::{
    ending::{Ended, to_the_end},
    event::EventKind,
    keys::hash_of,
    refresh_token::Shown,
    sessions::Sessions,
};
use crate::{
    error::{AuthError, Code, ErrorKind},
    token::{RefreshToken, SessionId},
};

impl Sessions {
    /// Ends the session of this refresh token, and refuses its access tokens from now on.
    ///
    /// An older token of the session will do. To log out a session that has ended already, or that the store
    /// does not know, is no fault. It goes on where its caller goes away, as [`revoke`](Self::revoke) and
    /// [`logout_everywhere`](Self::logout_everywhere) do.
    ///
    /// # Errors
    ///
    /// A token that is not ours; a store that does not answer: try again, the session may still be alive.
    pub async fn logout(&self, token: &RefreshToken) -> Result<Ended, AuthError> {
        let inner = Arc::clone(&self.0);
        let shown = Shown::read(token, &inner.keys)?;
        let logout = async move {
            let (loaded, _) = inner.load(shown.session).await?;
            let record = loaded.record.as_ref();
            if record.is_some_and(|record| record.login.nonce_hash != hash_of(&*shown.nonce)) {
                return Err(Code::InvalidRefreshToken.into());
            }
            inner.log_out(shown.session, &loaded).await
        };
        to_the_end(logout).await
    }

    /// Ends the session whose place a login takes. What names no session is no hindrance.
    pub(super) async fn make_room(&self, replaced: &RefreshToken) -> Result<(), AuthError> {
        match self.logout(replaced).await {
            Err(error) if error.kind() != ErrorKind::InvalidGrant => Err(error),
            _ => Ok(()),
        }
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
        let inner = Arc::clone(&self.0);
        to_the_end(async move {
            let (loaded, _) = inner.load(id).await?;
            inner.log_out(id, &loaded).await
        })
        .await
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
        let (inner, subject) = (Arc::clone(&self.0), subject.to_owned());
        to_the_end(async move {
            let held = inner.held_generation(&subject);
            let raised = inner.generation(inner.store.raise(inner.keys.tag(&subject), held)).await?;
            inner.end_before(&subject, raised).await?;
            inner.tell(EventKind::LogoutEverywhere, Some(&subject), None);
            Ok(())
        })
        .await
    }
}
