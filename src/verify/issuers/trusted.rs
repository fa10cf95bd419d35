//! The issuers that are trusted.

use std::{borrow::Cow, collections::HashMap, fmt, sync::Arc};

use arc_swap::{ArcSwap, Guard};
use foldhash::fast::RandomState;

use super::{
    resolver::ResolveIssuer,
    tenants::{Resolved, Tenants},
};
use crate::{
    clock::{Clock, SystemClock},
    error::{Code, ConfigError},
    verify::{compact::Compact, peek, verdict::Stop, verifier::Verifier},
};

/// More are for a resolver.
const MAX_ISSUERS: usize = 100;

/// Several issuers, each with a [`Verifier`] of its own: with its keys, algorithms, audiences and checks, and
/// its own place of roles.
///
/// A token's `iss` chooses the verifier. Clones are one: an issuer that is trusted or distrusted by any of them
/// is so for all, from the next token on.
///
/// ```
/// use jwtower::{Algorithm, JwtAuthLayer, NoClaims, Secret, Verifier, verify::Issuers};
///
/// # fn main() -> Result<(), jwtower::ConfigError> {
/// # let (old, new) = (Secret::generate(Algorithm::HS256)?, Secret::generate(Algorithm::HS256)?);
/// let of_old = Verifier::builder().keys(&old).issuer("https://old.example.com").audience("api").build()?;
/// let of_new = Verifier::builder().keys(&new).issuer("https://new.example.com").audience("api").build()?;
///
/// let issuers = Issuers::<NoClaims>::new();
/// issuers.trust(of_old)?;
/// issuers.trust(of_new)?;
/// let layer = JwtAuthLayer::new(issuers.clone());
/// // And while requests come in:
/// assert!(issuers.distrust("https://old.example.com"));
/// # Ok(())
/// # }
/// ```
///
/// # Security
///
/// `sub` is unique only within an issuer (RFC 7519 §4.1.2): users are told apart by
/// [`issuer`](crate::Principal::issuer) and [`subject`](crate::Principal::subject) together. Nor is a role of
/// one issuer that of another: where guards ask for `admin`, each issuer that is trusted says who is one. Read
/// the roles of an issuer that may not say so elsewhere ([`authorities`](crate::verify::VerifierBuilder::authorities)),
/// or ask for the issuer too ([`when`](crate::guard::when)).
pub struct Issuers<C>(Arc<Shared<C>>);

struct Shared<C> {
    trusted: ArcSwap<Trusted<C>>,
    resolved: Option<Arc<dyn Resolved<C>>>,
}

/// By `iss`. Only the application puts names in, so that the fast hash does.
pub(super) type Trusted<C> = HashMap<Box<str>, Verifier<C>, RandomState>;

impl<C> Issuers<C> {
    /// No issuers yet: every token is refused.
    #[must_use]
    pub fn new() -> Self {
        Self::with(None)
    }

    /// Asks a resolver for the issuers that are not [trusted](Self::trust); see [`ResolveIssuer`].
    #[must_use]
    pub fn resolved_by(resolver: impl ResolveIssuer<C>) -> Self
    where
        C: 'static,
    {
        Self::resolved_at(SystemClock, resolver)
    }

    pub(super) fn resolved_at(clock: impl Clock, resolver: impl ResolveIssuer<C>) -> Self
    where
        C: 'static,
    {
        Self::with(Some(Arc::new(Tenants::new(clock, resolver))))
    }

    fn with(resolved: Option<Arc<dyn Resolved<C>>>) -> Self {
        Self(Arc::new(Shared { trusted: ArcSwap::default(), resolved }))
    }

    /// Trusts the issuer of this verifier, in the place of one that was trusted by the same name.
    ///
    /// # Errors
    ///
    /// A verifier of any issuer, or of several; and more than 100 issuers.
    pub fn trust(&self, verifier: Verifier<C>) -> Result<(), ConfigError> {
        let Some(issuer) = verifier.issuer() else {
            let problem = if verifier.is_of_several() {
                "the verifier is one of several issuers; trust each of them"
            } else {
                "the verifier takes any issuer, so that no token can choose it; build it with `.issuer(..)`"
            };
            return Err(ConfigError::new("issuer", problem));
        };
        let mut is_full = false;
        self.0.trusted.rcu(|trusted| {
            is_full = trusted.len() >= MAX_ISSUERS && !trusted.contains_key(issuer);
            if is_full {
                return Arc::clone(trusted);
            }
            let mut trusted = Trusted::clone(trusted);
            trusted.insert(issuer.into(), verifier.clone());
            Arc::new(trusted)
        });
        if is_full {
            let problem = format!("{MAX_ISSUERS} are trusted already, which is the most; use `resolved_by`");
            return Err(ConfigError::new("issuers", problem));
        }
        Ok(())
    }

    /// No longer trusts an issuer, and forgets what the resolver said of it; whether it was known at all.
    ///
    /// It counts from the next token on. The resolver, where there is one, is asked again for that.
    pub fn distrust(&self, issuer: &str) -> bool {
        let before = self.0.trusted.rcu(|trusted| {
            if !trusted.contains_key(issuer) {
                return Arc::clone(trusted);
            }
            let mut trusted = Trusted::clone(trusted);
            trusted.remove(issuer);
            Arc::new(trusted)
        });
        let was_resolved = self.0.resolved.as_ref().is_some_and(|resolved| resolved.forget(issuer));
        before.contains_key(issuer) || was_resolved
    }

    /// The issuers that are trusted, in the order of their names, without those that a resolver found.
    #[must_use]
    pub fn issuers(&self) -> Vec<String> {
        let mut names: Vec<_> = self.0.trusted.load().keys().map(|issuer| String::from(&**issuer)).collect();
        names.sort_unstable();
        names
    }

    /// Those who verify at present, the ones that a resolver found among them.
    pub(in crate::verify) fn verifiers(&self) -> Vec<Verifier<C>> {
        let resolved = self.0.resolved.as_ref().map(|resolved| resolved.verifiers());
        self.0.trusted.load().values().cloned().chain(resolved.into_iter().flatten()).collect()
    }

    /// Has a token judged by the verifier of the issuer that it names.
    pub(in crate::verify) fn choose<T>(
        &self,
        mut token: Compact<'_>,
        judge: impl FnOnce(&Verifier<C>, Compact<'_>) -> Result<T, Stop>,
    ) -> Result<T, Stop> {
        let trusted = self.trusted();
        let verifier = {
            let issuer = peek::issuer_of(token.payload()?)?.ok_or(Code::UnknownIssuer)?;
            self.find(&trusted, &issuer)?
        };
        judge(&verifier, token)
    }

    pub(super) fn trusted(&self) -> Guard<Arc<Trusted<C>>> {
        self.0.trusted.load()
    }

    /// The verifier of an issuer, trusted or resolved.
    pub(super) fn find<'t>(
        &self,
        trusted: &'t Trusted<C>,
        issuer: &str,
    ) -> Result<Cow<'t, Verifier<C>>, Stop> {
        match (trusted.get(issuer), &self.0.resolved) {
            (Some(verifier), _) => Ok(Cow::Borrowed(verifier)),
            (None, Some(resolved)) => Ok(Cow::Owned(Arc::clone(resolved).find(issuer)?)),
            (None, None) => Err(Code::UnknownIssuer.into()),
        }
    }
}

impl<C> Default for Issuers<C> {
    fn default() -> Self {
        Self::new()
    }
}

impl<C> Clone for Issuers<C> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<C> fmt::Debug for Issuers<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Issuers").field("trusted", &self.issuers()).finish_non_exhaustive()
    }
}
