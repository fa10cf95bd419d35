//! Origins as browsers write them.

use std::net::IpAddr;

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
        let default_port = match scheme {
            "https" => 443,
            "http" if is_loopback(authority.host()) => 80,
            "http" => return Err(refuse("is plain http, which only this machine may use")),
            _ => return Err(refuse("is neither https nor http")),
        };
        if authority.as_str().contains('@') || authority.port_u16() == Some(default_port) {
            return Err(refuse("has a user or the scheme's own port"));
        }
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:[]".contains(&byte);
        if !authority.as_str().bytes().all(plain) {
            return Err(refuse("has a host that no browser sends"));
        }
        // What is left could still be a path, a query, or capitals.
        if text != format!("{scheme}://{}", authority.as_str().to_ascii_lowercase()) {
            return Err(refuse("has a path, a slash at the end, or capitals"));
        }
        Ok(Self(text.into()))
    }

    pub(super) fn is_plain_http(&self) -> bool {
        self.0.starts_with("http:")
    }

    /// Compared byte by byte: browsers send one form only.
    pub(super) fn is(&self, given: &[u8]) -> bool {
        self.0.as_bytes() == given
    }
}

fn is_loopback(host: &str) -> bool {
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
        ] {
            let error = Origin::parse(text).map(|_| ()).unwrap_err();
            assert_eq!(error.setting(), "origin", "{text}");
            assert!(error.to_string().contains("write it as browsers do"), "{error}");
        }
    }
}
