//! Verifying a token, step by step.

use std::{fmt, sync::Arc};

use futures_util::future::join_all;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{
    builder::VerifierBuilder,
    compact::{Compact, Form},
    depth,
    encrypted::{Decrypt, check_replicated},
    header::Header,
    issuers::Issuers,
    payload, peek,
    policy::Policy,
    untyped::{Shared, UntypedVerifier},
    verdict::{Stop, Verdict},
};
use crate::{
    claims::{RegisteredClaims, Verified},
    error::{AuthError, Code},
    keys::{Ask, KeyMiss, KeySource, KeyStatus, base64url},
};

/// The longest signature, in bytes: RSA with 8192 bits.
const MAX_SIGNATURE: usize = 1024;

/// Turns a token into claims, or says why not.
///
/// It is made by a [builder](Verifier::builder) that cannot forget keys, issuer or audience, and works
/// anywhere: in a layer, on a job queue, on a WebSocket message. It is cheap to clone. Of [`Issuers`], each of
/// which has a verifier of its own, it is made by `Verifier::from`.
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

enum Inner<C> {
    One(One<C>),
    /// None of them is several itself.
    Many(Issuers<C>),
}

/// The verifier of one issuer's tokens.
struct One<C> {
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
        Self(Arc::new(Inner::One(One { untyped, checks })))
    }

    /// The issuer whose tokens it takes; none where it takes those of any, or of several.
    pub(super) fn issuer(&self) -> Option<&str> {
        match &*self.0 {
            Inner::One(one) => one.untyped.shared().policy.issuer.as_deref(),
            Inner::Many(_) => None,
        }
    }

    /// Its keys; none where each issuer has its own.
    #[cfg(test)]
    pub(super) fn keys(&self) -> Option<&KeySource> {
        match &*self.0 {
            Inner::One(one) => Some(one.keys()),
            Inner::Many(_) => None,
        }
    }

    /// What opens the encrypted ones among its tokens.
    pub(super) fn decryption(&self) -> Option<&Arc<dyn Decrypt>> {
        match &*self.0 {
            Inner::One(one) => one.untyped.shared().policy.encryption.keys(),
            Inner::Many(_) => None,
        }
    }

    pub(super) fn is_of_several(&self) -> bool {
        matches!(&*self.0, Inner::Many(_))
    }
}

impl<C> Verifier<C> {
    /// What is known of the keys of each issuer that publishes them elsewhere; empty where all keys are here.
    #[must_use]
    pub fn key_status(&self) -> Vec<KeyStatus> {
        let mut all = self.of_each(&|one| {
            let mut status = one.keys().status()?;
            status.issuer =
                one.untyped.shared().policy.issuer.as_deref().map(str::to_owned).or(status.issuer);
            Some(status)
        });
        all.sort_by(|one, other| one.issuer.cmp(&other.issuer));
        all
    }

    /// Waits until the keys of each issuer that publishes them elsewhere are here.
    ///
    /// It need not be called: keys that are missing are fetched for the first token that needs them. Where it is
    /// called before a service takes requests, the first of them do not wait. A service that starts while its
    /// provider is away takes the error for a warning: requests are answered with 503 until the keys are there.
    ///
    /// # Errors
    ///
    /// Keys that could not be fetched; [`key_status`](Self::key_status) says why. Of several issuers, all are
    /// waited for all the same.
    pub async fn ready(&self) -> Result<(), AuthError> {
        let waits = self.of_each(&|one| one.keys().ready()).into_iter().map(|waiting| waiting.over);
        join_all(waits).await.into_iter().collect()
    }

    fn of_each<T>(&self, ask: &dyn Fn(&One<C>) -> Option<T>) -> Vec<T> {
        match &*self.0 {
            Inner::One(one) => ask(one).into_iter().collect(),
            Inner::Many(issuers) => {
                let verifiers = issuers.verifiers();
                verifiers.iter().flat_map(|verifier| verifier.of_each(ask)).collect()
            }
        }
    }
}

impl<C: DeserializeOwned> Verifier<C> {
    /// Verifies a token, at once.
    ///
    /// Where keys would have to be fetched first, it does not wait: the error is `keys_unavailable` or
    /// `key_pending`, of kind [`Unavailable`](crate::ErrorKind::Unavailable).
    /// [`JwtAuthLayer::authenticate`](crate::JwtAuthLayer::authenticate) waits. Nor is an issuer looked up: the
    /// error is `issuers_unavailable`, of the same kind, until a token that could wait has had that done.
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
        match self.judge(token) {
            Verdict::Done(outcome) => outcome,
            Verdict::Wait(waiting) => Err(waiting.late),
        }
    }

    /// The verdict on a token; where keys have to be fetched first, what to wait for.
    pub(crate) fn judge(&self, token: &str) -> Verdict<C> {
        self.check_token(token).into()
    }

    fn check_token(&self, token: &str) -> Result<Verified<C>, Stop> {
        // 1. Its form: size, segments, alphabet (RFC 7515 §7.1, RFC 8725bis §3.14).
        match Form::of(token)? {
            Form::Signed(compact) => self.check_compact(compact),
            Form::Longer => self.check_encrypted(token),
        }
    }

    fn check_encrypted(&self, token: &str) -> Result<Verified<C>, Stop> {
        match &*self.0 {
            Inner::One(one) => one.check_encrypted(token),
            Inner::Many(issuers) => issuers.check_encrypted(token),
        }
    }

    /// Judges what was in an encrypted token of its issuer.
    pub(super) fn check_opened(
        &self,
        token: &str,
        replicated: &Map<String, Value>,
    ) -> Result<Verified<C>, Stop> {
        match &*self.0 {
            Inner::One(one) => one.check_opened(token, replicated),
            // None of several is several itself.
            Inner::Many(_) => Err(Code::UnknownIssuer.into()),
        }
    }

    fn check_compact(&self, compact: Compact<'_>) -> Result<Verified<C>, Stop> {
        match &*self.0 {
            Inner::One(one) => one.check_plain(compact),
            // Whose it says it is chooses who judges it, and is believed of nothing else (RFC 8725 §3.8).
            Inner::Many(issuers) => issuers.choose(compact, Self::check_compact),
        }
    }
}

impl<C> One<C> {
    fn keys(&self) -> &KeySource {
        &self.untyped.shared().keys
    }
}

impl<C: DeserializeOwned> One<C> {
    fn check_plain(&self, compact: Compact<'_>) -> Result<Verified<C>, Stop> {
        self.untyped.shared().policy.encryption.allow_plain()?;
        self.check(compact)
    }

    /// Opens the envelope, and judges the token inside as any other (RFC 7519 §7.2): that it was encrypted proves
    /// nothing.
    fn check_encrypted(&self, token: &str) -> Result<Verified<C>, Stop> {
        let keys = self.untyped.shared().policy.encryption.keys().ok_or_else(|| Form::refusal(token))?;
        let (inside, replicated) = keys.decrypt(token)?;
        self.check_opened(&inside, &replicated)
    }

    fn check_opened(&self, token: &str, replicated: &Map<String, Value>) -> Result<Verified<C>, Stop> {
        let compact = Compact::nested(token)?;
        let verified = self.check(compact)?;
        check_replicated(replicated, verified.registered())?;
        Ok(verified)
    }

    fn check(&self, compact: Compact<'_>) -> Result<Verified<C>, Stop> {
        let Shared { keys, policy, first_header } = self.untyped.shared();

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
        let current = keys.current();
        let found = match current.set() {
            Some(set) => set.find(header.kid.as_deref(), header.algorithm),
            None => Err(KeyMiss::UnknownKid),
        };
        let key = match found {
            Ok(key) => key,
            Err(miss) => return Err(without_key(keys, policy, header, compact, miss)),
        };

        // 6. Its signature, before any claim is believed (RFC 7515 §5.2).
        let mut signature = [0; MAX_SIGNATURE];
        let signature =
            base64url::decode_into(compact.signature, &mut signature).ok_or(Code::MalformedToken)?;
        if !key.verify(compact.signed, signature) {
            return Err(Code::BadSignature.into());
        }
        first_header.get_or_init(|| (compact.header.into(), header.clone()));

        // 7. Its payload: UTF-8 and one JSON object, read once (RFC 7519 §7.2).
        let payload = compact.into_payload()?;
        if !depth::is_bounded(&payload) {
            return Err(Code::NestedTooDeep.into());
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
        if !self.checks.iter().all(|check| check(&verified)) {
            return Err(Code::CheckFailed.into());
        }
        Ok(verified)
    }
}

/// What becomes of a token whose key is not there.
fn without_key(
    keys: &KeySource,
    policy: &Policy,
    header: &Header,
    mut compact: Compact<'_>,
    miss: KeyMiss,
) -> Stop {
    let code = match miss {
        KeyMiss::UnknownKid => Code::UnknownKey,
        KeyMiss::AlgorithmMismatch => Code::AlgorithmMismatch,
        KeyMiss::Ambiguous => return Code::AmbiguousKey.into(),
    };
    // Nobody is asked for keys because of a token that says itself that it is somebody else's.
    if let (true, Some(ours)) = (keys.is_elsewhere(), policy.issuer.as_deref()) {
        match compact.payload().and_then(peek::issuer_of) {
            Ok(Some(issuer)) if issuer == ours => {}
            Ok(_) => return Code::IssuerMismatch.into(),
            Err(code) => return code.into(),
        }
    }
    match keys.ask(header.kid.as_deref(), header.algorithm) {
        Ask::Absent => code.into(),
        Ask::Wait(waiting) => Stop::Wait(waiting),
        Ask::Unavailable(error) => Stop::Refused(error),
    }
}

impl<C> From<Issuers<C>> for Verifier<C> {
    /// The verifier of all their tokens; what is trusted and distrusted later counts for it too.
    fn from(issuers: Issuers<C>) -> Self {
        Self(Arc::new(Inner::Many(issuers)))
    }
}

impl<C> Clone for Verifier<C> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<C> fmt::Debug for Verifier<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Inner::One(one) => one.untyped.fmt(f),
            Inner::Many(issuers) => issuers.fmt(f),
        }
    }
}
