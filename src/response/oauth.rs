//! The answers of the routes that give and take refresh tokens (RFC 6749 §5).

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use serde::Serialize;

use super::{body_fault::BodyFault, refusal::Refusal};
use crate::{
    error::{Code, ErrorKind},
    telemetry::event,
};

/// What a login or a refresh gives (RFC 6749 §5.1).
#[derive(Serialize)]
pub(crate) struct Granted<'a> {
    pub(crate) access_token: &'a str,
    pub(crate) token_type: TokenType,
    /// Seconds from now.
    pub(crate) expires_in: u64,
    pub(crate) refresh_token: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) scope: Option<&'a str>,
}

/// The same where the tokens themselves go into cookies.
#[derive(Serialize)]
pub(crate) struct Kept<'a> {
    /// Of the access token: seconds from now.
    pub(crate) expires_in: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) scope: Option<&'a str>,
}

/// How the access token is to be presented.
#[derive(Serialize)]
pub(crate) enum TokenType {
    Bearer,
}

/// Why there are no tokens (RFC 6749 §5.2).
#[derive(Serialize)]
struct Denied<'a> {
    error: &'a str,
    error_description: &'a str,
}

/// The answer to a request that succeeded: tokens, or what belongs to their owner alone.
pub(crate) fn show(content: &impl Serialize) -> Response<Bytes> {
    json(StatusCode::OK, content)
}

/// The answer to one that was refused.
pub(crate) fn deny(refusal: &Refusal) -> Response<Bytes> {
    event!(debug, "request refused", code = refusal.code());
    let error_description = match refusal.kind() {
        // It is the client's developer who reads it, and one text per kind would not tell what to mend.
        ErrorKind::InvalidRequest => refusal.meaning(),
        _ => refusal.text(),
    };
    let denied = Denied { error: refusal.public_code(), error_description };
    let mut answer = json(refusal.status(), &denied);
    if let Some(wait) = refusal.retry_after() {
        answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs()));
    }
    answer
}

/// The answer to a body that is none of ours.
pub(crate) fn reject(fault: BodyFault) -> Response<Bytes> {
    event!(debug, "request refused", code = Code::MalformedBody.name(), problem = fault);
    let denied =
        Denied { error: ErrorKind::InvalidRequest.public_code(), error_description: &fault.to_string() };
    let mut answer = json(fault.status(), &denied);
    if let Some((name, value)) = fault.hint() {
        answer.headers_mut().insert(name, value);
    }
    answer
}

/// The answer to a logout that is done: nothing is left to be said.
pub(crate) fn done() -> Response<Bytes> {
    let mut answer = Response::new(Bytes::new());
    *answer.status_mut() = StatusCode::NO_CONTENT;
    forbid_storing(answer.headers_mut());
    answer
}

fn json(status: StatusCode, body: &impl Serialize) -> Response<Bytes> {
    // These types always serialize; the fallback is here instead of a panic.
    let mut answer = Response::new(Bytes::from(serde_json::to_vec(body).unwrap_or_default()));
    *answer.status_mut() = status;
    let json = HeaderValue::from_static("application/json");
    answer.headers_mut().insert(header::CONTENT_TYPE, json);
    forbid_storing(answer.headers_mut());
    answer
}

fn forbid_storing(headers: &mut HeaderMap) {
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::{Value, json};

    use super::*;
    use crate::error::AuthError;

    fn value(answer: &Response<Bytes>) -> Value {
        serde_json::from_slice(answer.body()).unwrap()
    }

    fn assert_not_stored(answer: &Response<Bytes>) {
        assert_eq!(answer.headers()["cache-control"], "no-store");
        assert_eq!(answer.headers()["pragma"], "no-cache");
    }

    #[test]
    fn a_grant_names_the_members_of_the_standard_and_a_scope_only_where_there_is_one() {
        let granted = |scope| Granted {
            access_token: "a.b.c",
            token_type: TokenType::Bearer,
            expires_in: 600,
            refresh_token: "r",
            scope,
        };
        let mut members = json!({
            "access_token": "a.b.c", "token_type": "Bearer", "expires_in": 600, "refresh_token": "r",
        });
        let answer = show(&granted(None));
        assert_eq!((answer.status().as_u16(), value(&answer)), (200, members.clone()));
        assert_eq!(answer.headers()["content-type"], "application/json");
        assert_not_stored(&answer);
        members["scope"] = json!("read write");
        assert_eq!(value(&show(&granted(Some("read write")))), members);
    }

    #[test]
    fn a_denial_has_a_status_an_error_and_a_text_for_its_code() {
        let grant = "the credentials or the refresh token are not valid";
        let rows = [
            (Code::BadCredentials, 400, "invalid_grant", grant),
            (Code::RefreshTokenReused, 400, "invalid_grant", grant),
            (Code::ScopeWidened, 400, "invalid_scope", "the scope is wider than what was granted"),
            (
                Code::WrongTransport,
                400,
                "invalid_request",
                "the refresh token came by another way than its session's",
            ),
            (Code::TooManyLogins, 429, "too_many_attempts", "too many attempts failed; try again later"),
            (
                Code::StoreUnavailable,
                503,
                "temporarily_unavailable",
                "the service cannot answer right now; try again",
            ),
            (Code::UnsignableClaims, 500, "server_error", "the server is not set up correctly"),
        ];
        for (code, status, error, description) in rows {
            let answer = deny(&Refusal::from(AuthError::new(code)));
            let body = json!({ "error": error, "error_description": description });
            assert_eq!((answer.status().as_u16(), value(&answer)), (status, body));
            assert_not_stored(&answer);
        }
    }

    #[test]
    fn who_should_wait_is_told_how_long() {
        let wait = |error| deny(&Refusal::from(error)).headers().get("retry-after").cloned();
        assert_eq!(wait(AuthError::new(Code::StoreUnavailable)).unwrap(), "1");
        assert_eq!(wait(AuthError::until(Code::TooManyLogins, Duration::from_secs(899))).unwrap(), "900");
        assert_eq!(wait(AuthError::new(Code::BadCredentials)), None);
    }

    #[test]
    fn every_description_keeps_to_the_characters_of_the_standard() {
        for code in Code::ALL {
            let answer = value(&deny(&Refusal::from(AuthError::new(*code))));
            for member in ["error", "error_description"] {
                let text = answer[member].as_str().unwrap();
                assert!(text.bytes().all(|byte| matches!(byte, b' '..=b'~') && !b"\"\\".contains(&byte)));
            }
        }
    }

    #[test]
    fn a_body_of_another_type_or_coding_is_told_which_one_is_read() {
        let answer = reject(BodyFault::OtherType);
        assert_eq!(answer.status(), 415);
        assert_eq!(answer.headers()["accept"], "application/json, application/x-www-form-urlencoded");
        let answer = reject(BodyFault::Encoded);
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["accept-encoding"]),
            (415, &"identity".parse().unwrap())
        );
        let answer = reject(BodyFault::Missing("refresh_token"));
        let body =
            json!({ "error": "invalid_request", "error_description": "the field refresh_token is missing" });
        assert_eq!((answer.status().as_u16(), value(&answer)), (400, body));
        assert_not_stored(&answer);
    }
}
