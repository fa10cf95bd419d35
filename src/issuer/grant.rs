//! Access tokens of sessions.

use std::time::Duration;

use serde_json::{Map, Value};

use super::{
    sign::Issuer,
    template::{Told, add_claims, unwritable},
};
use crate::{
    clock::Timestamp,
    error::{AuthError, Code, ConfigError},
    telemetry::event,
    token::{AccessToken, SessionId},
};

/// What a login decided; the application's claims say nothing else about it. `scp` is another name for `scope`, and
/// would grant what a login or a refresh left out.
const OF_THE_LOGIN: [&str; 5] = ["auth_time", "acr", "amr", "scope", "scp"];

/// What an access token of a session says.
pub(crate) struct Grant<'a> {
    pub(crate) subject: &'a str,
    /// `sid`.
    pub(crate) session: SessionId,
    /// The subject's generation, as the private claim `sgen`.
    pub(crate) generation: u64,
    /// The application's own. Registered members in it, `sgen`, and what stands below are left out.
    pub(crate) claims: Map<String, Value>,
    /// When it is issued, which becomes `iat`.
    pub(crate) now: Timestamp,
    /// The session's end, which `exp` never passes.
    pub(crate) not_after: Timestamp,
    pub(crate) auth_time: Timestamp,
    pub(crate) acr: Option<&'a str>,
    pub(crate) amr: &'a [String],
    pub(crate) scope: Option<&'a str>,
    /// The issuer's usual one, unless told.
    pub(crate) client_id: Option<&'a str>,
    /// The issuer's usual ones, where empty.
    pub(crate) audience: &'a [String],
}

impl Issuer {
    /// Signs an access token of a session (RFC 9068 §2.2), and tells how long it lives.
    ///
    /// # Errors
    ///
    /// [`Code::KeysStale`], [`Code::SessionExpired`] where not even a second is left, and
    /// [`Code::UnsignableClaims`] with an event that says why.
    pub(crate) fn grant(&self, grant: &Grant<'_>) -> Result<(AccessToken, Duration), AuthError> {
        let signing = self.signing()?;
        let (payload, life) = self.payload_of(grant).map_err(unsignable)?;
        if life.is_zero() {
            return Err(Code::SessionExpired.into());
        }
        let token = self.assemble(&signing, &payload).map_err(unsignable)?;
        Ok((token, life))
    }

    fn payload_of(&self, grant: &Grant<'_>) -> Result<(Vec<u8>, Duration), ConfigError> {
        let told = Told {
            subject: grant.subject,
            now: grant.now,
            not_after: Some(grant.not_after),
            client_id: grant.client_id,
            audience: grant.audience,
        };
        let (mut payload, life) = self.template().begin(&told)?;
        let mut write = || {
            payload.member("sid", &grant.session)?;
            payload.member("sgen", &grant.generation)?;
            payload.member("auth_time", &grant.auth_time.as_secs())?;
            for (name, value) in [("acr", grant.acr), ("scope", grant.scope)] {
                if let Some(value) = value {
                    payload.member(name, value)?;
                }
            }
            if !grant.amr.is_empty() {
                payload.member("amr", grant.amr)?;
            }
            Ok(())
        };
        write().map_err(unwritable)?;
        add_claims(&mut payload, &grant.claims, &OF_THE_LOGIN)?;
        Ok((payload.finish(), life))
    }
}

fn unsignable(error: ConfigError) -> AuthError {
    event!(error, "no access token could be made of an account's claims", problem = error);
    Code::UnsignableClaims.into()
}
