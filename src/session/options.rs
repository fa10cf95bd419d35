//! What a login and a refresh may say beside who it is.

use std::{net::IpAddr, sync::Arc};

use super::record::Transport;
use crate::{clock::Timestamp, token::RefreshToken};

/// What a login fixes for its session.
///
/// ```
/// use jwtower::session::{Login, Transport};
///
/// let login = Login::new().transport(Transport::Body).scope("read").amr(["pwd", "otp"]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Login {
    pub(super) transport: Transport,
    pub(super) label: Option<String>,
    pub(super) scope: Option<String>,
    pub(super) client_id: Option<String>,
    pub(super) audience: Vec<String>,
    pub(super) auth_time: Option<Timestamp>,
    pub(super) acr: Option<String>,
    pub(super) amr: Vec<String>,
    pub(super) address: Option<IpAddr>,
    pub(super) replaced: Option<Arc<RefreshToken>>,
}

impl Login {
    /// A login in a body, without a label.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How the session's refresh tokens travel; in bodies unless told.
    #[must_use]
    pub fn transport(mut self, transport: Transport) -> Self {
        self.transport = transport;
        self
    }

    /// Which client it is, as far as one can tell: a hash of its `User-Agent`, the name of an app.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Limits the session to these scopes, with spaces between; the accounts' claims must name each of them
    /// in `scope` or `scp`. Without it the session gets all that the accounts name at this moment.
    #[must_use]
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scope = Some(scope.into());
        self
    }

    /// `client_id` of the session's tokens; the issuer's unless told.
    ///
    /// # Security
    ///
    /// A client must not choose it freely: services may take a client for a user (RFC 9700 §4.15).
    #[must_use]
    pub fn client_id(mut self, client_id: impl Into<String>) -> Self {
        self.client_id = Some(client_id.into());
        self
    }

    /// `aud` of the session's tokens; the issuer's unless told. A second call adds another one.
    ///
    /// Name the issuer's too, or this service's own routes refuse the tokens: they are then for others only.
    #[must_use]
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.audience.push(audience.into());
        self
    }

    /// When the user proved who they are, if that was not just now.
    #[must_use]
    pub fn auth_time(mut self, time: impl Into<Timestamp>) -> Self {
        self.auth_time = Some(time.into());
        self
    }

    /// How strongly the user proved it (`acr`, RFC 9068 §2.2.1).
    #[must_use]
    pub fn acr(mut self, acr: impl Into<String>) -> Self {
        self.acr = Some(acr.into());
        self
    }

    /// By which methods the user proved it (`amr`, RFC 8176).
    #[must_use]
    pub fn amr<T: Into<String>>(mut self, methods: impl IntoIterator<Item = T>) -> Self {
        self.amr = methods.into_iter().map(Into::into).collect();
        self
    }

    /// Logs the session of this token out, whose cookies the new one overwrites: no browser holds it any more.
    ///
    /// It is ended just before the new one is made, so that whatever fails, there is no session whose tokens
    /// nobody has. A token of no session is no hindrance.
    #[must_use]
    pub fn replaces(mut self, token: RefreshToken) -> Self {
        self.replaced = Some(Arc::new(token));
        self
    }

    /// Where the request came from; failed logins are counted by account and address, and not without one.
    #[must_use]
    pub fn address(mut self, address: IpAddr) -> Self {
        self.address = Some(address);
        self
    }
}

/// What a refresh request says beside its token.
#[derive(Clone, Debug, Default)]
pub struct Refresh {
    pub(super) transport: Transport,
    pub(super) label: Option<String>,
    pub(super) scope: Option<String>,
}

impl Refresh {
    /// A refresh in a body, without a label.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How the refresh token came; it must be the way of its session.
    #[must_use]
    pub fn transport(mut self, transport: Transport) -> Self {
        self.transport = transport;
        self
    }

    /// Which client it is; see [`Login::label`].
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Asks for less than the session's scope, for this access token only (RFC 6749 §6).
    #[must_use]
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scope = Some(scope.into());
        self
    }
}
