//! What can go wrong, and who is to blame.
//!
//! [`AuthError`] is about a request, [`ConfigError`] about our own set-up, [`StoreError`] about a store.

use std::{borrow::Cow, error, fmt, time::Duration};

use serde_json::Value;

/// Why a request or a token was refused.
///
/// [`kind`](Self::kind) says who is to blame and so decides the status; [`code`](Self::code) is the stable,
/// fine-grained reason for logs and metrics. Neither holds anything of the token. The table of all codes is
/// in [the guide to errors](crate::guide::errors).
///
/// ```
/// use jwtower::{Algorithm, ErrorKind, NoClaims, Secret, Verifier};
///
/// # fn main() -> Result<(), jwtower::ConfigError> {
/// let secret = Secret::generate(Algorithm::HS256)?;
/// let verifier = Verifier::<NoClaims>::builder().keys(&secret).issuer("me").audience("api").build()?;
/// let error = verifier.verify("not.a-token").unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::InvalidToken);
/// assert_eq!(error.code(), "malformed_token");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct AuthError {
    code: Code,
    /// Seconds; 0 where waiting does not help.
    retry_after: u32,
}

impl AuthError {
    pub(crate) const fn new(code: Code) -> Self {
        let retry_after = if matches!(code.kind(), ErrorKind::Unavailable) { 1 } else { 0 };
        Self { code, retry_after }
    }

    /// An error that is over after this time.
    pub(crate) fn until(code: Code, wait: Duration) -> Self {
        let seconds = wait.as_secs().saturating_add(1);
        Self { code, retry_after: u32::try_from(seconds).unwrap_or(u32::MAX) }
    }

    /// Who is to blame, and so which status answers.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.code.kind()
    }

    /// The fine-grained reason, in `snake_case`; stable across versions, meant for logs and metrics.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.code.name()
    }

    /// What the code means; its `Display`.
    #[cfg(feature = "axum")]
    pub(crate) fn meaning(&self) -> &'static str {
        self.code.meaning()
    }

    /// How long a client should wait before it tries again, where that helps (429 and 503), in whole seconds.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        (self.retry_after > 0).then(|| Duration::from_secs(self.retry_after.into()))
    }
}

impl fmt::Display for AuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.meaning())
    }
}

impl fmt::Debug for AuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthError").field("kind", &self.kind()).field("code", &self.code()).finish()
    }
}

impl error::Error for AuthError {}

/// Who is to blame for a refusal: the token, the rights, the request or our own wiring.
///
/// ```
/// use jwtower::ErrorKind;
///
/// assert_eq!(ErrorKind::TokenExpired.public_code(), "token_expired");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request carries no token, or credentials of another scheme. 401 without an error code.
    MissingToken,
    /// The request is malformed or carries more than one token. 400 `invalid_request`.
    InvalidRequest,
    /// The token is malformed, forged, foreign or not for us. 401 `invalid_token`.
    InvalidToken,
    /// The token is genuine, but its time is over. 401 `invalid_token`.
    TokenExpired,
    /// The token is genuine, but its session was logged out, or the token itself was withdrawn. 401
    /// `invalid_token`.
    TokenRevoked,
    /// The credentials or the refresh token do not let anyone in. 400 `invalid_grant` (RFC 6749 §5.2).
    InvalidGrant,
    /// A refresh asked for a scope that its login did not grant. 400 `invalid_scope` (RFC 6749 §5.2).
    InvalidScope,
    /// Too many failed logins. 429.
    TooManyAttempts,
    /// Another site's page made the request, and it uses or changes cookies. 403 `cross_site`.
    CrossSite,
    /// The token is good, and its subject may not do this. 403 `insufficient_scope`.
    InsufficientScope,
    /// Our store, accounts or signing keys cannot be reached; nothing was changed, the client may try again. 503.
    Unavailable,
    /// Our own wiring is wrong; an event at level `error` says what is missing. 500.
    Misconfigured,
}

impl ErrorKind {
    /// The code that an answer shows: coarser than [`AuthError::code`], so that it tells an attacker nothing.
    #[must_use]
    pub fn public_code(self) -> &'static str {
        match self {
            Self::MissingToken => "missing_token",
            Self::InvalidRequest => "invalid_request",
            Self::InvalidToken => "invalid_token",
            Self::TokenExpired => "token_expired",
            Self::TokenRevoked => "token_revoked",
            Self::InvalidGrant => "invalid_grant",
            Self::InvalidScope => "invalid_scope",
            Self::TooManyAttempts => "too_many_attempts",
            Self::CrossSite => "cross_site",
            Self::InsufficientScope => "insufficient_scope",
            Self::Unavailable => "temporarily_unavailable",
            Self::Misconfigured => "server_error",
        }
    }
}

/// Defines [`Code`] with its name, kind and meaning in one table.
macro_rules! codes {
    ($($variant:ident $name:literal $kind:ident $meaning:literal)+) => {
        /// The fine-grained reason of a refusal.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[cfg_attr(
            not(all(feature = "axum", feature = "jwks-client", feature = "jwe")),
            allow(dead_code, reason = "some codes are the adapters', the fetchers' and the decrypters'")
        )]
        pub(crate) enum Code { $($variant),+ }

        impl Code {
            #[cfg(test)]
            pub(crate) const ALL: &'static [Self] = &[$(Self::$variant),+];

            pub(crate) const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            pub(crate) const fn kind(self) -> ErrorKind {
                match self { $(Self::$variant => ErrorKind::$kind),+ }
            }

            pub(crate) const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning),+ }
            }
        }
    };
}

codes! {
    // source
    MissingToken "missing_token" MissingToken "the request carries no token"
    OtherScheme "other_scheme" MissingToken "the request carries credentials of another scheme"
    MalformedHeader "malformed_header" InvalidRequest "the header that carries the token is malformed"
    RepeatedHeader "repeated_header" InvalidRequest "the header that carries the token came more than once"
    MultipleTokens "multiple_tokens" InvalidRequest "the request carries more than one token"
    CrossSite "cross_site" CrossSite "the request is about cookies, and comes from another site"
    InsecureHost "insecure_host" InvalidRequest "cookies without Secure are for loopback hosts only, and the request names another"
    // verify: form
    TokenTooLarge "token_too_large" InvalidToken "the token is larger than 16 KiB"
    MalformedToken "malformed_token" InvalidToken "the token is not three segments of base64url, or five of an encrypted one"
    EncryptedToken "encrypted_token" InvalidToken "the token is encrypted, and no decryption key is configured"
    HeaderTooLarge "header_too_large" InvalidToken "the token's header is larger than 4 KiB"
    InvalidHeader "invalid_header" InvalidToken "the token's header is not a JSON object of the right types"
    DuplicateHeader "duplicate_header_member" InvalidToken "the token's header names a member twice"
    UnsupportedHeader "unsupported_header" InvalidToken "the token's header asks for crit, b64 or zip"
    UnsupportedAlgorithm "unsupported_algorithm" InvalidToken "the token's alg is none or unknown here"
    AlgorithmNotAllowed "algorithm_not_allowed" InvalidToken "the token's alg is not on the verifier's list"
    WrongType "wrong_type" InvalidToken "the token's typ is not that of an access token"
    // verify: key and signature
    UnknownIssuer "unknown_issuer" InvalidToken "the token's iss is not one of the trusted issuers"
    IssuersUnavailable "issuers_unavailable" Unavailable "it cannot be told now whether the token's issuer is trusted"
    KeysUnavailable "keys_unavailable" Unavailable "the issuer's keys could not be fetched, or were fetched too long ago"
    KeyPending "key_pending" Unavailable "no key fits the token, and it cannot be told now whether its issuer has a newer one"
    UnknownKey "unknown_key" InvalidToken "no key has the token's kid"
    AmbiguousKey "ambiguous_key" InvalidToken "several keys fit the token, which names none, or a name that several have"
    AlgorithmMismatch "algorithm_mismatch" InvalidToken "the token's alg is not that of its key"
    BadSignature "bad_signature" InvalidToken "the signature does not match"
    // verify: encrypted tokens
    PlainToken "plain_token" InvalidToken "the token is not encrypted, and the verifier takes encrypted ones only"
    DecryptionFailed "decryption_failed" InvalidToken "the token was encrypted with another key, or changed"
    NotNested "not_nested" InvalidToken "the encrypted token holds no signed token, or does not say cty: JWT"
    HeaderClaimMismatch "header_claim_mismatch" InvalidToken "the encrypted token's header repeats a claim with another value"
    // verify: payload
    InvalidPayload "invalid_payload" InvalidToken "the payload is not one JSON object in UTF-8"
    NestedTooDeep "nested_too_deep" InvalidToken "the payload nests deeper than 128 levels"
    DuplicateClaim "duplicate_claim" InvalidToken "the payload names a claim twice"
    MistypedClaim "mistyped_claim" InvalidToken "a registered or authority claim has the wrong type"
    ClaimsMismatch "claims_mismatch" InvalidToken "the payload does not fit the application's claims type"
    // verify: checks
    OtherTokenKind "other_token_kind" InvalidToken "the token is of another kind, such as an ID token"
    MissingClaim "missing_claim" InvalidToken "a required claim is missing"
    TokenExpired "token_expired" TokenExpired "the token has expired"
    TooOld "too_old" TokenExpired "the token was issued longer ago than the verifier's max age"
    NotYetValid "not_yet_valid" InvalidToken "the token is not valid yet"
    IssuedInFuture "issued_in_future" InvalidToken "the token's iat is in the future"
    IssuerMismatch "issuer_mismatch" InvalidToken "the token's iss is not the configured issuer"
    AudienceMismatch "audience_mismatch" InvalidToken "the token is meant for another audience"
    UnexpectedBinding "unexpected_binding" InvalidToken "the token is bound to a key, and no binding is configured"
    SubjectMismatch "subject_mismatch" InvalidToken "the token's sub does not fit the pattern"
    CheckFailed "check_failed" InvalidToken "the application's own check refused the token"
    // revocation
    TokenRevoked "token_revoked" TokenRevoked "the token was revoked"
    SessionRevoked "session_revoked" TokenRevoked "the token's session was logged out"
    SubjectRevoked "subject_revoked" TokenRevoked "the token's subject was logged out everywhere"
    Unrevocable "unrevocable_token" InvalidToken "the token lacks iss, sub, iat, or both sid and jti, so that nobody could revoke it"
    RevocationsFull "revocations_full" Unavailable "the set of revocations is full"
    // routes
    MalformedBody "malformed_body" InvalidRequest "the body is not one that the route takes"
    InvalidNext "invalid_next" InvalidRequest "next is no path of this site"
    CookieTooLarge "cookie_too_large" Misconfigured "a token makes a cookie larger than the 4096 bytes that browsers take"
    UnknownAddress "unknown_address" Misconfigured "the client's address is unknown, and failed logins are counted by it"
    // session
    MalformedLogin "malformed_login" InvalidRequest "the login lacks a field, or one has the wrong type"
    BadCredentials "bad_credentials" InvalidGrant "no account has this name and these credentials"
    InvalidRefreshToken "invalid_refresh_token" InvalidGrant "the refresh token is not one of ours"
    SessionLost "session_lost" InvalidGrant "the refresh token is genuine, and the store does not know its session"
    SessionEnded "session_ended" InvalidGrant "the session was logged out"
    SessionExpired "session_expired" InvalidGrant "the session was idle for too long, or its time is over"
    SessionTampered "session_tampered" InvalidGrant "the session's record was changed in the store"
    RefreshTokenReused "refresh_token_reused" InvalidGrant "the refresh token was used before, so the session was ended"
    GenerationMoved "generation_moved" InvalidGrant "the subject was logged out everywhere"
    SubjectGone "subject_gone" InvalidGrant "the accounts no longer know the subject"
    WrongTransport "wrong_transport" InvalidRequest "the refresh token came by another way than its session's"
    ScopeWidened "scope_widened" InvalidScope "the request asks for a scope that the login did not grant"
    TooManyLogins "too_many_logins" TooManyAttempts "too many logins failed for this account from this address"
    StoreUnavailable "store_unavailable" Unavailable "the store did not answer"
    AccountsUnavailable "accounts_unavailable" Unavailable "the application's accounts did not answer"
    RefreshContended "refresh_contended" Unavailable "other requests changed the session meanwhile"
    KeysStale "keys_stale" Unavailable "our keys were not read from their store for too long"
    // guard
    RuleDenied "rule_denied" InsufficientScope "the subject may not do this"
    ScopeMissing "scope_missing" InsufficientScope "the token lacks a scope"
    // wiring
    MissingLayer "missing_layer" Misconfigured "a guard or an extractor runs outside any JwtAuthLayer"
    UnsignableClaims "unsignable_claims" Misconfigured "the accounts' claims cannot be put into a token"
    WrongClaimsType "wrong_claims_type" Misconfigured "the handler asks for other claims than the layer made"
}

impl From<Code> for AuthError {
    fn from(code: Code) -> Self {
        Self::new(code)
    }
}

/// What is wrong with a configuration, and what to write instead.
///
/// The message names the setting, what was given and what is allowed. It never holds a secret.
///
/// ```
/// use jwtower::{Algorithm, Secret};
///
/// let error = Secret::from_bytes(Algorithm::HS256, b"secret").unwrap_err();
/// assert_eq!(error.setting(), "secret");
/// assert!(error.to_string().contains("32 bytes"));
/// ```
#[derive(thiserror::Error, Debug)]
#[error("{setting}: {problem}")]
pub struct ConfigError {
    setting: &'static str,
    problem: Cow<'static, str>,
}

impl ConfigError {
    pub(crate) fn new(setting: &'static str, problem: impl Into<Cow<'static, str>>) -> Self {
        Self { setting, problem: problem.into() }
    }

    /// The name of the setting that is wrong, such as `audience` or `secret`.
    #[must_use]
    pub fn setting(&self) -> &'static str {
        self.setting
    }
}

/// Any error of the application's own.
pub type BoxError = Box<dyn error::Error + Send + Sync>;

/// A store that did not do what it was asked; [`source`](error::Error::source) says why.
///
/// ```
/// use std::{error::Error, io};
/// use jwtower::StoreError;
///
/// let error = StoreError::new("read a session", io::Error::other("the disk is gone"));
/// assert_eq!(error.to_string(), "the store could not read a session");
/// assert_eq!(error.source().unwrap().to_string(), "the disk is gone");
/// ```
#[derive(thiserror::Error, Debug)]
#[error("the store could not {operation}")]
pub struct StoreError {
    operation: &'static str,
    source: Box<dyn error::Error + Send + Sync>,
}

impl StoreError {
    /// An error of the operation, such as `read a session`.
    pub fn new(operation: &'static str, source: impl Into<Box<dyn error::Error + Send + Sync>>) -> Self {
        Self { operation, source: source.into() }
    }
}

/// What a JSON value is, for a message that must not hold the value.
pub(crate) fn json_kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_stands_in_the_guide_with_its_public_code_and_meaning() {
        let guide = include_str!("../docs/errors.md");
        for code in Code::ALL {
            let row = format!("| `{}` | `{}` | {} |", code.name(), code.kind().public_code(), code.meaning());
            assert!(guide.contains(&row), "docs/errors.md lacks the row\n{row}");
        }
    }
}
