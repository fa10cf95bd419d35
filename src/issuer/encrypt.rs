//! What encrypts tokens.

use std::fmt;

use crate::error::ConfigError;

/// Encrypts signed tokens to a recipient. It is given by `encrypt_to`, which needs the feature `jwe`.
pub(super) trait Encrypt: fmt::Debug + Send + Sync {
    fn encrypt(&self, token: &str) -> Result<String, ConfigError>;
}
