//! The content: AES in Galois/Counter Mode (RFC 7518 §5.3).

use aws_lc_rs::aead::{AES_128_GCM, AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use zeroize::Zeroizing;

use super::ContentEncryption;
use crate::{
    error::{Code, ConfigError},
    keys::Reason,
};

/// A key that encrypts contents.
pub(super) struct ContentKey {
    pub(super) content: ContentEncryption,
    key: LessSafeKey,
}

/// What stands in the last three segments.
pub(super) struct Sealed {
    pub(super) nonce: [u8; NONCE_LEN],
    pub(super) ciphertext: Vec<u8>,
    pub(super) tag: [u8; 16],
}

impl ContentKey {
    /// The key of these bytes; nothing where they are not as many as the algorithm takes.
    pub(super) fn new(content: ContentEncryption, bytes: &[u8]) -> Option<Self> {
        let algorithm = match content {
            ContentEncryption::A128GCM => &AES_128_GCM,
            ContentEncryption::A256GCM => &AES_256_GCM,
        };
        Some(Self { content, key: LessSafeKey::new(UnboundKey::new(algorithm, bytes).ok()?) })
    }

    /// What was encrypted; the tag stands behind the ciphertext.
    pub(super) fn open(
        &self,
        header: &str,
        nonce: [u8; NONCE_LEN],
        mut ciphertext: Vec<u8>,
    ) -> Result<Vec<u8>, Code> {
        let nonce = Nonce::assume_unique_for_key(nonce);
        let opened = self.key.open_in_place(nonce, Aad::from(header.as_bytes()), &mut ciphertext);
        let length = opened.map_err(|_| Code::DecryptionFailed)?.len();
        ciphertext.truncate(length);
        Ok(ciphertext)
    }

    pub(super) fn seal(&self, header: &str, content: &[u8]) -> Result<Sealed, ConfigError> {
        // Random, as nodes that share a key do not count together (RFC 7518 §8.4 bounds how often).
        let nonce = random()?;
        let mut ciphertext = content.to_vec();
        let unique = Nonce::assume_unique_for_key(nonce);
        let tag = self
            .key
            .seal_in_place_separate_tag(unique, Aad::from(header.as_bytes()), &mut ciphertext)
            .ok()
            .and_then(|tag| tag.as_ref().try_into().ok())
            .ok_or_else(|| ConfigError::new("encryption", "the crypto library could not encrypt"))?;
        Ok(Sealed { nonce, ciphertext, tag })
    }
}

/// Bytes for the key of one content.
pub(super) fn random_key(content: ContentEncryption) -> Result<Zeroizing<Vec<u8>>, ConfigError> {
    let mut bytes = Zeroizing::new(vec![0; content.key_len()]);
    fill(&mut bytes)?;
    Ok(bytes)
}

fn random<const N: usize>() -> Result<[u8; N], ConfigError> {
    let mut bytes = [0; N];
    fill(&mut bytes)?;
    Ok(bytes)
}

fn fill(bytes: &mut [u8]) -> Result<(), ConfigError> {
    getrandom::fill(bytes).map_err(|error| {
        ConfigError::new("system", Reason::from(format!("it gives no random bytes: {error}")))
    })
}
