//! The answer in plain HTTP: a problem document (RFC 9457).

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};

use super::refusal::Refusal;

/// Status and body, still without a challenge.
pub(super) fn answer(refusal: &Refusal) -> Response<Bytes> {
    let mut answer = document(refusal.status(), refusal.public_code());
    if let Some(wait) = refusal.retry_after() {
        answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs()));
    }
    answer
}

/// The answer to a request for what is not there, or not the subject's.
#[cfg(feature = "axum")]
pub(crate) fn not_found() -> Response<Bytes> {
    document(StatusCode::NOT_FOUND, "not_found")
}

/// The texts are fixed and need no JSON escapes. `about:blank` says that the title is the status's own
/// (RFC 9457 §4.2.1).
fn document(status: StatusCode, code: &str) -> Response<Bytes> {
    let body = format!(
        r#"{{"type":"about:blank","title":"{}","status":{},"code":"{code}"}}"#,
        status.canonical_reason().unwrap_or_default(),
        status.as_u16(),
    );
    let mut answer = Response::new(Bytes::from(body));
    *answer.status_mut() = status;
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::error::{AuthError, Code};

    #[test]
    fn the_body_is_a_problem_document_of_four_members() {
        let rows = [
            (
                Code::MissingToken,
                r#"{"type":"about:blank","title":"Unauthorized","status":401,"code":"missing_token"}"#,
            ),
            (
                Code::MultipleTokens,
                r#"{"type":"about:blank","title":"Bad Request","status":400,"code":"invalid_request"}"#,
            ),
            (
                Code::BadSignature,
                r#"{"type":"about:blank","title":"Unauthorized","status":401,"code":"invalid_token"}"#,
            ),
            (
                Code::TooOld,
                r#"{"type":"about:blank","title":"Unauthorized","status":401,"code":"token_expired"}"#,
            ),
            (
                Code::RuleDenied,
                r#"{"type":"about:blank","title":"Forbidden","status":403,"code":"insufficient_scope"}"#,
            ),
            (
                Code::MissingLayer,
                r#"{"type":"about:blank","title":"Internal Server Error","status":500,"code":"server_error"}"#,
            ),
        ];
        for (code, expected) in rows {
            let refusal = Refusal::with_scopes(AuthError::new(code), ["posts:write"]);
            assert_eq!(answer(&refusal).body(), expected);
        }
    }

    #[test]
    fn every_code_gives_valid_json_that_no_cache_keeps() {
        for code in Code::ALL {
            let answer = answer(&Refusal::from(AuthError::new(*code)));
            let body: BTreeMap<String, serde_json::Value> = serde_json::from_slice(answer.body()).unwrap();
            assert_eq!(body.len(), 4);
            assert_eq!(body["status"], answer.status().as_u16());
            assert_eq!(answer.headers()["content-type"], "application/problem+json");
            assert_eq!(answer.headers()["cache-control"], "no-store");
        }
    }
}
