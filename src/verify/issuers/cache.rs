//! What a resolver said, for a while.

use std::{
    hash::{self, BuildHasher},
    time::{Duration, Instant},
};

use quick_cache::{
    OptionsBuilder, UnitWeighter,
    sync::{Cache, DefaultLifecycle},
};

use crate::{
    error::{AuthError, Code},
    verify::verifier::Verifier,
};

/// How many tenants are kept.
pub(super) const MAX_TENANTS: usize = 1000;

/// How many misses are kept: at 512 bytes each, half a megabyte.
const MAX_MISSES: usize = 1000;

/// How long a tenant serves without another lookup.
pub(super) const FRESH: Duration = Duration::from_secs(5 * 60);

/// How long it serves beyond that while lookups fail: it is not the tenant's fault that the database is away.
pub(super) const GRACE: Duration = Duration::from_secs(5 * 60);

/// How long a lookup of a tenant that may serve keeps others from being begun: as long as a token waits for it.
pub(super) const RENEWAL: Duration = Duration::from_secs(2);

/// How long an issuer stays unknown.
pub(super) const UNKNOWN: Duration = Duration::from_secs(30);

/// How long a failure is told without another attempt; as long as clients are told to wait.
pub(super) const FAILED: Duration = Duration::from_secs(1);

/// Tenants, and apart from them what is none: who sends names that nobody knows must not drive tenants out.
pub(super) struct Answers<C> {
    tenants: Cache<Box<str>, Tenant<C>, UnitWeighter, foldhash::fast::RandomState>,
    misses: Cache<Box<str>, Miss, UnitWeighter, hash::RandomState>,
}

struct Tenant<C> {
    verifier: Verifier<C>,
    asked: Instant,
    /// No lookup before.
    again: Instant,
}

#[derive(Clone, Copy)]
struct Miss {
    error: AuthError,
    until: Instant,
}

/// What is known of an issuer.
pub(super) enum Known<C> {
    Serving(Verifier<C>),
    /// It serves on where it cannot be looked up.
    Stale(Verifier<C>),
    /// It was found once, too long ago.
    Expired,
    Refused(AuthError),
    Nothing,
}

impl<C> Answers<C> {
    pub(super) fn new() -> Self {
        Self { tenants: cache(MAX_TENANTS), misses: cache(MAX_MISSES) }
    }

    pub(super) fn get(&self, issuer: &str, now: Instant) -> Known<C> {
        let tenant = self.tenants.get(issuer);
        let was_found = tenant.is_some();
        match tenant {
            Some(tenant) if tenant.may_serve(now) && now < tenant.again => Known::Serving(tenant.verifier),
            Some(tenant) if tenant.may_serve(now) => Known::Stale(tenant.verifier),
            _ => match self.misses.get(issuer) {
                Some(Miss { error, until }) if now < until => Known::Refused(error),
                _ if was_found => Known::Expired,
                _ => Known::Nothing,
            },
        }
    }

    /// The resolver is being asked: for as long as a token waits, and as if it had failed then, a tenant serves.
    pub(super) fn asking(&self, issuer: &str, now: Instant) {
        self.put_off(issuer, now, now + RENEWAL + FAILED);
    }

    /// The resolver was asked at this moment, and has such a tenant.
    pub(super) fn found(&self, issuer: &str, verifier: Verifier<C>, asked: Instant) {
        self.misses.remove(issuer);
        self.tenants.insert(issuer.into(), Tenant { verifier, asked, again: asked + FRESH });
    }

    /// The resolver has no such tenant.
    pub(super) fn unknown(&self, issuer: &str, now: Instant) {
        self.tenants.remove(issuer);
        self.missed(issuer, Code::UnknownIssuer, now + UNKNOWN);
    }

    /// The resolver could not tell; whether there is a tenant that serves on.
    pub(super) fn failed(&self, issuer: &str, now: Instant) -> bool {
        let serves = self.put_off(issuer, now, now + FAILED);
        if !serves {
            self.missed(issuer, Code::IssuersUnavailable, now + FAILED);
        }
        serves
    }

    /// Has a tenant that may serve do so without a lookup; whether there is one.
    fn put_off(&self, issuer: &str, now: Instant, again: Instant) -> bool {
        let tenant = self.tenants.get(issuer).filter(|tenant| tenant.may_serve(now));
        tenant.map(|tenant| self.tenants.insert(issuer.into(), Tenant { again, ..tenant })).is_some()
    }

    fn missed(&self, issuer: &str, code: Code, until: Instant) {
        self.misses.insert(issuer.into(), Miss { error: code.into(), until });
    }

    /// Forgets an issuer; whether it was a tenant.
    pub(super) fn forget(&self, issuer: &str) -> bool {
        self.misses.remove(issuer);
        self.tenants.remove(issuer).is_some()
    }

    pub(super) fn verifiers(&self) -> Vec<Verifier<C>> {
        self.tenants.iter().map(|(_, tenant)| tenant.verifier).collect()
    }
}

/// A cache of one shard, so that it holds as many as it says. Half of them may be new: they are looked at once
/// more as soon as they are found, and must not have driven each other out by then.
fn cache<V: Clone, S: BuildHasher + Clone + Default>(capacity: usize) -> Cache<Box<str>, V, UnitWeighter, S> {
    let mut options = OptionsBuilder::new();
    options.shards(1).hot_allocation(0.5).estimated_items_capacity(capacity).weight_capacity(capacity as u64);
    #[allow(clippy::expect_used, reason = "what can be missing is set in the line above")]
    let options = options.build().expect("both capacities are set");
    Cache::with_options(options, UnitWeighter, S::default(), DefaultLifecycle::default())
}

impl<C> Tenant<C> {
    fn may_serve(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.asked) < FRESH + GRACE
    }
}

impl<C> Clone for Tenant<C> {
    fn clone(&self) -> Self {
        Self { verifier: self.verifier.clone(), ..*self }
    }
}
