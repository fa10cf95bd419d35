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

/// The longest key of a content, encrypted: by RSA with 8192 bits.
const MAX_ENCRYPTED_KEY: usize = 1024;

impl<'t> Compact<'t> {
    pub(super) fn split(token: &'t str) -> Result<Self, Code> {
        if token.len() > MAX_TOKEN {
            return Err(Code::TokenTooLarge);
        }
        let mut segments = token.split('.');
        let mut next = || segments.next().ok_or(Code::MalformedToken);
        let (header, encrypted_key, nonce, ciphertext, tag) = (next()?, next()?, next()?, next()?, next()?);
        match segments.next() {
            None => Ok(Self { header, encrypted_key, nonce, ciphertext, tag }),
            Some(_) => Err(Code::MalformedToken),
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

    /// A shorter tag would be easier to hit (RFC 7518 §5.3).
    pub(super) fn tag(&self) -> Result<[u8; 16], Code> {
        let mut tag = [0; 16];
        fixed(self.tag, &mut tag).map(|()| tag)
    }

    pub(super) fn ciphertext(&self) -> Result<Vec<u8>, Code> {
        base64url::decode(self.ciphertext).ok_or(Code::MalformedToken)
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
