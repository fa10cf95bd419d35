//! Building a verifier.

use std::{fmt, marker::PhantomData, sync::Arc, time::Duration};

use super::{
    encrypted::Encryption,
    policy::Profile,
    settings::Settings,
    typestate::{AudienceGiven, HasAudience, HasIssuer, HasKeys, IssuerGiven, KeysGiven, Missing},
    untyped::UntypedVerifier,
    verifier::{Check, Verifier},
};
use crate::{
    claims::{AuthorityMap, Verified},
    clock::Clock,
    error::ConfigError,
    keys::{Algorithm, KeySource},
};

/// Builds a [`Verifier`]; it cannot be built without keys, issuer and audience.
///
/// ```
/// use jwtower::{Algorithm, NoClaims, Secret, Verifier};
///
/// let secret = Secret::generate(Algorithm::HS256)?;
/// let verifier = Verifier::<NoClaims>::builder()
///     .keys(&secret)
///     .issuer("https://login.example.com")
///     .audience("https://api.example.com")
///     .build()?;
/// # Ok::<(), jwtower::ConfigError>(())
/// ```
///
/// ```compile_fail
/// # use jwtower::{Algorithm, NoClaims, Secret, Verifier};
/// # let secret = Secret::generate(Algorithm::HS256)?;
/// // This verifier has no audience yet.
/// let verifier = Verifier::<NoClaims>::builder().keys(&secret).issuer("https://login.example.com").build()?;
/// # Ok::<(), jwtower::ConfigError>(())
/// ```
#[must_use = "a builder does nothing until `.build()`"]
pub struct VerifierBuilder<C, K = Missing, I = Missing, A = Missing> {
    keys: K,
    issuer: PhantomData<I>,
    audience: PhantomData<A>,
    settings: Settings,
    checks: Vec<Check<C>>,
}

impl<C> VerifierBuilder<C> {
    pub(super) fn new() -> Self {
        Self {
            keys: Missing::new(),
            issuer: PhantomData,
            audience: PhantomData,
            settings: Settings::new(),
            checks: Vec::new(),
        }
    }
}

impl<C, K, I, A> VerifierBuilder<C, K, I, A> {
    /// The keys that may have signed: a [`KeySet`](crate::keys::KeySet), a `&Secret`, a `&SigningKey`, or any
    /// other [`KeySource`].
    pub fn keys(self, keys: impl Into<KeySource>) -> VerifierBuilder<C, KeysGiven, I, A> {
        let Self { issuer, audience, settings, checks, .. } = self;
        VerifierBuilder { keys: KeysGiven(keys.into()), issuer, audience, settings, checks }
    }

    /// The `iss` that tokens must carry, compared byte by byte (RFC 7519 §4.1.1).
    pub fn issuer(mut self, issuer: impl Into<String>) -> VerifierBuilder<C, K, IssuerGiven, A> {
        self.settings.issuer = Some(issuer.into());
        self.with_issuer()
    }

    /// The name of this service, which `aud` must contain (RFC 7519 §4.1.3).
    ///
    /// A second call adds another name; one of them is then enough.
    pub fn audience(self, audience: impl Into<String>) -> VerifierBuilder<C, K, I, AudienceGiven> {
        self.audiences([audience])
    }

    /// The names of this service, of which `aud` must contain at least one.
    pub fn audiences<T: Into<String>>(
        mut self,
        audiences: impl IntoIterator<Item = T>,
    ) -> VerifierBuilder<C, K, I, AudienceGiven> {
        self.settings.audiences.extend(audiences.into_iter().map(Into::into));
        self.with_audience()
    }

    /// Checks another claim too, for providers whose access tokens have no `aud`: AWS Cognito's carry the
    /// application as `client_id`.
    ///
    /// A token that has an `aud` all the same is refused, unless [`audience`](Self::audience) names it.
    pub fn audience_claim(
        mut self,
        claim: impl Into<String>,
        value: impl Into<String>,
    ) -> VerifierBuilder<C, K, I, AudienceGiven> {
        self.settings.audience_claim = Some((claim.into(), value.into()));
        self.with_audience()
    }

    /// Opens the door to verifiers that ask less than they should.
    pub fn dangerous(self) -> Dangerous<Self> {
        Dangerous(self)
    }

    /// Accepts these algorithms only; keys of others are not used.
    ///
    /// Without it every key's own algorithm counts, which is exactly one per key. Of keys that change while the
    /// verifier is in use, one must fit when the verifier is built.
    pub fn algorithms(mut self, algorithms: impl IntoIterator<Item = Algorithm>) -> Self {
        self.settings.algorithms = Some(algorithms.into_iter().collect());
        self
    }

    /// Takes plain tokens beside encrypted ones, as while an issuer begins to encrypt.
    ///
    /// It is for verifiers that `decrypt_with`, which refuses plain tokens otherwise.
    pub fn accept_plain(mut self) -> Self {
        self.settings.plain_too = true;
        self
    }

    /// Demands the profile of RFC 9068: `typ` is `at+jwt`, and `sub`, `client_id`, `iat` and `jti` are there.
    pub fn rfc9068(mut self) -> Self {
        self.settings.profile = Profile::Rfc9068;
        self.required_claims(["sub", "client_id", "iat", "jti"])
    }

    /// How far clocks may differ; 60 seconds unless told, 10 minutes at most.
    pub fn leeway(mut self, leeway: Duration) -> Self {
        self.settings.leeway = leeway;
        self
    }

    /// Refuses tokens that were issued longer ago than this, whatever their `exp`; `iat` is then required.
    pub fn max_age(mut self, age: Duration) -> Self {
        self.settings.max_age = Some(age);
        self
    }

    /// Refuses tokens that lack one of these top-level claims; `null` counts as there.
    pub fn required_claims<'a>(mut self, names: impl IntoIterator<Item = &'a str>) -> Self {
        for name in names {
            if !self.settings.required.iter().any(|known| **known == *name) {
                self.settings.required.push(name.into());
            }
        }
        self
    }

    /// Refuses tokens whose `sub` does not fit; `*` stands for any text, as in `user:*` (RFC 8725 §3.8).
    ///
    /// A second call adds another pattern; `sub` must then fit both.
    pub fn subject_pattern(mut self, pattern: &str) -> Self {
        self.settings.subjects.push(pattern.into());
        self
    }

    /// Where roles, permissions and scopes stand in the token.
    pub fn authorities(mut self, map: AuthorityMap) -> Self {
        self.settings.authorities = map;
        self
    }

    /// Asks the application last: a token for which `check` returns `false` is refused.
    ///
    /// A second call adds another check. A panic in one is not caught.
    ///
    /// ```
    /// # use jwtower::{Algorithm, Secret, Verifier};
    /// # let secret = Secret::generate(Algorithm::HS256)?;
    /// #[derive(serde::Deserialize)]
    /// struct User { tenant: String }
    ///
    /// let verifier = Verifier::<User>::builder()
    ///     .keys(&secret)
    ///     .issuer("https://login.example.com")
    ///     .audience("https://api.example.com")
    ///     .check(|token| token.tenant == "acme")
    ///     .build()?;
    /// # Ok::<(), jwtower::ConfigError>(())
    /// ```
    pub fn check(mut self, check: impl Fn(&Verified<C>) -> bool + Send + Sync + 'static) -> Self {
        self.checks.push(Box::new(check));
        self
    }

    /// Where the time comes from.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.settings.clock = Arc::new(clock);
        self
    }

    /// Builds the verifier.
    ///
    /// # Errors
    ///
    /// An empty issuer or audience, no key that fits the algorithms, a leeway above 10 minutes, a pattern or a
    /// claim name that is empty, or `accept_plain` where no key decrypts.
    pub fn build(self) -> Result<Verifier<C>, ConfigError>
    where
        K: HasKeys,
        I: HasIssuer,
        A: HasAudience,
    {
        Ok(Verifier::new(self.settings.build(self.keys.into_keys())?, self.checks))
    }

    /// Builds a verifier whose claims type is chosen later.
    ///
    /// # Errors
    ///
    /// As [`build`](Self::build), and if there are checks, which are written for one claims type.
    pub(crate) fn build_untyped(self) -> Result<UntypedVerifier, ConfigError>
    where
        K: HasKeys,
        I: HasIssuer,
        A: HasAudience,
    {
        if self.checks.is_empty() {
            self.settings.build(self.keys.into_keys())
        } else {
            let problem = "it is written for one claims type, and this verifier is to serve any; give none";
            Err(ConfigError::new("check", problem))
        }
    }

    /// Whether tokens come encrypted; `decrypt_with` of the feature `jwe` says so.
    pub(crate) fn encryption(mut self, encryption: Encryption) -> Self {
        self.settings.encryption = encryption;
        self
    }

    /// Accepts ID tokens, and no access tokens; see [`Profile::IdToken`].
    #[cfg_attr(not(feature = "jwks-client"), allow(dead_code, reason = "only a preset asks for it"))]
    pub(super) fn id_tokens(mut self) -> Self {
        self.settings.profile = Profile::IdToken;
        self.settings.id_tokens = true;
        self.required_claims(["sub", "azp", "iat"])
    }

    fn with_issuer(self) -> VerifierBuilder<C, K, IssuerGiven, A> {
        let Self { keys, audience, settings, checks, .. } = self;
        VerifierBuilder { keys, issuer: PhantomData, audience, settings, checks }
    }

    fn with_audience(self) -> VerifierBuilder<C, K, I, AudienceGiven> {
        let Self { keys, issuer, settings, checks, .. } = self;
        VerifierBuilder { keys, issuer, audience: PhantomData, settings, checks }
    }
}

/// A builder behind the door: each method gives up a check that RFC 8725 asks for.
///
/// ```
/// # use jwtower::{Algorithm, NoClaims, Secret, Verifier};
/// # let secret = Secret::generate(Algorithm::HS256)?;
/// // Tokens of a provider that writes no `aud` at all, and of which this is the only service.
/// let verifier = Verifier::<NoClaims>::builder()
///     .keys(&secret)
///     .issuer("https://login.example.com")
///     .dangerous()
///     .any_audience()
///     .build()?;
/// # Ok::<(), jwtower::ConfigError>(())
/// ```
#[must_use = "choose what to give up"]
pub struct Dangerous<B>(B);

impl<C, K, I, A> Dangerous<VerifierBuilder<C, K, I, A>> {
    /// Accepts tokens that were meant for any service, or for none.
    ///
    /// # Security
    ///
    /// Whoever holds a token of another service of the same issuer can use it here (RFC 8725 §3.9).
    pub fn any_audience(mut self) -> VerifierBuilder<C, K, I, AudienceGiven> {
        self.0.settings.any_audience = true;
        self.0.with_audience()
    }

    /// Accepts tokens of any issuer, or without one, as long as one of the keys signed them.
    ///
    /// # Security
    ///
    /// `sub` is unique only within an issuer: users of two issuers can then be taken for each other
    /// (RFC 8725 §3.8).
    pub fn any_issuer(mut self) -> VerifierBuilder<C, K, IssuerGiven, A> {
        self.0.settings.any_issuer = true;
        self.0.with_issuer()
    }
}

impl<C, K, I, A> fmt::Debug for VerifierBuilder<C, K, I, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifierBuilder").finish_non_exhaustive()
    }
}

impl<B> fmt::Debug for Dangerous<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dangerous").finish_non_exhaustive()
    }
}
