//! The answer in gRPC: a trailers-only response, whose status is in the headers.

use bytes::Bytes;
use http::{HeaderValue, Response, header};

use super::refusal::Refusal;
use crate::error::ErrorKind;

/// HTTP 200 without a body, still without a challenge.
///
/// The texts are fixed and hold nothing that `grpc-message` would have to percent-encode.
pub(super) fn answer(refusal: &Refusal) -> Response<Bytes> {
    let mut answer = Response::new(Bytes::new());
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert("grpc-status", HeaderValue::from_static(status(refusal.kind())));
    headers.insert("grpc-message", HeaderValue::from_static(refusal.text()));
    answer
}

/// UNAUTHENTICATED, INVALID_ARGUMENT, PERMISSION_DENIED, RESOURCE_EXHAUSTED, UNAVAILABLE or INTERNAL.
fn status(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::MissingToken
        | ErrorKind::InvalidToken
        | ErrorKind::TokenExpired
        | ErrorKind::TokenRevoked => "16",
        ErrorKind::InvalidRequest | ErrorKind::InvalidGrant | ErrorKind::InvalidScope => "3",
        ErrorKind::TooManyAttempts => "8",
        ErrorKind::Unavailable => "14",
        ErrorKind::CrossSite | ErrorKind::InsufficientScope => "7",
        ErrorKind::Misconfigured => "13",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{AuthError, Code};

    #[test]
    fn each_kind_has_its_grpc_status_and_message() {
        let rows = [
            (Code::MissingToken, "16", "a bearer token is needed"),
            (Code::BadSignature, "16", "the token is not valid here"),
            (Code::TokenExpired, "16", "the token has expired"),
            (Code::MultipleTokens, "3", "the request is malformed or carries more than one token"),
            (Code::ScopeMissing, "7", "the token does not allow this request"),
            (Code::MissingLayer, "13", "the server is not set up correctly"),
        ];
        for (code, status, message) in rows {
            let answer = answer(&Refusal::from(AuthError::new(code)));
            assert_eq!(answer.status(), 200);
            assert_eq!(answer.headers()["content-type"], "application/grpc");
            assert_eq!(answer.headers()["grpc-status"], status);
            assert_eq!(answer.headers()["grpc-message"], message);
            assert!(answer.body().is_empty());
        }
    }
}
