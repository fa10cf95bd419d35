//! The compact form: five segments of base64url (RFC 7516 §7.1).

use crate::{error::Code, keys::base64url, token::MAX_TOKEN};

/// An encrypted token cut at its dots; nothing is decoded yet.
pub(super) struct Compact<'t> {
    /// Also what the content's tag covers beside the content (RFC 7516 §5.1).
    pub(super) header: &'t str,
    encrypted_key: &'t str,
    nonce: &'t str,
    ciphertext: &'t str,
    tag: &'t str,
}

/// Bytes.
const TAG_LEN: usize = 16;

/// The longest key of a content, encrypted: by RSA with 8192 bits.
const MAX_ENCRYPTED_KEY: usize = 1024;

impl<'t> Compact<'t> {
    pub(super) fn split(token: &'t str) -> Result<Self, Code> {
        if token.len() > MAX_TOKEN {
            return Err(Code::TokenTooLarge);
        }
        let mut dots = memchr::memchr_iter(b'.', token.as_bytes());
        let mut start = 0;
        let mut next = || {
            let end = dots.next().unwrap_or(token.len());
            let segment = token.get(start..end).ok_or(Code::MalformedToken);
            start = end + 1;
            segment
        };
        let (header, encrypted_key, nonce, ciphertext, tag) = (next()?, next()?, next()?, next()?, next()?);
        match next() {
            Err(_) => Ok(Self { header, encrypted_key, nonce, ciphertext, tag }),
            Ok(_) => Err(Code::MalformedToken),
        }
    }

    pub(super) fn encrypted_key(&self) -> Result<Vec<u8>, Code> {
        if self.encrypted_key.len() > MAX_ENCRYPTED_KEY.div_ceil(3) * 4 {
            return Err(Code::DecryptionFailed);
        }
        base64url::decode(self.encrypted_key).ok_or(Code::MalformedToken)
    }

    /// Another length is no nonce of AES-GCM (RFC 7518 §5.3).
    pub(super) fn nonce(&self) -> Result<[u8; 12], Code> {
        let mut nonce = [0; 12];
        fixed(self.nonce, &mut nonce).map(|()| nonce)
    }

    /// The ciphertext with its tag behind it. A shorter tag would be easier to hit (RFC 7518 §5.3).
    pub(super) fn content(&self) -> Result<Vec<u8>, Code> {
        let mut content = Vec::with_capacity(self.ciphertext.len() / 4 * 3 + 2 + TAG_LEN);
        base64url::decode_onto(self.ciphertext, &mut content).ok_or(Code::MalformedToken)?;
        let length = content.len();
        base64url::decode_onto(self.tag, &mut content).ok_or(Code::MalformedToken)?;
        if content.len() - length != TAG_LEN {
            return Err(Code::DecryptionFailed);
        }
        Ok(content)
    }
}

fn fixed(segment: &str, buffer: &mut [u8]) -> Result<(), Code> {
    let expected = buffer.len();
    match base64url::decode_into(segment, buffer).map(<[u8]>::len) {
        Some(length) if length == expected => Ok(()),
        Some(_) => Err(Code::DecryptionFailed),
        None if base64url::decode(segment).is_some() => Err(Code::DecryptionFailed),
        None => Err(Code::MalformedToken),
    }
}
