//! Reads a JWK Set: every key that can be used, and a warning for every other (RFC 7517 §5).

use serde::Deserialize;
use serde_json::{Value, value::RawValue};

use super::{
    clashes::{without_clashes, without_repetitions},
    public_members::{self, Refused},
    verifying::VerifyingKey,
};
use crate::{error::ConfigError, telemetry::event};

/// The most keys that a set may have.
pub(super) const MAX_KEYS: usize = 100;

/// How many refused keys an error message lists.
const MAX_REASONS: usize = 10;

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    keys: Vec<&'a RawValue>,
}

/// The usable keys of the document, at least one.
pub(super) fn read(json: &[u8]) -> Result<Vec<VerifyingKey>, ConfigError> {
    let document: Document<'_> = serde_json::from_slice(json).map_err(|error| not_a_set(json, &error))?;
    if document.keys.len() > MAX_KEYS {
        return Err(ConfigError::new(
            "keys",
            format!("the JWK Set has {} keys; at most {MAX_KEYS} are read", document.keys.len()),
        ));
    }
    let (mut keys, mut refused) = (Vec::new(), Vec::new());
    for entry in document.keys {
        match read_entry(entry) {
            Ok(key) => keys.push(key),
            Err(entry) => refused.push(entry),
        }
    }
    let (keys, repeated) = without_repetitions(keys);
    let (keys, clashing) = without_clashes(keys);
    refused.extend(repeated.into_iter().chain(clashing));
    for entry in &refused {
        event!(warn, "a key of the JWK Set is not used", key = entry);
    }
    if keys.is_empty() { Err(none_usable(&refused)) } else { Ok(keys) }
}

fn read_entry(entry: &RawValue) -> Result<VerifyingKey, Refused> {
    let jwk = public_members::read(entry.get().as_bytes())?;
    let name = jwk.kid().map(str::to_owned);
    let (kid, algorithm, key) = jwk.into_parts();
    VerifyingKey::public(kid, algorithm, key).map_err(|reason| Refused { kid: name, reason })
}

fn none_usable(refused: &[Refused]) -> ConfigError {
    let mut reasons: Vec<_> = refused.iter().take(MAX_REASONS).map(ToString::to_string).collect();
    if refused.len() > MAX_REASONS {
        reasons.push(format!("and {} more", refused.len() - MAX_REASONS));
    }
    let reasons = if reasons.is_empty() { "it is empty".to_owned() } else { reasons.join("; ") };
    ConfigError::new("keys", format!("the JWK Set has no usable key: {reasons}"))
}

fn not_a_set(json: &[u8], error: &serde_json::Error) -> ConfigError {
    let problem = match serde_json::from_slice::<Value>(json) {
        Ok(Value::Object(members)) => {
            if members.contains_key("kty") {
                "this is a single JWK, not a JWK Set; call KeySet::from_jwk(&Jwk::from_json(..)?)".into()
            } else if members.contains_key("jwks_uri") {
                "this is a discovery document, not a JWK Set; give what its jwks_uri answers".into()
            } else if members.contains_key("keys") {
                "the JWK Set's member `keys` must be one array".into()
            } else {
                "this JSON object has no member `keys`, so it is not a JWK Set (RFC 7517 §5)".into()
            }
        }
        Ok(_) => "a JWK Set is a JSON object with an array `keys` (RFC 7517 §5); this is other JSON".into(),
        Err(_) if json.windows(11).any(|window| window == b"-----BEGIN ") => {
            "this is a PEM, not a JWK Set; call KeySet::from_pem".into()
        }
        Err(_) if json.trim_ascii_start().starts_with(b"<") => {
            "this is an HTML or XML page, not a JWK Set".into()
        }
        Err(_) if json.trim_ascii().starts_with(b"http") => {
            "this is a URL, and nothing is fetched here; give the bytes that it answers".into()
        }
        Err(_) if json.ends_with(b".json") => "this is a file's name; call KeySet::from_jwks_file".into(),
        Err(_) => format!("not JSON, at line {} column {}", error.line(), error.column()),
    };
    ConfigError::new("keys", problem)
}
