//! The name of a key.

use std::fmt;

use crate::error::ConfigError;

/// The longest `kid` that is read or written, in bytes; 43 are usual.
const MAX_LEN: usize = 256;

/// The `kid` of a key (RFC 7517 §4.5), 1 to 256 bytes long.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Kid(Box<str>);

impl Kid {
    pub(crate) fn new(text: impl Into<Box<str>>) -> Result<Self, ConfigError> {
        let text = text.into();
        if (1..=MAX_LEN).contains(&text.len()) {
            Ok(Self(text))
        } else {
            Err(ConfigError::new("kid", format!("has {} bytes; a key's name has 1 to {MAX_LEN}", text.len())))
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Kid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
