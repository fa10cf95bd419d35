//! What every token of an issuer says.

use std::time::Duration;

use serde::Serialize;
use serde_json::Value;
use uuid::Builder;

use super::payload::{Payload, prepared};
use crate::{clock::Timestamp, error::ConfigError};

/// The members that are the issuer's to say; the application's claims cannot override them.
const OURS: [&str; 11] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "client_id", "sid", "sgen", "cnf"];

pub(super) struct Template {
    pub(super) issuer: String,
    pub(super) audiences: Vec<String>,
    pub(super) lifetime: Duration,
    prepared_issuer: Vec<u8>,
    prepared_audience: Vec<u8>,
    prepared_client_id: Vec<u8>,
}

/// What differs from token to token.
pub(super) struct Told<'a> {
    pub(super) subject: &'a str,
    pub(super) now: Timestamp,
    /// Where the token has to end before its life is over.
    pub(super) not_after: Option<Timestamp>,
    /// The issuer's usual one, unless told.
    pub(super) client_id: Option<&'a str>,
    /// The issuer's usual ones, where empty.
    pub(super) audience: &'a [String],
}

impl Template {
    pub(super) fn new(
        issuer: String,
        audiences: Vec<String>,
        client_id: Option<String>,
        lifetime: Duration,
    ) -> Result<Self, ConfigError> {
        let client_id = client_id.as_ref().unwrap_or(&issuer);
        let prepared_client_id = prepared("client_id", client_id).map_err(unwritable)?;
        let prepared_issuer = prepared("iss", &issuer).map_err(unwritable)?;
        let prepared_audience = prepared("aud", &Audience(&audiences)).map_err(unwritable)?;
        Ok(Self { issuer, audiences, lifetime, prepared_issuer, prepared_audience, prepared_client_id })
    }

    /// The members that RFC 9068 §2.2 requires, and how long the token lives.
    pub(super) fn begin(&self, told: &Told<'_>) -> Result<(Payload, Duration), ConfigError> {
        if told.subject.trim().is_empty() {
            return Err(ConfigError::new("subject", "it is empty; name the user or the service"));
        }
        let mut random = [0; 18];
        getrandom::fill(&mut random).map_err(|error| {
            ConfigError::new("system", format!("it gives no random bytes: {error}; a token needs some"))
        })?;
        let [jitter @ .., _, _, _, _, _, _, _, _, _, _] = random;
        let [_, _, _, _, _, _, _, _, id @ ..] = random;
        let issued = told.now.as_secs();
        let life = shortened(self.lifetime, u64::from_le_bytes(jitter));
        let expires = issued.saturating_add(life).min(told.not_after.map_or(u64::MAX, Timestamp::as_secs));
        let mut id_text = [0; 36];
        let id = Builder::from_unix_timestamp_millis(told.now.as_millis(), &id).into_uuid();

        let mut payload = Payload::new();
        payload.prepared(&self.prepared_issuer);
        let mut write = || {
            payload.member("sub", told.subject)?;
            match told.audience {
                [] => payload.prepared(&self.prepared_audience),
                audience => payload.member("aud", &Audience(audience))?,
            }
            payload.member("exp", &expires)?;
            payload.member("iat", &issued)?;
            payload.member("jti", id.hyphenated().encode_lower(&mut id_text))?;
            match told.client_id {
                None => payload.prepared(&self.prepared_client_id),
                Some(client_id) => payload.member("client_id", client_id)?,
            }
            Ok(())
        };
        write().map_err(unwritable)?;
        Ok((payload, Duration::from_secs(expires.saturating_sub(issued))))
    }
}

/// Adds the application's claims, without those that are not its to make.
pub(super) fn add_claims<'a>(
    payload: &mut Payload,
    claims: impl IntoIterator<Item = (&'a String, &'a Value)>,
    without: &[&str],
) -> Result<(), ConfigError> {
    for (name, value) in claims {
        if !OURS.contains(&&**name) && !without.contains(&&**name) {
            payload.member(name, value).map_err(unwritable)?;
        }
    }
    Ok(())
}

pub(super) fn unwritable(error: serde_json::Error) -> ConfigError {
    // The library's own words may quote a value.
    let _ = error;
    ConfigError::new("claims", "they hold something that JSON cannot express")
}

/// One audience is a string, several are a list (RFC 7519 §4.1.3).
struct Audience<'a>(&'a [String]);

impl Serialize for Audience<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            [one] => one.serialize(serializer),
            several => several.serialize(serializer),
        }
    }
}

/// The lifetime less up to 5 %, in seconds.
fn shortened(lifetime: Duration, random: u64) -> u64 {
    let seconds = lifetime.as_secs();
    seconds - random % (seconds / 20 + 1)
}
