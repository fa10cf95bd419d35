//! A refusal, before it is put into words.

use std::time::Duration;

use http::StatusCode;

use crate::error::{AuthError, ErrorKind};

/// A refused request: why, and which scopes would have let it pass.
///
/// The layer's `on_error` hook gets it beside the answer. This hook sends browsers to a login page elsewhere and
/// leaves every other answer as it is; for pages of your own there is `jwtower::routes::Pages`.
///
/// ```
/// use bytes::Bytes;
/// use http::{HeaderValue, Response, StatusCode, header, request::Parts};
/// use jwtower::{ErrorKind, response::Refusal};
///
/// fn to_login(refusal: &Refusal, head: &Parts, mut answer: Response<Bytes>) -> Response<Bytes> {
///     let accept = head.headers.get(header::ACCEPT);
///     let is_page = accept.is_some_and(|accept| accept.as_bytes().starts_with(b"text/html"));
///     if is_page && matches!(refusal.kind(), ErrorKind::MissingToken | ErrorKind::TokenExpired) {
///         *answer.status_mut() = StatusCode::SEE_OTHER;
///         answer.headers_mut().insert(header::LOCATION, HeaderValue::from_static("https://login.example.com"));
///         answer.headers_mut().remove(header::CONTENT_TYPE);
///         *answer.body_mut() = Bytes::new();
///     }
///     answer
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Refusal {
    error: AuthError,
    missing_scopes: Vec<String>,
}

impl From<AuthError> for Refusal {
    fn from(error: AuthError) -> Self {
        Self { error, missing_scopes: Vec::new() }
    }
}

impl Refusal {
    pub(crate) fn with_scopes(error: AuthError, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { error, missing_scopes: scopes.into_iter().map(Into::into).collect() }
    }

    /// Who is to blame.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.error.kind()
    }

    /// The fine-grained reason, for logs and metrics.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.error.code()
    }

    /// The coarser code that the answer shows.
    #[must_use]
    pub fn public_code(&self) -> &'static str {
        self.kind().public_code()
    }

    /// The status of the default answer.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self.kind() {
            ErrorKind::MissingToken
            | ErrorKind::InvalidToken
            | ErrorKind::TokenExpired
            | ErrorKind::TokenRevoked => StatusCode::UNAUTHORIZED,
            ErrorKind::InvalidRequest | ErrorKind::InvalidGrant | ErrorKind::InvalidScope => {
                StatusCode::BAD_REQUEST
            }
            ErrorKind::TooManyAttempts => StatusCode::TOO_MANY_REQUESTS,
            ErrorKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            ErrorKind::CrossSite | ErrorKind::InsufficientScope => StatusCode::FORBIDDEN,
            ErrorKind::Misconfigured => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// How long the client should wait before it tries again, where that helps.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.error.retry_after()
    }

    /// The scopes that the rule asks for and the token lacks; empty where scopes are not what is missing.
    #[must_use]
    pub fn missing_scopes(&self) -> &[String] {
        &self.missing_scopes
    }

    /// What the fine-grained reason means, in a fixed text.
    #[cfg(feature = "axum")]
    pub(super) fn meaning(&self) -> &'static str {
        self.error.meaning()
    }

    /// What the client reads: one fixed text per kind, in the characters of `error_description` (RFC 6750 §3).
    pub(super) fn text(&self) -> &'static str {
        match self.kind() {
            ErrorKind::MissingToken => "a bearer token is needed",
            ErrorKind::InvalidRequest => "the request is malformed or carries more than one token",
            ErrorKind::InvalidToken => "the token is not valid here",
            ErrorKind::TokenExpired => "the token has expired",
            ErrorKind::TokenRevoked => "the token was revoked",
            ErrorKind::InvalidGrant => "the credentials or the refresh token are not valid",
            ErrorKind::InvalidScope => "the scope is wider than what was granted",
            ErrorKind::TooManyAttempts => "too many attempts failed; try again later",
            ErrorKind::Unavailable => "the service cannot answer right now; try again",
            ErrorKind::CrossSite => "the request comes from another site",
            ErrorKind::InsufficientScope => "the token does not allow this request",
            ErrorKind::Misconfigured => "the server is not set up correctly",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;

    #[test]
    fn the_kind_decides_the_status_and_the_public_code() {
        let rows = [
            (Code::MissingToken, 401, "missing_token"),
            (Code::OtherScheme, 401, "missing_token"),
            (Code::MultipleTokens, 400, "invalid_request"),
            (Code::BadSignature, 401, "invalid_token"),
            (Code::TokenExpired, 401, "token_expired"),
            (Code::SessionRevoked, 401, "token_revoked"),
            (Code::RefreshTokenReused, 400, "invalid_grant"),
            (Code::ScopeWidened, 400, "invalid_scope"),
            (Code::TooManyLogins, 429, "too_many_attempts"),
            (Code::StoreUnavailable, 503, "temporarily_unavailable"),
            (Code::ScopeMissing, 403, "insufficient_scope"),
            (Code::MissingLayer, 500, "server_error"),
        ];
        for (code, status, public) in rows {
            let refusal = Refusal::from(AuthError::new(code));
            assert_eq!(
                (refusal.status().as_u16(), refusal.public_code()),
                (status, public),
                "{}",
                code.name()
            );
            assert_eq!(refusal.code(), code.name());
        }
    }

    #[test]
    fn the_client_reads_only_characters_that_need_no_escape_anywhere() {
        for code in Code::ALL {
            let text = Refusal::from(AuthError::new(*code)).text();
            let plain = |byte: u8| matches!(byte, b' '..=b'~') && !b"\"\\%".contains(&byte);
            assert!(text.bytes().all(plain), "{text}");
        }
    }
}
