//! What an application sets about its answers, checked when it is set.

use std::net::IpAddr;

use http::{Extensions, Uri};

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

/// The URL of the protected resource's metadata (RFC 9728 §3): https, or http on this machine.
pub(super) fn metadata(url: &str) -> Result<Box<str>, ConfigError> {
    if is_metadata_url(url) {
        return Ok(url.into());
    }
    Err(ConfigError::new(
        "resource_metadata",
        format!("{url:?} must be an https URL (or http on localhost) without a fragment, a user and spaces"),
    ))
}

fn is_metadata_url(url: &str) -> bool {
    // The characters of RFC 3986 without `#`, which the parser would drop in silence.
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?[]@!$&'()*+,;=%".contains(&byte);
    if !url.bytes().all(allowed) {
        return false;
    }
    let Ok(uri) = url.parse::<Uri>() else { return false };
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else { return false };
    let host = authority.host();
    if authority.as_str().contains('@') || host.is_empty() {
        return false;
    }
    scheme == "https" || (scheme == "http" && is_loopback(host))
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
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

    #[test]
    fn metadata_is_an_https_url_or_one_of_this_machine() {
        let path = "/.well-known/oauth-protected-resource";
        let good = [
            "https://api.example.com",
            "https://api.example.com:8443",
            "https://api.example.com/a?b=c&d=%20",
            "https://[2001:db8::1]",
            "http://localhost:3000",
            "http://LOCALHOST",
            "http://127.0.0.1:3000",
            "http://127.8.8.8",
            "http://[::1]:3000",
        ];
        for url in good {
            let url = format!("{url}{}", if url.contains('?') { "" } else { path });
            assert_eq!(*metadata(&url).unwrap(), *url);
        }
        let bad = [
            "",
            "api.example.com",
            "/.well-known/oauth-protected-resource",
            "http://api.example.com",
            "http://localhost.example.com",
            "http://127.0.0.1.example.com",
            "http://10.0.0.1",
            "ftp://localhost",
            "https://",
            "https:///path",
            "https://user@api.example.com",
            "https://a:b@api.example.com",
            "http://localhost@api.example.com",
            "https://api.example.com/#a",
            "https://api.example.com/a b",
            "https://api.example.com/\"",
            "https://api.example.com/\\",
            "https://api.example.com/\r\n",
            "https://api.example.com/é",
        ];
        for url in bad {
            assert_eq!(metadata(url).unwrap_err().setting(), "resource_metadata", "{url:?}");
        }
    }
}
