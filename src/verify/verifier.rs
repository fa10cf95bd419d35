//! Verifying a token, step by step.

use std::{fmt, sync::Arc};

use serde::de::DeserializeOwned;

use super::{
    builder::VerifierBuilder,
    compact::Compact,
    depth,
    header::Header,
    payload,
    untyped::{Shared, UntypedVerifier},
};
use crate::{
    claims::{RegisteredClaims, Verified},
    error::{AuthError, Code},
    keys::{KeyMiss, base64url},
};

/// The longest signature, in bytes: RSA with 8192 bits.
const MAX_SIGNATURE: usize = 1024;

/// Turns a token into claims, or says why not.
///
/// It is made by a [builder](Verifier::builder) that cannot forget keys, issuer or audience, and works
/// anywhere: in a layer, on a job queue, on a WebSocket message. It is cheap to clone.
///
/// ```
/// use jwtower::{Algorithm, Issuer, Secret, Verifier};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// #[derive(serde::Serialize, serde::Deserialize)]
/// struct User { name: String }
///
/// let secret = Secret::generate(Algorithm::HS256)?;
/// let issuer = Issuer::builder().key(&secret).issuer("me").audience("jobs").build()?;
/// let token = issuer.sign("u-1", &User { name: "Alice".into() })?;
///
/// let verifier = Verifier::<User>::builder().keys(&secret).issuer("me").audience("jobs").build()?;
/// let user = verifier.verify(token.secret())?;
/// assert_eq!(user.name, "Alice");
/// # Ok(())
/// # }
/// ```
pub struct Verifier<C>(Arc<Inner<C>>);

struct Inner<C> {
    untyped: UntypedVerifier,
    checks: Vec<Check<C>>,
}

/// The application's own check.
pub(super) type Check<C> = Box<dyn Fn(&Verified<C>) -> bool + Send + Sync>;

impl<C> Verifier<C> {
    /// Starts a verifier; see [`VerifierBuilder`].
    pub fn builder() -> VerifierBuilder<C> {
        VerifierBuilder::new()
    }

    pub(super) fn new(untyped: UntypedVerifier, checks: Vec<Check<C>>) -> Self {
        Self(Arc::new(Inner { untyped, checks }))
    }
}

impl<C: DeserializeOwned> Verifier<C> {
    /// Verifies a token.
    ///
    /// # Errors
    ///
    /// The first step that the token fails; see [the guide to errors](crate::guide::errors).
    ///
    /// # Security
    ///
    /// The result says that the token is genuine and meant for us, not that it was not revoked. That is asked
    /// by [`JwtAuthLayer::authenticate`](crate::JwtAuthLayer::authenticate) and
    /// [`Revocations::check`](crate::revocation::Revocations::check).
    pub fn verify(&self, token: &str) -> Result<Verified<C>, AuthError> {
        self.check_token(token).map_err(AuthError::new)
    }

    fn check_token(&self, token: &str) -> Result<Verified<C>, Code> {
        let Inner { untyped, checks } = &*self.0;
        let Shared { keys, policy, first_header } = untyped.shared();

        // 1. Its form: size, segments, alphabet (RFC 7515 §7.1, RFC 8725bis §3.14).
        let compact = Compact::split(token)?;

        // 2. Its header, of which only alg, kid and typ count (RFC 7515 §4, §5.2).
        let read;
        let header = match first_header.get() {
            Some((segment, header)) if **segment == *compact.header => header,
            _ => {
                read = Header::decode(compact.header)?;
                &read
            }
        };

        // 3. Its kind (RFC 8725 §3.11).
        policy.check_kind(header.kind)?;

        // 4. Its algorithm, where the application listed some (RFC 8725 §3.1).
        policy.check_algorithm(header.algorithm)?;

        // 5. The one key that may have signed it, and that key's one algorithm (RFC 8725 §3.1, §3.8). Keys that
        //    change are looked at once, so that one set judges the token.
        let keys = keys.current();
        let key = keys.find(header.kid.as_deref(), header.algorithm).map_err(|miss| match miss {
            KeyMiss::UnknownKid => Code::UnknownKey,
            KeyMiss::Ambiguous => Code::AmbiguousKey,
            KeyMiss::AlgorithmMismatch => Code::AlgorithmMismatch,
        })?;

        // 6. Its signature, before any claim is believed (RFC 7515 §5.2).
        let mut signature = [0; MAX_SIGNATURE];
        let signature =
            base64url::decode_into(compact.signature, &mut signature).ok_or(Code::MalformedToken)?;
        if !key.verify(compact.signed, signature) {
            return Err(Code::BadSignature);
        }
        first_header.get_or_init(|| (compact.header.into(), header.clone()));

        // 7. Its payload: UTF-8 and one JSON object, read once (RFC 7519 §7.2).
        let payload = base64url::decode(compact.payload).ok_or(Code::MalformedToken)?;
        let payload = String::from_utf8(payload).map_err(|_| Code::InvalidPayload)?;
        if !depth::is_bounded(&payload) {
            return Err(Code::NestedTooDeep);
        }
        let (found, claims) = payload::parse::<C>(&payload, &policy.interests)?;

        // 8. Its claims: kind, time, issuer (RFC 7519 §4.1), then what the application's type says, then
        //    audience, binding and the rest.
        let expires_at = policy.check_time_and_issuer(header.kind, &found, &payload)?;
        let claims = claims?;
        policy.check_claims(&found, &payload)?;

        // 9. What the application asks beyond that.
        let registered = RegisteredClaims::new(payload, found.registered, expires_at);
        let verified = Verified::new(registered, found.authorities, claims);
        if !checks.iter().all(|check| check(&verified)) {
            return Err(Code::CheckFailed);
        }
        Ok(verified)
    }
}

impl<C> Clone for Verifier<C> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<C> fmt::Debug for Verifier<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.untyped.fmt(f)
    }
}
