//! A verifier whose claims type is not chosen yet.

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use super::{header::Header, policy::Policy, verifier::Verifier};
use crate::keys::KeySource;

/// What verifiers of any claims type can share. The application's own checks are written for one type, so there
/// is no place for them here.
#[derive(Clone)]
pub(crate) struct UntypedVerifier(Arc<Shared>);

pub(super) struct Shared {
    pub(super) keys: KeySource,
    pub(super) policy: Policy,
    /// The header of the first good token, which most others share: its text, and what it says.
    pub(super) first_header: OnceLock<(Box<str>, Header)>,
}

impl UntypedVerifier {
    pub(super) fn new(keys: KeySource, policy: Policy) -> Self {
        Self(Arc::new(Shared { keys, policy, first_header: OnceLock::new() }))
    }

    /// The verifier for tokens with these claims; it has no checks beyond the policy.
    pub(crate) fn for_claims<C>(&self) -> Verifier<C> {
        Verifier::new(self.clone(), Vec::new())
    }

    pub(super) fn shared(&self) -> &Shared {
        &self.0
    }
}

impl fmt::Debug for UntypedVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Shared { keys, policy, .. } = &*self.0;
        f.debug_struct("Verifier")
            .field("keys", keys)
            .field("issuer", &policy.issuer)
            .field("audiences", &policy.audiences)
            .finish_non_exhaustive()
    }
}
