//! Records and rotations for those who check stores.

use super::record::{Family, Login, Rotation, Seal, SessionRecord, Transport, Version};
use crate::{clock::Timestamp, token::SessionId};

impl SessionRecord {
    /// A record that no store can tell from a login's; its seal fits no key.
    pub(crate) fn specimen(id: SessionId, generation: u64, created: Timestamp, expires: Timestamp) -> Self {
        let login = Login {
            id,
            subject: "alice".to_owned(),
            generation,
            transport: Transport::Cookie,
            created,
            expires,
            idle_limit: 60_000,
            auth_time: created,
            acr: Some("urn:example:silver".to_owned()),
            amr: vec!["pwd".to_owned()],
            scope: Some("read write".to_owned()),
            client_id: None,
            audience: vec!["https://api.example.com".to_owned()],
            nonce_hash: [7; 32],
        };
        let family = Family { counter: 0, rotated_at: created, label: None, ended: false };
        let seal = Seal { key: "none".to_owned(), mac: [0; 32] };
        Self { login, seal, family, version: Version(u64::MAX) }
    }
}

impl Rotation {
    /// A rotation to a version of its own, as long as the counter is above 0.
    pub(crate) fn specimen(counter: u64) -> Self {
        Self { counter, label: Some("a browser".to_owned()), version: Version(u64::MAX - counter) }
    }
}
