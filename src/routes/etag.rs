//! Whether a client has a document already (RFC 9110 §8.8.3).

use aws_lc_rs::digest::{SHA256, digest};
use base64_simd::URL_SAFE_NO_PAD;
use http::{HeaderMap, header::IF_NONE_MATCH};

/// A tag that changes with the document.
pub(super) fn of(document: &[u8]) -> String {
    let hash = digest(&SHA256, document);
    let (start, _) = hash.as_ref().split_at(12);
    format!("\"{}\"", URL_SAFE_NO_PAD.encode_to_string(start))
}

/// Whether the client names the tag, weakly or not.
pub(super) fn is_among(tag: &str, headers: &HeaderMap) -> bool {
    let lines = headers.get_all(IF_NONE_MATCH).iter().filter_map(|line| line.to_str().ok());
    let mut named = lines.flat_map(|line| line.split(',')).map(str::trim);
    named.any(|named| named == "*" || named.strip_prefix("W/").unwrap_or(named) == tag)
}
