//! A secret that sender and recipient share.

use std::sync::Arc;

use aws_lc_rs::key_wrap::{AES_256, AesKek, KeyWrap};
use zeroize::Zeroizing;

use super::{ContentEncryption, KeyManagement, content::ContentKey};
use crate::{
    error::ConfigError,
    keys::{base64url, refuse_mistaken_form, refuse_weak},
};

/// The secret of `dir` or `A256KW`. Clones share one copy, which is wiped with the last of them.
#[derive(Clone)]
pub(super) struct SharedSecret {
    text: Arc<Zeroizing<String>>,
    pub(super) key: SecretKey,
}

/// The secret as it is used.
#[derive(Clone)]
pub(super) enum SecretKey {
    /// It encrypts contents itself.
    Direct(Arc<ContentKey>),
    /// It wraps the keys of contents.
    Wrapping(WrappingKey),
}

/// A key of 256 bits that wraps others (RFC 3394).
#[derive(Clone)]
pub(super) struct WrappingKey(Arc<Zeroizing<Vec<u8>>>);

impl SharedSecret {
    /// A secret that does not look as if a person had made it up.
    pub(super) fn new(algorithm: KeyManagement, bytes: &[u8]) -> Result<Self, ConfigError> {
        refuse_mistaken_form(bytes)?;
        let secret = Self::of_any_bytes(algorithm, bytes)?;
        refuse_weak(bytes)?;
        Ok(secret)
    }

    /// A secret of which only the length is looked at.
    pub(super) fn of_any_bytes(algorithm: KeyManagement, bytes: &[u8]) -> Result<Self, ConfigError> {
        let key = match (algorithm, bytes.len()) {
            (KeyManagement::Dir, 16) => direct(ContentEncryption::A128GCM, bytes),
            (KeyManagement::Dir, 32) => direct(ContentEncryption::A256GCM, bytes),
            (KeyManagement::A256KW, 32) => Some(SecretKey::Wrapping(WrappingKey::new(bytes))),
            _ => None,
        };
        let key = key.ok_or_else(|| {
            let problem = if algorithm.is_symmetric() {
                format!("has {} bytes; {algorithm} takes {}", bytes.len(), algorithm.key_name())
            } else {
                format!(
                    "{algorithm} takes {}, not a secret; secrets are for dir and A256KW",
                    algorithm.key_name()
                )
            };
            ConfigError::new("secret", problem)
        })?;
        Ok(Self { text: Arc::new(Zeroizing::new(base64url::encode(bytes))), key })
    }

    /// In base64url.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The one content that it encrypts itself; of those that it wraps keys for, any.
    pub(super) fn content(&self) -> Option<ContentEncryption> {
        match &self.key {
            SecretKey::Direct(key) => Some(key.content),
            SecretKey::Wrapping(_) => None,
        }
    }
}

fn direct(content: ContentEncryption, bytes: &[u8]) -> Option<SecretKey> {
    ContentKey::new(content, bytes).map(|key| SecretKey::Direct(Arc::new(key)))
}

impl WrappingKey {
    pub(super) fn new(bytes: &[u8]) -> Self {
        Self(Arc::new(Zeroizing::new(bytes.to_vec())))
    }

    /// The key of a content, wrapped (RFC 3394 §2.2.1).
    pub(super) fn wrap(&self, content_key: &[u8]) -> Option<Vec<u8>> {
        let mut wrapped = vec![0; content_key.len() + 8];
        AesKek::new(&AES_256, &self.0).and_then(|kek| kek.wrap(content_key, &mut wrapped).map(drop)).ok()?;
        Some(wrapped)
    }

    /// The key that was wrapped, if it was by this one and nobody changed it (RFC 3394 §2.2.2).
    pub(super) fn unwrap(&self, wrapped: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let mut content_key = Zeroizing::new(vec![0; wrapped.len().checked_sub(8)?]);
        AesKek::new(&AES_256, &self.0)
            .and_then(|kek| kek.unwrap(wrapped, &mut content_key).map(drop))
            .ok()?;
        Some(content_key)
    }
}
