//! Base64 as JOSE writes it, and as people paste it.

use base64_simd::{URL_SAFE_NO_PAD, forgiving_decode_to_vec};

/// The bytes that a text spells in base64url without padding, the only form that a token may have.
pub(crate) fn strict(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode_to_vec(text).ok()
}

/// The same where a text has padding, white space, loose last bits or the alphabet of plain base64.
pub(crate) fn lenient(text: &str) -> Option<Vec<u8>> {
    let plain = text.replace('-', "+").replace('_', "/");
    forgiving_decode_to_vec(plain.as_bytes()).ok()
}
