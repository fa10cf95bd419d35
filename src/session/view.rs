//! What one may see of a session.

use serde::Serialize;

use super::record::{SessionRecord, Transport};
use crate::{clock::Timestamp, token::SessionId};

/// A session, as its user may see it.
#[derive(Clone, Debug, Serialize)]
pub struct Session {
    id: SessionId,
    #[serde(skip)]
    subject: String,
    created: Timestamp,
    last_used: Timestamp,
    expires: Timestamp,
    transport: Transport,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<String>,
}

impl Session {
    pub(super) fn new(record: &SessionRecord) -> Self {
        let SessionRecord { login, family, .. } = record;
        Self {
            id: login.id,
            subject: login.subject.clone(),
            created: login.created,
            last_used: family.rotated_at,
            expires: login.end_after(family.rotated_at),
            transport: login.transport,
            label: family.label.clone(),
            scope: login.scope.clone(),
            client_id: login.client_id.clone(),
        }
    }

    /// Its name; `sid` of its access tokens.
    #[must_use]
    pub fn id(&self) -> SessionId {
        self.id
    }

    /// Whose it is.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// When the login was.
    #[must_use]
    pub fn created(&self) -> Timestamp {
        self.created
    }

    /// When its refresh token was last rotated.
    #[must_use]
    pub fn last_used(&self) -> Timestamp {
        self.last_used
    }

    /// When it ends if nobody uses it until then.
    #[must_use]
    pub fn expires(&self) -> Timestamp {
        self.expires
    }

    /// How its refresh tokens travel.
    #[must_use]
    pub fn transport(&self) -> Transport {
        self.transport
    }

    /// Which client used it last, as far as one can tell.
    #[must_use]
    pub fn label(&self) -> Option<&str> {
        self.label.as_deref()
    }

    /// What it may be used for, where the accounts name scopes.
    #[must_use]
    pub fn scope(&self) -> Option<&str> {
        self.scope.as_deref()
    }
}
