//! The proof that a token was verified.

use std::{any::Any, fmt, ops::Deref, sync::Arc};

use super::{Authorities, Principal, RegisteredClaims};

/// A token that is genuine and meant for us: its registered claims and the application's own.
///
/// Only [`Verifier::verify`](crate::Verifier::verify) makes one, and does not ask whether the token was
/// revoked; [`Claims`](crate::Claims) stand for that too. It derefs to the application's claims.
///
/// ```compile_fail
/// let forged: jwtower::claims::Verified<()> = jwtower::claims::Verified { claims: () };
/// ```
pub struct Verified<C: ?Sized> {
    registered: RegisteredClaims,
    authorities: Authorities,
    claims: C,
}

impl<C> Verified<C> {
    /// To be called where the last check has passed, and nowhere else.
    pub(crate) fn new(registered: RegisteredClaims, authorities: Authorities, claims: C) -> Self {
        Self { registered, authorities, claims }
    }

    /// The application's claims alone.
    pub fn into_claims(self) -> C {
        self.claims
    }
}

impl<C: ?Sized> Verified<C> {
    /// The registered claims.
    #[must_use]
    pub fn registered(&self) -> &RegisteredClaims {
        &self.registered
    }

    /// The application's claims.
    #[must_use]
    pub fn claims(&self) -> &C {
        &self.claims
    }

    pub(crate) fn authorities(&self) -> &Authorities {
        &self.authorities
    }
}

impl<C: Send + Sync + 'static> Verified<C> {
    /// The view of the same token that guards read; no copy is made.
    pub(crate) fn principal(self: &Arc<Self>) -> Principal {
        let erased: Arc<Verified<dyn Any + Send + Sync>> = self.clone();
        Principal::new(erased)
    }
}

impl<C: ?Sized> Deref for Verified<C> {
    type Target = C;

    fn deref(&self) -> &C {
        &self.claims
    }
}

impl<C: ?Sized> fmt::Debug for Verified<C> {
    /// Prints no claim: who wants one in a log names it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified").finish_non_exhaustive()
    }
}
