//! New keys.

use super::key::RingKey;
use crate::{error::ConfigError, issuer::plan::Named, keys::base64url};

/// A new key: a pair is named by its thumbprint (RFC 7638), a secret by chance, so that its name tells
/// nothing of it.
pub(super) fn make<K: RingKey>(algorithm: K::Algorithm) -> Result<Named<K>, ConfigError> {
    let mut key = K::generate(algorithm)?;
    let kid = match key.kid() {
        Some(thumbprint) => thumbprint.to_owned(),
        None => {
            let kid = base64url::encode(random::<16>()?);
            key = key.with_kid(&kid)?;
            kid
        }
    };
    Ok(Named { kid, key })
}

pub(super) fn random<const N: usize>() -> Result<[u8; N], ConfigError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .map_err(|error| ConfigError::new("system", format!("it gives no random bytes: {error}")))?;
    Ok(bytes)
}
