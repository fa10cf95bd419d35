//! Origins as browsers write them.

use std::net::{IpAddr, Ipv6Addr};

use http::Uri;

use crate::error::ConfigError;

/// A web origin in the one form in which a browser sends it (RFC 6454 §6.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Origin(Box<str>);

impl Origin {
    pub(super) fn parse(text: &str) -> Result<Self, ConfigError> {
        let refuse = |problem: &str| {
            ConfigError::new(
                "origin",
                format!("{text:?} {problem}; write it as browsers do, such as \"https://app.example.com\""),
            )
        };
        let uri: Uri = text.parse().map_err(|_| refuse("is no origin"))?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(refuse("has no scheme or no host"));
        };
        let host = canonical(authority.host()).ok_or_else(|| refuse("has a host that no browser sends"))?;
        let default_port = match scheme {
            "https" => 443,
            "http" if is_loopback(&host) => 80,
            "http" => return Err(refuse("is plain http, which only this machine may use")),
            _ => return Err(refuse("is neither https nor http")),
        };
        let port = match authority.port_u16() {
            Some(port) if port == default_port => {
                return Err(refuse("has the scheme's own port, which is left out"));
            }
            Some(port) => format!(":{port}"),
            None => String::new(),
        };
        // What is left could still be a path, a user, capitals, or a number in another spelling.
        let canonical = format!("{scheme}://{host}{port}");
        if text != canonical {
            return Err(refuse(&format!("is not how browsers write {canonical:?}")));
        }
        Ok(Self(text.into()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn is_plain_http(&self) -> bool {
        self.0.starts_with("http:")
    }

    /// Compared byte by byte: browsers send one form only.
    pub(super) fn is(&self, given: &[u8]) -> bool {
        self.0.as_bytes() == given
    }
}

/// The host as browsers write it: lower case, and IPv6 addresses in their shortest form.
fn canonical(host: &str) -> Option<String> {
    if let Some(address) = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        return address.parse::<Ipv6Addr>().ok().map(|address| format!("[{address}]"));
    }
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let is_label = |label: &str| !label.is_empty() && label.bytes().all(plain);
    host.split('.').all(is_label).then(|| host.to_ascii_lowercase())
}

/// Whether a host, written as browsers do, is this machine.
pub(super) fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_written_as_browsers_send_it() {
        for text in [
            "https://app.example.com",
            "https://app.example.com:8443",
            "https://[2001:db8::1]",
            "http://localhost:5173",
            "http://127.0.0.1:3000",
            "http://[::1]:3000",
        ] {
            assert!(Origin::parse(text).unwrap().is(text.as_bytes()), "{text}");
        }
        for text in [
            "",
            "null",
            "*",
            "app.example.com",
            "//app.example.com",
            "https://",
            "https://app.example.com/",
            "https://app.example.com/path",
            "https://app.example.com?query",
            "https://app.example.com:443",
            "https://App.example.com",
            "HTTPS://app.example.com",
            "https://user@app.example.com",
            "https://*.example.com",
            "https://app.example.com ",
            "http://app.example.com",
            "http://localhost:80",
            "http://localhost.example.com",
            "ftp://app.example.com",
            "https://app.example.com:",
            "https://app.example.com:99999",
            "https://app.example.com:08443",
            "https://a:b",
            "https://:8443",
            "https://[zz]",
            "https://[2001:0db8::1]",
            "https://.",
            "https://a..b",
        ] {
            let error = Origin::parse(text).map(|_| ()).unwrap_err();
            assert_eq!(error.setting(), "origin", "{text}");
            assert!(error.to_string().contains("write it as browsers do"), "{error}");
        }
    }
}
