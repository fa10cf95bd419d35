//! Asking whether a token was revoked.

use serde::Deserialize;

use super::{
    key::{Key, Kind},
    revocations::Revocations,
};
use crate::{
    claims::{NumericDate, RegisteredClaims},
    clock::Timestamp,
    error::{AuthError, Code},
};

impl Revocations {
    /// Says whether a verified token was revoked, where no [`JwtAuthLayer`](crate::JwtAuthLayer) asks it.
    ///
    /// ```
    /// # use jwtower::{AuthError, NoClaims, Verifier, revocation::Revocations};
    /// # fn read(verifier: Verifier<NoClaims>, revocations: Revocations, job: &str) -> Result<(), AuthError> {
    /// let token = verifier.verify(job)?;
    /// revocations.check(token.registered())?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// When the token, its session or its subject was revoked, or when nobody could revoke it, as it lacks
    /// `iss`, `sub`, `iat`, or both `sid` and `jti`. All are 401.
    pub fn check(&self, claims: &RegisteredClaims) -> Result<(), AuthError> {
        self.look_up(claims).map_err(AuthError::new)
    }

    fn look_up(&self, claims: &RegisteredClaims) -> Result<(), Code> {
        let (Some(issuer), Some(subject), Some(issued_at)) =
            (claims.issuer(), claims.subject(), claims.issued_at())
        else {
            return Err(Code::Unrevocable);
        };
        let (token, session) = (claims.token_id(), claims.session());
        if token.is_none() && session.is_none() {
            return Err(Code::Unrevocable);
        }
        let set = self.set();
        let Some(issuer) = set.issuer(issuer) else { return Ok(()) };
        if token.is_some_and(|id| set.find(Kind::Token, issuer, id).is_some()) {
            return Err(Code::TokenRevoked);
        }
        if session.is_some_and(|id| set.find(Kind::Session, issuer, id).is_some()) {
            return Err(Code::SessionRevoked);
        }
        let generation = set.find(Kind::Generation, issuer, subject);
        if generation.is_some_and(|first| is_before(generation_of(claims), first)) {
            return Err(Code::SubjectRevoked);
        }
        let watermark = set.find(Kind::Watermark, issuer, subject);
        if watermark.is_some_and(|last| is_covered(issued_at, last)) {
            return Err(Code::SubjectRevoked);
        }
        Ok(())
    }

    /// What is to be asked again and again about a token, without the token.
    pub(crate) fn watch(&self, claims: &RegisteredClaims) -> Watch {
        let key = |kind, id| Some(self.set().key(kind, claims.issuer()?, id?));
        Watch {
            token: key(Kind::Token, claims.token_id()),
            session: key(Kind::Session, claims.session()),
            generation: key(Kind::Generation, claims.subject()),
            watermark: key(Kind::Watermark, claims.subject()),
            generation_of: generation_of(claims),
            issued_at: claims.issued_at(),
            revocations: self.clone(),
        }
    }
}

/// A token that may be revoked later.
pub(crate) struct Watch {
    revocations: Revocations,
    token: Option<Key>,
    session: Option<Key>,
    generation: Option<Key>,
    watermark: Option<Key>,
    generation_of: Option<u64>,
    issued_at: Option<NumericDate>,
}

impl Watch {
    /// Whether it was by now.
    pub(crate) fn is_revoked(&self) -> bool {
        let find = |key: Option<Key>| self.revocations.set().find_key(key?);
        find(self.token).is_some()
            || find(self.session).is_some()
            || find(self.generation).is_some_and(|first| is_before(self.generation_of, first))
            || find(self.watermark)
                .is_some_and(|last| self.issued_at.is_none_or(|issued_at| is_covered(issued_at, last)))
    }
}

/// `sgen`, which tokens of our sessions carry: the generation of their session.
///
/// It is read again from the payload, because hardly any token is asked for it.
fn generation_of(claims: &RegisteredClaims) -> Option<u64> {
    #[derive(Deserialize)]
    struct Generation {
        sgen: u64,
    }
    serde_json::from_str(claims.payload()).ok().map(|Generation { sgen }| sgen)
}

/// A token without a generation is before every one: nobody can tell that it is not.
fn is_before(generation: Option<u64>, first: u64) -> bool {
    generation.is_none_or(|generation| generation < first)
}

/// Whole seconds are compared, as most tokens have no finer ones: a token of the watermark's second may be
/// older than it.
fn is_covered(issued_at: NumericDate, watermark: u64) -> bool {
    issued_at.as_secs().floor() <= Timestamp::from_millis(watermark).as_secs() as f64
}
