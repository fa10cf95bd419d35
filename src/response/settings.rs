//! What an application sets about its answers, checked when it is set.

use http::Extensions;

use super::hook::Hook;
use crate::{claims::RoleMap, error::ConfigError};

#[derive(Clone)]
pub(super) struct Settings {
    pub(super) realm: Box<str>,
    pub(super) metadata: Option<Box<str>>,
    pub(super) style: Style,
    pub(super) hook: Option<Hook>,
    pub(super) role_map: RoleMap,
    /// The name of the claims type that the layer makes.
    pub(super) claims_type: &'static str,
    /// Takes out of a request what the layer put into it.
    pub(super) forget: fn(&mut Extensions),
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            realm: "api".into(),
            metadata: None,
            style: Style::Problem,
            hook: None,
            role_map: RoleMap::default(),
            claims_type: "none",
            forget: |_| {},
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Problem,
    Grpc,
}

/// A realm that can stand in a quoted string as it is (RFC 9110 §5.6.4).
pub(super) fn realm(text: &str) -> Result<Box<str>, ConfigError> {
    let plain = |byte: u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\');
    if text.is_empty() || !text.bytes().all(plain) {
        return Err(ConfigError::new(
            "realm",
            format!("{text:?} must be visible ASCII and spaces, without \" and \\, and not empty"),
        ));
    }
    Ok(text.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_realm_needs_no_escape() {
        for text in ["api", "Orders API (v2)", "https://api.example.com", "'"] {
            assert_eq!(*realm(text).unwrap(), *text);
        }
        for text in ["", "a\"b", "a\\b", "a\nb", "a\rb", "a\tb", "a\0", "\u{7f}", "é"] {
            assert_eq!(realm(text).unwrap_err().setting(), "realm", "{text:?}");
        }
    }
}
