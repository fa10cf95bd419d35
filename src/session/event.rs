//! What happened to a session.

use std::fmt;

use crate::token::SessionId;

/// Something that happened to a session, for an audit log or a mail to the user.
///
/// [`SessionsBuilder::on_event`](super::SessionsBuilder::on_event) takes a function that gets each of them. The
/// same goes to the log, without the subject.
#[derive(Clone, Copy)]
pub struct SessionEvent<'a> {
    pub(super) kind: EventKind,
    pub(super) subject: Option<&'a str>,
    pub(super) session: Option<SessionId>,
}

/// Which thing happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EventKind {
    /// Somebody logged in.
    Login,
    /// Credentials were wrong, nobody has the account, or its user is locked.
    LoginFailed,
    /// A login was not looked at, because too many failed for its account from its address.
    LoginThrottled,
    /// A session got new tokens.
    Refresh,
    /// The refresh token before the current one came within the window: a second tab, a lost answer, or a
    /// thief who is as fast. The current one was returned.
    ConcurrentRefresh,
    /// A refresh token came from another client than the one before: a browser that was updated, or a thief.
    LabelChanged,
    /// A used refresh token came again: somebody has a copy. The session was ended.
    Reuse,
    /// A refresh token is newer than the store's record: the store has lost writes. The session goes on.
    StoreRolledBack,
    /// A genuine refresh token names a session that the store does not know: its time was over long ago, or the
    /// store has lost it.
    SessionLost,
    /// The record of a session was changed in the store by somebody without its keys. It is refused.
    Tampered,
    /// A session was logged out.
    Logout,
    /// All sessions of a subject were logged out.
    LogoutEverywhere,
    /// The accounts no longer know the subject, so its session was ended.
    SubjectGone,
}

impl<'a> SessionEvent<'a> {
    /// Which thing happened.
    #[must_use]
    pub fn kind(&self) -> EventKind {
        self.kind
    }

    /// Whose session it is, where that is known.
    #[must_use]
    pub fn subject(&self) -> Option<&'a str> {
        self.subject
    }

    /// The session; none where all sessions of the subject are meant.
    #[must_use]
    pub fn session(&self) -> Option<SessionId> {
        self.session
    }
}

impl EventKind {
    /// The name in `snake_case`, for logs and metrics.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::LoginFailed => "login_failed",
            Self::LoginThrottled => "login_throttled",
            Self::Refresh => "refresh",
            Self::ConcurrentRefresh => "concurrent_refresh",
            Self::LabelChanged => "label_changed",
            Self::Reuse => "reuse",
            Self::StoreRolledBack => "store_rolled_back",
            Self::SessionLost => "session_lost",
            Self::Tampered => "tampered",
            Self::Logout => "logout",
            Self::LogoutEverywhere => "logout_everywhere",
            Self::SubjectGone => "subject_gone",
        }
    }

    /// Whether somebody should look at it.
    #[must_use]
    pub fn is_alarming(self) -> bool {
        matches!(self, Self::LoginThrottled | Self::Reuse | Self::StoreRolledBack | Self::Tampered)
    }
}

impl fmt::Debug for SessionEvent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionEvent")
            .field("kind", &self.kind)
            .field("session", &self.session)
            .finish_non_exhaustive()
    }
}
