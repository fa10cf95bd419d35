//! Building a verifier.

use std::{fmt, marker::PhantomData, sync::Arc, time::Duration};

use super::{
    capture::Interests,
    mistakes::{self, SlashWarning},
    policy::{Policy, Profile},
    subject::SubjectPattern,
    typestate::{Audience, AudienceGiven, HasAudience, HasIssuer, HasKeys, IssuerGiven, KeysGiven, Missing},
    verifier::{Check, Verifier},
};
use crate::{
    claims::{AuthorityMap, Verified},
    clock::{Clock, SystemClock},
    error::ConfigError,
    keys::{Algorithm, KeySet},
};

/// Clocks that differ by more than this are broken, and no leeway mends that.
const MAX_LEEWAY: Duration = Duration::from_secs(600);

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
    issuer: I,
    audience: A,
    settings: Settings<C>,
}

struct Settings<C> {
    algorithms: Option<Vec<Algorithm>>,
    profile: Profile,
    leeway: Duration,
    max_age: Option<Duration>,
    required: Vec<Box<str>>,
    subject: Option<Box<str>>,
    authorities: AuthorityMap,
    check: Option<Check<C>>,
    clock: Arc<dyn Clock>,
    claims: PhantomData<fn() -> C>,
}

impl<C> VerifierBuilder<C> {
    pub(super) fn new() -> Self {
        Self {
            keys: Missing::new(),
            issuer: Missing::new(),
            audience: Missing::new(),
            settings: Settings {
                algorithms: None,
                profile: Profile::default(),
                leeway: Duration::from_secs(60),
                max_age: None,
                required: Vec::new(),
                subject: None,
                authorities: AuthorityMap::new(),
                check: None,
                clock: Arc::new(SystemClock),
                claims: PhantomData,
            },
        }
    }
}

impl<C, K, I, A> VerifierBuilder<C, K, I, A> {
    /// The keys that may have signed: a [`KeySet`], a `&Secret` or a `&SigningKey`.
    pub fn keys(self, keys: impl Into<KeySet>) -> VerifierBuilder<C, KeysGiven, I, A> {
        let Self { issuer, audience, settings, .. } = self;
        VerifierBuilder { keys: KeysGiven(keys.into()), issuer, audience, settings }
    }

    /// The `iss` that tokens must carry, compared byte by byte (RFC 7519 §4.1.1).
    pub fn issuer(self, issuer: impl Into<String>) -> VerifierBuilder<C, K, IssuerGiven, A> {
        self.with_issuer(IssuerGiven(Some(issuer.into())))
    }

    /// The name of this service, which `aud` must contain (RFC 7519 §4.1.3).
    pub fn audience(self, audience: impl Into<String>) -> VerifierBuilder<C, K, I, AudienceGiven> {
        self.audiences([audience])
    }

    /// The names of this service, of which `aud` must contain at least one.
    pub fn audiences<T: Into<String>>(
        self,
        audiences: impl IntoIterator<Item = T>,
    ) -> VerifierBuilder<C, K, I, AudienceGiven> {
        let audiences = audiences.into_iter().map(Into::into).collect();
        self.with_audience(AudienceGiven(Audience::OneOf(audiences)))
    }

    /// Checks another claim in place of `aud`, for providers whose access tokens have none: AWS Cognito's
    /// carry the application as `client_id`.
    pub fn audience_claim(
        self,
        claim: impl Into<String>,
        value: impl Into<String>,
    ) -> VerifierBuilder<C, K, I, AudienceGiven> {
        self.with_audience(AudienceGiven(Audience::InClaim(claim.into(), value.into())))
    }

    /// Opens the door to verifiers that ask less than they should.
    pub fn dangerous(self) -> Dangerous<Self> {
        Dangerous(self)
    }

    /// Accepts these algorithms only; keys of others are not used.
    ///
    /// Without it every key's own algorithm counts, which is exactly one per key.
    pub fn algorithms(mut self, algorithms: impl IntoIterator<Item = Algorithm>) -> Self {
        self.settings.algorithms = Some(algorithms.into_iter().collect());
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

    /// Refuses tokens that lack one of these top-level claims.
    pub fn required_claims<'a>(mut self, names: impl IntoIterator<Item = &'a str>) -> Self {
        for name in names {
            if !self.settings.required.iter().any(|known| **known == *name) {
                self.settings.required.push(name.into());
            }
        }
        self
    }

    /// Refuses tokens whose `sub` does not fit; `*` stands for any text, as in `user:*` (RFC 8725 §3.8).
    pub fn subject_pattern(mut self, pattern: &str) -> Self {
        self.settings.subject = Some(pattern.into());
        self
    }

    /// Where roles, permissions and scopes stand in the token.
    pub fn authorities(mut self, map: AuthorityMap) -> Self {
        self.settings.authorities = map;
        self
    }

    /// Asks the application last: a token for which `check` returns `false` is refused.
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
        self.settings.check = Some(Box::new(check));
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
    /// claim name that is empty.
    pub fn build(self) -> Result<Verifier<C>, ConfigError>
    where
        K: HasKeys,
        I: HasIssuer,
        A: HasAudience,
    {
        let keys = self.keys.into_keys();
        let issuer = self.issuer.into_issuer();
        self.settings.build(keys, issuer, self.audience.into_audience().0)
    }

    fn with_issuer(self, issuer: IssuerGiven) -> VerifierBuilder<C, K, IssuerGiven, A> {
        let Self { keys, audience, settings, .. } = self;
        VerifierBuilder { keys, issuer, audience, settings }
    }

    fn with_audience(self, audience: AudienceGiven) -> VerifierBuilder<C, K, I, AudienceGiven> {
        let Self { keys, issuer, settings, .. } = self;
        VerifierBuilder { keys, issuer, audience, settings }
    }
}

impl<C> Settings<C> {
    fn build(
        self,
        keys: KeySet,
        issuer: Option<String>,
        audience: Audience,
    ) -> Result<Verifier<C>, ConfigError> {
        let issuer = issuer.map(|issuer| non_empty("issuer", issuer)).transpose()?;
        issuer.as_deref().map_or(Ok(()), mistakes::check_issuer)?;
        let (audiences, audience_claim) = match audience {
            Audience::Any => (None, None),
            Audience::InClaim(claim, value) => {
                (Some(vec![non_empty("audience", value)?]), Some(non_empty("audience_claim", claim)?))
            }
            Audience::OneOf(names) if names.is_empty() => {
                return Err(ConfigError::new("audiences", "the list is empty; name this service"));
            }
            Audience::OneOf(names) => {
                let names = names.into_iter().map(|name| non_empty("audience", name));
                (Some(names.collect::<Result<Vec<_>, _>>()?), None)
            }
        };
        for audience in audiences.iter().flatten() {
            mistakes::warn_of_audience(audience, issuer.as_deref());
        }
        if self.leeway > MAX_LEEWAY {
            let problem = format!("{:?} was given, and 10 minutes are allowed; set the clocks", self.leeway);
            return Err(ConfigError::new("leeway", problem));
        }
        if self.max_age.is_some_and(|age| age.is_zero()) {
            return Err(ConfigError::new("max_age", "zero refuses every token; give a duration"));
        }
        if self.required.iter().any(|name| name.is_empty()) || self.required.len() > Interests::MAX_REQUIRED {
            return Err(ConfigError::new("required_claims", "give at most 64 names, none of them empty"));
        }
        let keys = match &self.algorithms {
            None => keys,
            Some(listed) => keys.with_algorithms(listed)?,
        };
        let policy = Policy {
            issuer,
            slash_warning: SlashWarning::default(),
            audiences,
            algorithms: self.algorithms,
            interests: Interests { authorities: self.authorities, audience_claim, required: self.required },
            profile: self.profile,
            leeway: self.leeway.as_secs_f64(),
            max_age: self.max_age.map(|age| age.as_secs_f64()),
            subject: self.subject.as_deref().map(SubjectPattern::parse).transpose()?,
            clock: self.clock,
        };
        Ok(Verifier::new(keys, policy, self.check))
    }
}

fn non_empty(setting: &'static str, value: String) -> Result<Box<str>, ConfigError> {
    if value.trim().is_empty() {
        return Err(ConfigError::new(
            setting,
            format!("{value:?} names nothing; write what the tokens carry"),
        ));
    }
    Ok(value.into())
}

/// A builder behind the door: each method gives up a check that RFC 8725 asks for.
#[must_use = "choose what to give up"]
pub struct Dangerous<B>(B);

impl<C, K, I, A> Dangerous<VerifierBuilder<C, K, I, A>> {
    /// Accepts tokens that were meant for any service, or for none.
    ///
    /// # Security
    ///
    /// Whoever holds a token of another service of the same issuer can use it here (RFC 8725 §3.9).
    pub fn any_audience(self) -> VerifierBuilder<C, K, I, AudienceGiven> {
        self.0.with_audience(AudienceGiven(Audience::Any))
    }

    /// Accepts tokens of any issuer, or without one, as long as one of the keys signed them.
    ///
    /// # Security
    ///
    /// `sub` is unique only within an issuer: users of two issuers can then be taken for each other
    /// (RFC 8725 §3.8).
    pub fn any_issuer(self) -> VerifierBuilder<C, K, IssuerGiven, A> {
        self.0.with_issuer(IssuerGiven(None))
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
