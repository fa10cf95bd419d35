//! `WWW-Authenticate`: what a client must do to be let in.

use std::fmt::Write;

use http::HeaderValue;

use super::refusal::Refusal;
use crate::error::ErrorKind;

/// The challenge of RFC 6750 §3, with `resource_metadata` of RFC 9728 §5.1 where it is configured.
///
/// `realm` and `metadata` were checked when they were set; scopes come from the application's rules.
pub(super) fn challenge(refusal: &Refusal, realm: &str, metadata: Option<&str>) -> HeaderValue {
    let mut text = format!("Bearer realm=\"{realm}\"");
    if let Some(error) = error_code(refusal.kind()) {
        // Writing to a String cannot fail.
        let _ = write!(text, ", error=\"{error}\", error_description=\"{}\"", refusal.text());
        let scopes: Vec<_> = refusal.missing_scopes().iter().filter(|scope| is_scope(scope)).collect();
        if let Some((first, rest)) = scopes.split_first() {
            let _ = write!(text, ", scope=\"{first}");
            for scope in rest {
                let _ = write!(text, " {scope}");
            }
            text.push('"');
        }
    }
    if let Some(url) = metadata {
        let _ = write!(text, ", resource_metadata=\"{url}\"");
    }
    // Every part is visible ASCII, so the fallback is never sent; it is here instead of a panic.
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static("Bearer realm=\"api\""))
}

/// The `error` of RFC 6750 §3.1; none where the client sent no credentials, or did nothing wrong.
fn error_code(kind: ErrorKind) -> Option<&'static str> {
    match kind {
        ErrorKind::MissingToken
        | ErrorKind::CrossSite
        | ErrorKind::InvalidGrant
        | ErrorKind::InvalidScope
        | ErrorKind::TooManyAttempts
        | ErrorKind::Unavailable
        | ErrorKind::Misconfigured => None,
        ErrorKind::InvalidRequest => Some("invalid_request"),
        ErrorKind::InvalidToken | ErrorKind::TokenExpired | ErrorKind::TokenRevoked => Some("invalid_token"),
        ErrorKind::InsufficientScope => Some("insufficient_scope"),
    }
}

/// Whether the text is a `scope-token` (RFC 6749 §3.3).
pub(super) fn is_scope(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| matches!(byte, b'!' | b'#'..=b'[' | b']'..=b'~'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{AuthError, Code};

    fn text(refusal: &Refusal, metadata: Option<&str>) -> String {
        challenge(refusal, "api", metadata).to_str().unwrap().to_owned()
    }

    #[test]
    fn each_kind_has_its_challenge_word_for_word() {
        let rows = [
            (Code::MissingToken, r#"Bearer realm="api""#),
            (Code::OtherScheme, r#"Bearer realm="api""#),
            (
                Code::RepeatedHeader,
                r#"Bearer realm="api", error="invalid_request", error_description="the request is malformed or carries more than one token""#,
            ),
            (
                Code::BadSignature,
                r#"Bearer realm="api", error="invalid_token", error_description="the token is not valid here""#,
            ),
            (
                Code::TokenExpired,
                r#"Bearer realm="api", error="invalid_token", error_description="the token has expired""#,
            ),
            (
                Code::RuleDenied,
                r#"Bearer realm="api", error="insufficient_scope", error_description="the token does not allow this request""#,
            ),
            (Code::MissingLayer, r#"Bearer realm="api""#),
        ];
        for (code, expected) in rows {
            let refusal = Refusal::from(AuthError::new(code));
            assert_eq!(text(&refusal, None), expected);
            let url = "https://api.example.com/.well-known/oauth-protected-resource?a=b";
            assert_eq!(text(&refusal, Some(url)), format!("{expected}, resource_metadata=\"{url}\""));
        }
    }

    #[test]
    fn missing_scopes_are_listed_before_the_metadata_and_only_if_they_are_scopes() {
        let start = r#"Bearer realm="api", error="insufficient_scope", error_description="the token does not allow this request""#;
        let rows: &[(&[&str], &str)] = &[
            (&["posts:write"], r#", scope="posts:write""#),
            (&["a", "https://x.example/b"], r#", scope="a https://x.example/b""#),
            (&["a", "b\"", "c\\", "d e", "é", "", "f\r\n"], r#", scope="a""#),
            (&["\""], ""),
            (&[], ""),
        ];
        for (scopes, expected) in rows {
            let refusal = Refusal::with_scopes(AuthError::new(Code::ScopeMissing), scopes.iter().copied());
            assert_eq!(text(&refusal, None), format!("{start}{expected}"), "{scopes:?}");
            assert_eq!(
                text(&refusal, Some("https://m")),
                format!("{start}{expected}, resource_metadata=\"https://m\"")
            );
        }
    }
}
