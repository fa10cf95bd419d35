//! A key that is made once and never changes.

use zeroize::Zeroizing;

use super::make::random;
use crate::{error::ConfigError, issuer::vault::Vault};

/// The 32 random bytes under that name; whoever asks first makes them.
pub(super) async fn permanent_key(vault: &Vault, name: &str) -> Result<Zeroizing<[u8; 32]>, ConfigError> {
    let mut loaded = vault.load(name).await?;
    if loaded.version == 0 {
        let key = Zeroizing::new(random()?);
        let blob = vault.seal(name, 0, &*key)?;
        if vault.swap(name, 0, blob).await? {
            return Ok(key);
        }
        // Another node was faster, and its key is the one.
        loaded = vault.load(name).await?;
    }
    let key = vault.open(name, &loaded)?;
    let key: &[u8; 32] = key.as_slice().try_into().map_err(|_| {
        ConfigError::new("key store", format!("what it holds under {name:?} is not a key of 32 bytes"))
    })?;
    Ok(Zeroizing::new(*key))
}
