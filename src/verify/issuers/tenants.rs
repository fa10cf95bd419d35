//! The issuers that a resolver finds.

use std::{panic::AssertUnwindSafe, sync::Arc};

use futures_util::FutureExt;

use super::{
    cache::{Answers, Known},
    lookups::{Lookups, Ticket, Who},
    resolver::ResolveIssuer,
};
use crate::{
    clock::Clock,
    error::{AuthError, Code},
    telemetry::event,
    verify::{verdict::Stop, verifier::Verifier},
};

/// The longest issuer that is looked up, in bytes; URLs of 50 are usual.
const MAX_ISSUER: usize = 512;

/// [`Tenants`] of any resolver. What asks it for nothing but a verifier needs no bounds on the claims type.
pub(super) trait Resolved<C>: Send + Sync {
    fn find(self: Arc<Self>, issuer: &str) -> Result<Verifier<C>, Stop>;

    /// Forgets an issuer; whether it was there.
    fn forget(&self, issuer: &str) -> bool;

    fn verifiers(&self) -> Vec<Verifier<C>>;
}

pub(super) struct Tenants<C, R> {
    resolver: R,
    clock: Box<dyn Clock>,
    answers: Answers<C>,
    lookups: Arc<Lookups>,
}

impl<C: 'static, R: ResolveIssuer<C>> Tenants<C, R> {
    pub(super) fn new(clock: impl Clock, resolver: R) -> Self {
        Self { resolver, clock: Box::new(clock), answers: Answers::new(), lookups: Arc::default() }
    }

    /// Asks the resolver, and keeps what it says.
    async fn look_up(self: Arc<Self>, ticket: Ticket) -> Result<(), AuthError> {
        let issuer = ticket.issuer();
        let asked = self.clock.instant();
        // Another lookup may have ended since this one was asked for.
        match self.answers.get(issuer, asked) {
            Known::Serving(_) => return Ok(()),
            Known::Refused(error) => return Err(error),
            Known::Stale(_) => drop(ticket.if_still_ours(|| self.answers.asking(issuer, asked))),
            Known::Expired | Known::Nothing => {}
        }
        let _turn = ticket.turn().await;
        let answer = AssertUnwindSafe(async { self.resolver.resolve(issuer).await }).catch_unwind().await;
        let now = self.clock.instant();
        match answer {
            Ok(Ok(Some(verifier))) if verifier.issuer() == Some(issuer) => {
                ticket.if_still_ours(|| self.answers.found(issuer, verifier, asked));
                return Ok(());
            }
            Ok(Ok(None)) => {
                ticket.if_still_ours(|| self.answers.unknown(issuer, now));
                return Err(Code::UnknownIssuer.into());
            }
            Ok(Ok(Some(_))) => {
                event!(error, "the resolver returned a verifier of another issuer than it was asked for");
            }
            Ok(Err(_)) => event!(error, "the resolver could not tell whether an issuer is trusted"),
            Err(_) => event!(error, "the resolver panicked"),
        }
        match ticket.if_still_ours(|| self.answers.failed(issuer, now)) {
            Some(true) => Ok(()),
            Some(false) | None => Err(Code::IssuersUnavailable.into()),
        }
    }
}

impl<C: 'static, R: ResolveIssuer<C>> Resolved<C> for Tenants<C, R> {
    fn find(self: Arc<Self>, issuer: &str) -> Result<Verifier<C>, Stop> {
        if !(1..=MAX_ISSUER).contains(&issuer.len()) {
            return Err(Code::UnknownIssuer.into());
        }
        let (who, meanwhile) = match self.answers.get(issuer, self.clock.instant()) {
            Known::Serving(verifier) => return Ok(verifier),
            Known::Refused(error) => return Err(Stop::Refused(error)),
            Known::Stale(verifier) => (Who::Tenant, Some(verifier)),
            Known::Expired => (Who::Tenant, None),
            Known::Nothing => (Who::Stranger, None),
        };
        let tenants = Arc::clone(&self);
        match (self.lookups.join(issuer, who, |ticket| tenants.look_up(ticket)), meanwhile) {
            (Ok(waiting), _) => Err(Stop::Wait(waiting)),
            (Err(_), Some(verifier)) => Ok(verifier),
            (Err(error), None) => Err(Stop::Refused(error)),
        }
    }

    fn forget(&self, issuer: &str) -> bool {
        self.lookups.disown(issuer, || self.answers.forget(issuer))
    }

    fn verifiers(&self) -> Vec<Verifier<C>> {
        self.answers.verifiers()
    }
}
