//! A header of the application's own.

use http::{
    HeaderMap, HeaderName,
    header::{AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION, SEC_WEBSOCKET_PROTOCOL},
};

use super::{
    credentials::{b64token, is_name, only_line, token_of_scheme},
    token_source::{Found, SourceError, TokenSource},
};
use crate::error::ConfigError;

/// A header of your own that holds the token, alone or after a prefix.
///
/// ```
/// use http::HeaderMap;
/// use jwtower::source::{Found, Header, TokenSource};
///
/// # fn main() -> Result<(), jwtower::ConfigError> {
/// let alone = Header::new("x-api-token")?;
/// let prefixed = Header::with_prefix("x-auth", "Token")?;
///
/// let mut headers = HeaderMap::new();
/// headers.insert("x-api-token", "aGk.aGk.aGk".parse().unwrap());
/// headers.insert("x-auth", "Token aGk.aGk.aGk".parse().unwrap());
/// assert_eq!(alone.find(&headers), Ok(Found::Token("aGk.aGk.aGk")));
/// assert_eq!(prefixed.find(&headers), Ok(Found::Token("aGk.aGk.aGk")));
/// # Ok(())
/// # }
/// ```
///
/// The token has the alphabet of RFC 6750 §2.1, as with [`Bearer`](super::Bearer). The header comes once;
/// an empty one is no token.
#[derive(Clone, Debug)]
pub struct Header {
    name: HeaderName,
    prefix: Option<Box<str>>,
}

impl Header {
    /// A header whose whole value is the token.
    ///
    /// # Errors
    ///
    /// The name is not a header's name, or it is `authorization` or `proxy-authorization`, whose values
    /// start with a scheme, or `cookie` or `sec-websocket-protocol`, whose values are lists.
    pub fn new(name: &str) -> Result<Self, ConfigError> {
        let name = parse_name(name)?;
        if name == AUTHORIZATION || name == PROXY_AUTHORIZATION {
            return Err(ConfigError::new(
                "header",
                format!("a value of {name} starts with a scheme; use Bearer, or Header::with_prefix"),
            ));
        }
        Ok(Self { name, prefix: None })
    }

    /// A header whose value is the prefix, one or more spaces, and the token.
    ///
    /// The prefix is one word, compared without case; the spaces after it are not part of it.
    ///
    /// # Errors
    ///
    /// The name is not a header's name, or it is `cookie` or `sec-websocket-protocol`, whose values are
    /// lists; or the prefix is not one word of the characters of RFC 9110 §5.6.2.
    pub fn with_prefix(name: &str, prefix: &str) -> Result<Self, ConfigError> {
        let name = parse_name(name)?;
        if !is_name(prefix) {
            return Err(ConfigError::new(
                "prefix",
                format!("{prefix:?} is not one word such as \"Token\", without spaces, commas or quotes"),
            ));
        }
        Ok(Self { name, prefix: Some(prefix.into()) })
    }
}

fn parse_name(name: &str) -> Result<HeaderName, ConfigError> {
    let name: HeaderName = name.parse().map_err(|_| {
        ConfigError::new("header", format!("{name:?} is not the name of a header, such as \"x-api-token\""))
    })?;
    if name == COOKIE || name == SEC_WEBSOCKET_PROTOCOL {
        return Err(ConfigError::new(
            "header",
            format!("{name} holds a list, which needs a source of its own"),
        ));
    }
    Ok(name)
}

impl TokenSource for Header {
    fn header_name(&self) -> &HeaderName {
        &self.name
    }

    fn find<'h>(&self, headers: &'h HeaderMap) -> Result<Found<'h>, SourceError> {
        let Some(line) = only_line(headers, &self.name)? else { return Ok(Found::Absent) };
        match &self.prefix {
            Some(prefix) => token_of_scheme(line.as_bytes(), prefix),
            None if line.as_bytes().trim_ascii().is_empty() => Ok(Found::Absent),
            None => b64token(line.as_bytes()).map(Found::Token),
        }
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    const MALFORMED: Result<Found<'static>, SourceError> = Err(SourceError::Malformed);
    const REPEATED: Result<Found<'static>, SourceError> = Err(SourceError::Repeated);

    #[track_caller]
    fn check(source: &Header, lines: &[&[u8]], expected: Result<Found<'_>, SourceError>) {
        let mut headers = HeaderMap::new();
        headers.insert("x-other", HeaderValue::from_static("z"));
        for line in lines {
            headers.append(source.header_name(), HeaderValue::from_bytes(line).unwrap());
        }
        assert!(source.find(&headers) == expected, "{lines:?}: {:?}", source.find(&headers));
    }

    #[test]
    fn a_header_without_a_prefix_is_the_token_and_nothing_else() {
        let source = Header::new("X-Api-Token").unwrap();
        let rows: &[(&[&[u8]], _)] = &[
            (&[b"a.b-c_d"], Ok(Found::Token("a.b-c_d"))),
            (&[b"a+b/c~=="], Ok(Found::Token("a+b/c~=="))),
            (&[], Ok(Found::Absent)),
            (&[b""], Ok(Found::Absent)),
            (&[b"Bearer a"], MALFORMED),
            (&[b"a b"], MALFORMED),
            (&[b" a"], MALFORMED),
            (&[b"a "], MALFORMED),
            (&[b"a,b"], MALFORMED),
            (&[b"\"a\""], MALFORMED),
            (&[b"a=b"], MALFORMED),
            (&[b"="], MALFORMED),
            (&[b"a\xff"], MALFORMED),
            (&[b"a", b"a"], REPEATED),
            (&[b"a", b""], REPEATED),
        ];
        for (lines, expected) in rows {
            check(&source, lines, *expected);
        }
    }

    #[test]
    fn a_header_with_a_prefix_is_the_prefix_spaces_and_the_token() {
        let source = Header::with_prefix("x-auth", "Token").unwrap();
        let rows: &[(&[&[u8]], _)] = &[
            (&[b"Token a"], Ok(Found::Token("a"))),
            (&[b"token   a"], Ok(Found::Token("a"))),
            (&[b"TOKEN a=="], Ok(Found::Token("a=="))),
            (&[], Ok(Found::Absent)),
            (&[b""], Ok(Found::Absent)),
            (&[b"Bearer a"], Ok(Found::OtherScheme)),
            (&[b"Tokena"], Ok(Found::OtherScheme)),
            (&[b"a"], Ok(Found::OtherScheme)),
            (&[b"Token"], MALFORMED),
            (&[b"Token "], MALFORMED),
            (&[b"Token\ta"], MALFORMED),
            (&[b"Token a b"], MALFORMED),
            (&[b"Token a,"], MALFORMED),
            (&[b"Token a", b"Bearer b"], REPEATED),
        ];
        for (lines, expected) in rows {
            check(&source, lines, *expected);
        }
    }

    #[test]
    fn a_header_that_has_a_syntax_of_its_own_is_refused_at_start() {
        for name in
            ["authorization", "Proxy-Authorization", "cookie", "sec-websocket-protocol", "", "a b", "é"]
        {
            assert_eq!(Header::new(name).unwrap_err().setting(), "header", "{name}");
        }
        for name in ["cookie", "Sec-WebSocket-Protocol", "a:b"] {
            assert_eq!(Header::with_prefix(name, "Token").unwrap_err().setting(), "header", "{name}");
        }
        assert!(Header::with_prefix("authorization", "Token").is_ok());
    }

    #[test]
    fn a_prefix_is_one_word() {
        for prefix in ["", " ", "Token ", "a b", "token=", "a,b", "\"a\"", "é", "a\tb"] {
            assert_eq!(Header::with_prefix("x-auth", prefix).unwrap_err().setting(), "prefix", "{prefix:?}");
        }
    }
}
