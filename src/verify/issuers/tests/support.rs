//! A resolver of which the tests decide what it says, and when.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use futures_util::FutureExt;
use tokio::sync::Semaphore;

use crate::{
    claims::NoClaims,
    error::{AuthError, BoxError},
    keys::{Algorithm, KeySource, Secret, Waiting},
    testing::ManualClock,
    verify::{Issuers, ResolveIssuer, Verifier, verdict::Stop},
};

/// The verifier of an issuer's tokens, with any keys.
pub(super) fn verifier(issuer: &str) -> Verifier<NoClaims> {
    with_keys(issuer, &Secret::generate(Algorithm::HS256).unwrap())
}

pub(super) fn with_keys(issuer: &str, keys: impl Into<KeySource>) -> Verifier<NoClaims> {
    Verifier::builder().keys(keys).issuer(issuer).audience("api").build().unwrap()
}

#[derive(Clone)]
pub(super) struct Directory(Arc<State>);

struct State {
    tenants: Mutex<HashMap<String, Verifier<NoClaims>>>,
    fails: AtomicBool,
    asked: Mutex<Vec<String>>,
    /// Each answer takes a permit.
    gate: Semaphore,
}

impl Directory {
    /// It knows these issuers and answers at once.
    pub(super) fn of<'a>(issuers: impl IntoIterator<Item = &'a str>) -> Self {
        let tenants = issuers.into_iter().map(|issuer| (issuer.to_owned(), verifier(issuer)));
        let (tenants, asked) = (Mutex::new(tenants.collect()), Mutex::default());
        let gate = Semaphore::new(Semaphore::MAX_PERMITS);
        Self(Arc::new(State { tenants, fails: AtomicBool::new(false), asked, gate }))
    }

    pub(super) fn put(&self, issuer: &str, verifier: Verifier<NoClaims>) {
        self.0.tenants.lock().unwrap().insert(issuer.to_owned(), verifier);
    }

    pub(super) fn remove(&self, issuer: &str) {
        self.0.tenants.lock().unwrap().remove(issuer);
    }

    pub(super) fn fail(&self, fails: bool) {
        self.0.fails.store(fails, Ordering::Relaxed);
    }

    /// From now on it does not answer.
    pub(super) fn hold(&self) {
        self.0.gate.forget_permits(Semaphore::MAX_PERMITS);
    }

    /// It answers again.
    pub(super) fn release(&self) {
        self.0.gate.add_permits(10_000);
    }

    /// How often it was asked since the last time.
    pub(super) fn asked(&self) -> usize {
        std::mem::take(&mut *self.0.asked.lock().unwrap()).len()
    }

    pub(super) fn issuers(&self) -> (Issuers<NoClaims>, ManualClock) {
        let clock = ManualClock::new();
        (Issuers::resolved_at(clock.clone(), self.clone()), clock)
    }
}

impl ResolveIssuer<NoClaims> for Directory {
    async fn resolve(&self, issuer: &str) -> Result<Option<Verifier<NoClaims>>, BoxError> {
        self.0.asked.lock().unwrap().push(issuer.to_owned());
        self.0.gate.acquire().await?.forget();
        if self.0.fails.load(Ordering::Relaxed) {
            return Err(format!("no answer about {issuer}").into());
        }
        Ok(self.0.tenants.lock().unwrap().get(issuer).cloned())
    }
}

/// What is said of an issuer at once: `found`, a code, or what to wait for.
pub(super) fn ask(issuers: &Issuers<NoClaims>, issuer: &str) -> Result<&'static str, Waiting> {
    match issuers.find(&issuers.trusted(), issuer) {
        Ok(_) => Ok("found"),
        Err(Stop::Refused(error)) => Ok(error.code()),
        Err(Stop::Wait(waiting)) => Err(waiting),
    }
}

/// What is said in the end, where nothing has to be waited for but the resolver's answers; or `pending`.
pub(super) fn outcome(issuers: &Issuers<NoClaims>, issuer: &str) -> &'static str {
    for _ in 0..3 {
        match ask(issuers, issuer) {
            Ok(outcome) => return outcome,
            Err(mut waiting) => match poll(&mut waiting) {
                None => return "pending",
                Some(Ok(())) => {}
                Some(Err(error)) => return error.code(),
            },
        }
    }
    "again and again"
}

pub(super) fn poll(waiting: &mut Waiting) -> Option<Result<(), AuthError>> {
    (&mut waiting.over).now_or_never()
}

/// What is waited for because of an issuer that is not known yet, after one poll that does not finish it.
#[track_caller]
pub(super) fn wait(issuers: &Issuers<NoClaims>, issuer: &str) -> Waiting {
    let mut waiting = ask(issuers, issuer).unwrap_err();
    assert!(poll(&mut waiting).is_none(), "the lookup of {issuer} is over");
    waiting
}
