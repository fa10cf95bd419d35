//! Which client a request comes from, as far as one can tell.

use aws_lc_rs::digest::{SHA256, digest};
use base64_simd::URL_SAFE_NO_PAD;
use http::{HeaderMap, header::USER_AGENT};

/// What a client without a `User-Agent` is called; no hash is as short.
const NAMELESS: &str = "none";

/// A hash of the `User-Agent`: enough to see that another client came, and no text of a client's to be stored
/// and shown.
pub(super) fn of(headers: &HeaderMap) -> String {
    let lines: Vec<_> = headers.get_all(USER_AGENT).iter().map(|line| line.as_bytes()).collect();
    if lines.is_empty() {
        return NAMELESS.to_owned();
    }
    let hash = digest(&SHA256, &lines.join(&b'\n'));
    let (start, _) = hash.as_ref().split_at(12);
    URL_SAFE_NO_PAD.encode_to_string(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(lines: &[&'static str]) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(USER_AGENT, http::HeaderValue::from_static(line));
        }
        of(&headers)
    }

    #[test]
    fn the_same_client_has_the_same_label_and_another_one_another() {
        let labels = [label(&[]), label(&[""]), label(&["a"]), label(&["b"]), label(&["a", "b"])];
        for (place, one) in labels.iter().enumerate() {
            assert!(!labels[..place].contains(one), "{one}");
        }
        assert_eq!(label(&["curl/8.5.0"]), label(&["curl/8.5.0"]));
        assert_eq!(label(&["curl/8.5.0"]).len(), 16);
        assert_eq!(label(&[]), "none");
    }
}
