//! What a builder has been told, and whether it makes sense.

use std::{sync::Arc, time::Duration};

use super::{
    capture::Interests,
    encrypted::Encryption,
    mistakes::{self, SlashWarning},
    policy::{Policy, Profile},
    subject::SubjectPattern,
    untyped::UntypedVerifier,
};
use crate::{
    claims::AuthorityMap,
    clock::{Clock, SystemClock},
    error::ConfigError,
    keys::{Algorithm, KeySource},
};

/// Clocks that differ by more than this are broken, and no leeway mends that.
const MAX_LEEWAY: Duration = Duration::from_secs(600);

pub(super) struct Settings {
    pub(super) algorithms: Option<Vec<Algorithm>>,
    pub(super) encryption: Encryption,
    /// Whether plain tokens are to be taken beside encrypted ones.
    pub(super) plain_too: bool,
    pub(super) issuer: Option<String>,
    pub(super) any_issuer: bool,
    pub(super) audiences: Vec<String>,
    /// A claim beside `aud`, and its value.
    pub(super) audience_claim: Option<(String, String)>,
    pub(super) any_audience: bool,
    pub(super) profile: Profile,
    /// Whether a preset asked for ID tokens, whatever the profile is now.
    pub(super) id_tokens: bool,
    pub(super) leeway: Duration,
    pub(super) max_age: Option<Duration>,
    pub(super) required: Vec<Box<str>>,
    pub(super) subjects: Vec<Box<str>>,
    pub(super) authorities: AuthorityMap,
    pub(super) clock: Arc<dyn Clock>,
}

impl Settings {
    pub(super) fn new() -> Self {
        Self {
            algorithms: None,
            encryption: Encryption::Never,
            plain_too: false,
            issuer: None,
            any_issuer: false,
            audiences: Vec::new(),
            audience_claim: None,
            any_audience: false,
            profile: Profile::default(),
            id_tokens: false,
            leeway: Duration::from_secs(60),
            max_age: None,
            required: Vec::new(),
            subjects: Vec::new(),
            authorities: AuthorityMap::new(),
            clock: Arc::new(SystemClock),
        }
    }

    pub(super) fn build(self, keys: KeySource) -> Result<UntypedVerifier, ConfigError> {
        self.check_limits()?;
        let issuer = self.issuer.map(|issuer| non_empty("issuer", issuer)).transpose()?;
        issuer.as_deref().map_or(Ok(()), mistakes::check_issuer)?;
        let audiences = self.audiences.into_iter().map(|name| non_empty("audience", name));
        let audiences = audiences.collect::<Result<Vec<_>, _>>()?;
        for audience in &audiences {
            mistakes::check_audience(audience)?;
            mistakes::warn_of_audience(audience, issuer.as_deref());
        }
        let (audience_claim, audience_value) = match self.audience_claim {
            None => (None, None),
            Some((claim, value)) => {
                (Some(non_empty("audience_claim", claim)?), Some(non_empty("audience_claim", value)?))
            }
        };
        let keys = match &self.algorithms {
            None => keys,
            Some(listed) => keys.with_algorithms(listed)?,
        };
        let encryption = if self.plain_too { self.encryption.or_plain()? } else { self.encryption };
        let subjects = self.subjects.iter().map(|pattern| SubjectPattern::parse(pattern));
        let policy = Policy {
            issuer,
            slash_warning: SlashWarning::default(),
            audiences: (!self.any_audience).then_some(audiences),
            audience_value,
            algorithms: self.algorithms,
            encryption,
            interests: Interests {
                authorities: self.authorities,
                audience_claim,
                authorized_party: self.profile == Profile::IdToken,
                required: self.required,
            },
            profile: self.profile,
            leeway: self.leeway.as_secs_f64(),
            max_age: self.max_age.map(|age| age.as_secs_f64()),
            subjects: subjects.collect::<Result<_, _>>()?,
            clock: self.clock,
        };
        Ok(UntypedVerifier::new(keys, policy))
    }

    fn check_limits(&self) -> Result<(), ConfigError> {
        if self.audiences.is_empty() && self.audience_claim.is_none() && !self.any_audience {
            return Err(ConfigError::new("audiences", "the list is empty; name this service"));
        }
        if self.any_issuer && self.issuer.is_some() {
            let problem = "`.issuer(..)` and `.any_issuer()` contradict each other; keep the first";
            return Err(ConfigError::new("issuer", problem));
        }
        if self.any_audience && !self.audiences.is_empty() {
            let problem = "`.audience(..)` and `.any_audience()` contradict each other; keep the first";
            return Err(ConfigError::new("audience", problem));
        }
        if self.id_tokens && self.profile != Profile::IdToken {
            let problem = "this verifier is for ID tokens, and RFC 9068 is about access tokens; leave it out";
            return Err(ConfigError::new("rfc9068", problem));
        }
        if self.leeway > MAX_LEEWAY {
            let problem = format!("{:?} was given, and 10 minutes are allowed; set the clocks", self.leeway);
            return Err(ConfigError::new("leeway", problem));
        }
        if self.max_age.is_some_and(|age| age.is_zero()) {
            return Err(ConfigError::new("max_age", "zero refuses every token; give a duration"));
        }
        if self.required.iter().any(|name| name.is_empty()) || self.required.len() > Interests::MAX_REQUIRED {
            let problem = format!(
                "{} names were given; at most {} are allowed, none of them empty",
                self.required.len(),
                Interests::MAX_REQUIRED
            );
            return Err(ConfigError::new("required_claims", problem));
        }
        Ok(())
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
