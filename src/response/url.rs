//! URLs that clients are told to go to: https, or http on this machine.

use std::net::IpAddr;

use http::Uri;

use crate::error::ConfigError;

/// A URL as it was given, which needs no escape inside quotes.
pub(super) fn checked(setting: &'static str, url: &str) -> Result<Box<str>, ConfigError> {
    if is_safe(url) {
        return Ok(url.into());
    }
    Err(ConfigError::new(
        setting,
        format!("{url:?} must be an https URL (or http on localhost) without a fragment, a user and spaces"),
    ))
}

/// A URL that names someone, and is compared character by character: it has no query either.
pub(super) fn identifier(setting: &'static str, url: &str) -> Result<Box<str>, ConfigError> {
    if url.contains('?') {
        let problem =
            format!("{url:?} must have no query; tell apart by the path, as in https://a.example/b");
        return Err(ConfigError::new(setting, problem));
    }
    checked(setting, url)
}

fn is_safe(url: &str) -> bool {
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

    const GOOD: [&str; 9] = [
        "https://api.example.com",
        "https://api.example.com:8443",
        "https://api.example.com/a/b%20c",
        "https://[2001:db8::1]",
        "http://localhost:3000",
        "http://LOCALHOST",
        "http://127.0.0.1:3000",
        "http://127.8.8.8",
        "http://[::1]:3000",
    ];

    const BAD: [&str; 19] = [
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

    #[test]
    fn a_url_is_https_or_of_this_machine() {
        for check in [checked, identifier] {
            for url in GOOD.into_iter().flat_map(|url| [url.to_owned(), format!("{url}/x")]) {
                assert_eq!(*check("place", &url).unwrap(), *url);
            }
            for url in BAD {
                assert_eq!(check("place", url).unwrap_err().setting(), "place", "{url:?}");
            }
        }
    }

    #[test]
    fn only_an_identifier_must_have_no_query() {
        for url in ["https://api.example.com?a", "https://api.example.com/a?b=c&d=%20", "https://a.example/?"]
        {
            assert_eq!(*checked("place", url).unwrap(), *url);
            let error = identifier("place", url).unwrap_err();
            assert!(error.to_string().contains("no query"), "{error}");
        }
    }
}
