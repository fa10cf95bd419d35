//! What a store keeps of a session.

use std::{fmt, time::Duration};

use serde::{Deserialize, Serialize};

use crate::{clock::Timestamp, token::SessionId};

/// A session as a store keeps it: what the login fixed, and where the rotation stands.
///
/// A store serializes it as it is, and changes it with [`rotated`](Self::rotated) and [`ended`](Self::ended)
/// only. It holds no token and nothing from which one can be made.
#[derive(Clone, Serialize, Deserialize)]
pub struct SessionRecord {
    pub(super) login: Login,
    /// HMAC over `login`, with the key of that name.
    pub(super) seal: Seal,
    pub(super) family: Family,
    pub(super) version: Version,
}

/// What the login fixed; it never changes.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Login {
    pub(super) id: SessionId,
    pub(super) subject: String,
    pub(super) generation: u64,
    pub(super) transport: Transport,
    pub(super) created: Timestamp,
    pub(super) expires: Timestamp,
    /// Milliseconds without a refresh after which the session is over.
    pub(super) idle_limit: u64,
    pub(super) auth_time: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) acr: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) amr: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) scope: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) client_id: Option<String>,
    /// `aud` of the access tokens; empty where it is the issuer's usual one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) audience: Vec<String>,
    /// SHA-256 of the nonce that every refresh token of the session carries.
    pub(super) nonce_hash: [u8; 32],
}

impl Login {
    /// When the session is over, if its refresh token is not rotated after this time.
    pub(super) fn end_after(&self, rotated_at: Timestamp) -> Timestamp {
        self.expires.min(rotated_at.plus(Duration::from_millis(self.idle_limit)))
    }
}

/// A message authentication code and the name of its key.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Seal {
    pub(super) key: String,
    pub(super) mac: [u8; 32],
}

/// Where the rotation of a session's refresh tokens stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Family {
    /// Of the current refresh token; a login makes number 0.
    pub(super) counter: u64,
    /// The store's time at the last swap; of the login before the first.
    pub(super) rotated_at: Timestamp,
    /// Which client refreshed last, as far as one can tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) label: Option<String>,
    /// Logged out, or ended by reuse.
    pub(super) ended: bool,
}

/// How a session's refresh token travels; a login decides it once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    /// In the bodies of requests and answers.
    #[default]
    Body,
    /// In a cookie.
    Cookie,
}

/// A random number that a record gets at each rotation, for compare-and-swap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version(pub(super) u64);

/// A rotation that a store is asked for.
#[derive(Clone, Debug)]
pub struct Rotation {
    pub(super) counter: u64,
    pub(super) label: Option<String>,
    pub(super) version: Version,
}

impl SessionRecord {
    /// The session's name, and the key of its record.
    #[must_use]
    pub fn id(&self) -> SessionId {
        self.login.id
    }

    /// Of the subject, when the session was made.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.login.generation
    }

    /// When its refresh token was last rotated, in the store's time; at first when the login was.
    #[must_use]
    pub fn last_used(&self) -> Timestamp {
        self.family.rotated_at
    }

    /// When the record may be forgotten; before that it stays, ended or not.
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        self.login.expires
    }

    /// What a swap is compared with.
    #[must_use]
    pub fn version(&self) -> Version {
        self.version
    }

    /// Whether the session was logged out.
    #[must_use]
    pub fn is_ended(&self) -> bool {
        self.family.ended
    }

    /// The record after a rotation; `now` is the store's time at the swap.
    #[must_use]
    pub fn rotated(mut self, rotation: &Rotation, now: Timestamp) -> Self {
        self.family.counter = rotation.counter;
        self.family.label.clone_from(&rotation.label);
        self.family.rotated_at = now;
        self.version = rotation.version;
        self
    }

    /// The record after a logout.
    #[must_use]
    pub fn ended(mut self) -> Self {
        self.family.ended = true;
        self
    }
}

impl fmt::Debug for SessionRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionRecord").field("id", &self.login.id).finish_non_exhaustive()
    }
}
