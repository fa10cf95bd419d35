//! Encrypting a blob so that it fits one name and one version only.

use std::sync::Arc;

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey},
    hmac,
};
use zeroize::Zeroizing;

use crate::error::ConfigError;

/// The form of the blob; another form would have another one.
const MAGIC: &[u8; 8] = b"jwtower1";

const LABEL: &[u8] = b"jwtower sealed keys";

/// Under which a key-encryption key makes its own name.
const ID_LABEL: &[u8] = b"jwtower key-encryption key id";

const TAG_LEN: usize = 16;

/// A key-encryption key, ready to use, and its name.
#[derive(Clone)]
pub(super) struct Sealer {
    id: [u8; 8],
    key: Arc<RandomizedNonceKey>,
}

impl Sealer {
    pub(super) fn new(bytes: &[u8; 32]) -> Result<Self, ConfigError> {
        let key = RandomizedNonceKey::new(&AES_256_GCM, bytes).map_err(|_| crypto("make a key"))?;
        let id = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, bytes), ID_LABEL);
        let id = id.as_ref().first_chunk().copied().ok_or_else(|| crypto("name a key"))?;
        Ok(Self { id, key: Arc::new(key) })
    }

    /// The blob: the magic bytes, the key's name, a random nonce, the ciphertext and its tag.
    pub(super) fn seal(&self, name: &str, version: u64, plaintext: &[u8]) -> Result<Vec<u8>, ConfigError> {
        // Of the right size at once: a vector that grows leaves copies in memory that nobody wipes.
        let mut text = Zeroizing::new(Vec::with_capacity(plaintext.len() + TAG_LEN));
        text.extend_from_slice(plaintext);
        let nonce = self.key.seal_in_place_append_tag(self.bound_to(name, version), &mut *text);
        let nonce = nonce.map_err(|_| crypto("encrypt"))?;
        Ok([MAGIC.as_slice(), &self.id, nonce.as_ref(), &text].concat())
    }

    /// What was sealed under this name as this version.
    pub(super) fn open(
        &self,
        name: &str,
        version: u64,
        blob: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, ConfigError> {
        let damaged = || {
            let problem = format!(
                "{name:?}, version {version}, is damaged, or was written under another name or as another \
                 version; it was left as it is, put a good copy back"
            );
            ConfigError::new("key store", problem)
        };
        let rest = blob.strip_prefix(MAGIC).ok_or_else(damaged)?;
        let (id, rest) = rest.split_at_checked(self.id.len()).ok_or_else(damaged)?;
        if id != self.id {
            let problem = "the keys in the store were sealed with another key-encryption key; give that one, \
                           nothing was overwritten";
            return Err(ConfigError::new("key-encryption key", problem));
        }
        let (nonce, text) = rest.split_at_checked(NONCE_LEN).ok_or_else(damaged)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| damaged())?;
        let mut text = Zeroizing::new(text.to_vec());
        let opened = self.key.open_in_place(nonce, self.bound_to(name, version), &mut text);
        let length = opened.map_err(|_| damaged())?.len();
        text.truncate(length);
        Ok(text)
    }

    /// What a blob is good for, in a form in which no two differ in their parts and agree as a whole.
    fn bound_to(&self, name: &str, version: u64) -> Aad<Vec<u8>> {
        let length = (name.len() as u64).to_be_bytes();
        Aad::from([LABEL, &length, name.as_bytes(), &self.id, &version.to_be_bytes()].concat())
    }
}

fn crypto(work: &'static str) -> ConfigError {
    ConfigError::new("key-encryption key", format!("the crypto library could not {work}"))
}
