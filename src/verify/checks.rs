//! The checks of claims, once the signature held.

use super::{
    capture::Found,
    header::Kind,
    policy::{Policy, Profile},
};
use crate::{
    claims::{NumericDate, TextList},
    error::Code,
    keys::Algorithm,
};

impl Policy {
    /// Whether a token of this `typ` may be an access token, or an ID token where those are asked for (RFC 8725
    /// §3.11, RFC 9068 §4).
    pub(super) fn check_kind(&self, kind: Kind) -> Result<(), Code> {
        match (self.profile, kind) {
            (Profile::Common | Profile::Rfc9068, Kind::AccessToken)
            | (Profile::Common | Profile::IdToken, Kind::Absent | Kind::Jwt) => Ok(()),
            _ => Err(Code::WrongType),
        }
    }

    pub(super) fn check_algorithm(&self, algorithm: Algorithm) -> Result<(), Code> {
        match &self.algorithms {
            Some(listed) if !listed.contains(&algorithm) => Err(Code::AlgorithmNotAllowed),
            _ => Ok(()),
        }
    }

    /// What is judged even where the claims type refused the payload, so that `token_expired` wins.
    pub(super) fn check_time_and_issuer(
        &self,
        kind: Kind,
        found: &Found,
        payload: &str,
    ) -> Result<NumericDate, Code> {
        let is_other_kind = match (self.profile, kind) {
            (Profile::IdToken, _) => found.other_kind,
            // A token that says `at+jwt` is none of the other kinds (RFC 8725 §3.12).
            (_, Kind::AccessToken) => false,
            _ => found.is_no_access_token(),
        };
        if is_other_kind {
            return Err(Code::OtherTokenKind);
        }
        let now = NumericDate::from(self.clock.now()).as_secs();
        let claims = &found.registered;
        // RFC 7519 §4.1.4: on or after `exp` it is over.
        let expires_at = found.expires_at.ok_or(Code::MissingClaim)?;
        if now >= expires_at.as_secs() + self.leeway {
            return Err(Code::TokenExpired);
        }
        // RFC 7519 §4.1.5
        if claims.not_before.is_some_and(|begin| now < begin.as_secs() - self.leeway) {
            return Err(Code::NotYetValid);
        }
        // RFC 7519 §4.1.6 leaves this open; a token from the future is a broken clock or a lie.
        if claims.issued_at.is_some_and(|made| made.as_secs() > now + self.leeway) {
            return Err(Code::IssuedInFuture);
        }
        // RFC 7519 §4.1.1, byte by byte.
        if let Some(trusted) = &self.issuer {
            let issuer = claims.issuer.as_ref().ok_or(Code::IssuerMismatch)?;
            let issuer = issuer.resolve(payload);
            if issuer != &**trusted {
                self.slash_warning.look_at(issuer, trusted);
                return Err(Code::IssuerMismatch);
            }
        }
        if let Some(max_age) = self.max_age {
            let made = claims.issued_at.ok_or(Code::MissingClaim)?;
            if now >= made.as_secs() + max_age + self.leeway {
                return Err(Code::TooOld);
            }
        }
        Ok(expires_at)
    }

    /// Everything else.
    pub(super) fn check_claims(&self, found: &Found, payload: &str) -> Result<(), Code> {
        // RFC 7519 §4.1.3: one of them is ours; where none is, because another claim says it, there is none.
        match (&self.audiences, &found.registered.audience) {
            (None, _) => {}
            (Some(ours), None) if ours.is_empty() => {}
            (Some(ours), given) => {
                if !contains(given.as_ref(), payload, |name| ours.iter().any(|our| **our == *name)) {
                    return Err(Code::AudienceMismatch);
                }
            }
        }
        if let Some(value) = &self.audience_value
            && !contains(found.audience_claim.as_ref(), payload, |name| name == &**value)
        {
            return Err(Code::AudienceMismatch);
        }
        // OpenID Connect Core §2: who asked for an ID token is one of its audience's own clients.
        if let (Some(ours), Some(party)) = (&self.audiences, &found.authorized_party) {
            let party = party.resolve(payload);
            if !ours.iter().any(|our| **our == *party) {
                return Err(Code::AudienceMismatch);
            }
        }
        // RFC 8705 §3, RFC 9449 §7.1: a bound token is no bearer token.
        if found.bound_to_key {
            return Err(Code::UnexpectedBinding);
        }
        let all = u64::MAX.checked_shr(64 - self.interests.required.len() as u32).unwrap_or(0);
        if found.required != all {
            return Err(Code::MissingClaim);
        }
        // RFC 8725 §3.8: a name that names nobody is no subject; the strict profile asks the same of the others.
        let claims = &found.registered;
        let named = [&claims.subject, &claims.client_id, &claims.token_id];
        let count = if self.profile == Profile::Rfc9068 { 3 } else { 1 };
        if named.into_iter().take(count).flatten().any(|name| name.resolve(payload).is_empty()) {
            return Err(Code::MissingClaim);
        }
        for pattern in &self.subjects {
            let subject = found.registered.subject.as_ref().ok_or(Code::MissingClaim)?;
            if !pattern.fits(subject.resolve(payload)) {
                return Err(Code::SubjectMismatch);
            }
        }
        Ok(())
    }
}

fn contains(given: Option<&TextList>, payload: &str, wanted: impl Fn(&str) -> bool) -> bool {
    given.is_some_and(|given| given.resolve(payload).any(wanted))
}
