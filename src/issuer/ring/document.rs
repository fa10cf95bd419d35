//! A roster as the text that is sealed.

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::key::RingKey;
use crate::{error::ConfigError, issuer::plan::Roster, keys::base64url};

/// More than the names and times of one key take.
const BESIDE_THE_KEY: usize = 512;

#[derive(Serialize, Deserialize)]
struct Stored {
    alg: String,
    /// The private key in base64url. The public one is made from it, so that nobody can slip in another.
    private: Zeroizing<String>,
}

pub(super) fn write<K: RingKey>(roster: &Roster<K>) -> Result<Zeroizing<Vec<u8>>, ConfigError> {
    let stored = roster.try_map(|key| {
        let private = Zeroizing::new(base64url::encode(&*key.key.private_bytes()?));
        Ok::<_, ConfigError>(Stored { alg: key.key.algorithm().to_owned(), private })
    })?;
    // Of the right size at once: a vector that grows leaves copies in memory that nobody wipes.
    let size = stored.keys().map(|key| key.key.private.len() + key.kid.len() + BESIDE_THE_KEY).sum();
    let mut text = Zeroizing::new(Vec::with_capacity(size));
    serde_json::to_writer(&mut *text, &stored)
        .map_err(|error| ConfigError::new("key ring", format!("the keys could not be written: {error}")))?;
    Ok(text)
}

pub(super) fn read<K: RingKey>(text: &[u8]) -> Result<Roster<K>, ConfigError> {
    // The library's own words may quote what it found there, so only the place is told.
    let stored: Roster<Stored> = serde_json::from_slice(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let problem = format!("its keys are in a form that is not known here (line {line}, column {column})");
        ConfigError::new("key store", problem)
    })?;
    stored.try_map(|key| {
        let private = base64url::decode(key.key.private.as_bytes()).map(Zeroizing::new);
        let private = private.ok_or_else(|| ConfigError::new("key store", "a key in it is not base64url"))?;
        K::from_private_bytes(&key.key.alg, &key.kid, &private)
    })
}
