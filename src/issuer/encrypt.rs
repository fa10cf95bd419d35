//! What encrypts tokens.

use std::{fmt, time::Duration};

use crate::error::{AuthError, ConfigError};

/// Encrypts signed tokens to a recipient. It is given by `encrypt_to`, which needs the feature `jwe`.
pub(super) trait Encrypt: fmt::Debug + Send + Sync {
    fn encrypt(&self, token: &str) -> Result<String, ConfigError>;

    /// Refuses where the recipient's key was not read for too long.
    fn check_fresh(&self) -> Result<(), AuthError>;

    /// Refuses tokens that live longer than the recipient can read them.
    fn check_token_life(&self, life: Duration) -> Result<(), ConfigError>;

    /// Whether the recipient's key survives a restart of this process.
    fn is_durable(&self) -> bool;
}
