//! A place on this very site.

use std::fmt;

use http::Uri;
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

/// Bytes; longer addresses are seldom typed, and a header that holds one more stays small.
const MAX_LEN: usize = 2048;

/// What may stand in the value of a query as it is (RFC 3986 §3.4).
const PLAIN: AsciiSet = NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What browsers leave unescaped in an address, although it has no place there (RFC 3986 §2).
const ODD: AsciiSet = CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// A path, perhaps with a query, which a browser cannot take for another site's address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LocalPath(Box<str>);

impl LocalPath {
    /// The text as a path, if it is one.
    ///
    /// `//host` and `/\host` are addresses of other sites (WHATWG URL §4.4), and so is what becomes one of these
    /// when a browser leaves out its tabs and line ends.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/?@:!$&'()*+,;=%[]".contains(&byte);
        let is_path = text.starts_with('/') && !text.starts_with("//");
        (is_path && text.len() <= MAX_LEN && text.bytes().all(allowed)).then(|| Self(text.into()))
    }

    /// Where a request went, properly escaped.
    pub(super) fn of(uri: &Uri) -> Option<Self> {
        Self::parse(&utf8_percent_encode(uri.path_and_query()?.as_str(), &ODD).to_string())
    }

    /// Whether a request went there.
    pub(super) fn is(&self, uri: &Uri) -> bool {
        *self.0 == *uri.path()
    }

    pub(super) fn has_query(&self) -> bool {
        self.0.contains('?')
    }

    /// This path with the other one in its query, as `next`.
    pub(super) fn and_then(&self, next: &Self) -> String {
        format!("{self}?next={}", utf8_percent_encode(&next.0, &PLAIN))
    }
}

impl fmt::Display for LocalPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_path_of_this_site_is_one() {
        for text in ["/", "/a", "/a/b?c=d&e=%2F", "/a//b", "/@a:b", "/%5Cevil.example", "/..//a", "/a?b[]=c"]
        {
            assert_eq!(LocalPath::parse(text).unwrap().to_string(), text);
        }
        let long = format!("/{}", "a".repeat(MAX_LEN));
        for text in [
            "",
            "a",
            "?a",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\/evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "\t//evil.example",
            "/\n/evil.example",
            "/a\r\nSet-Cookie: a=b",
            " /a",
            "/a b",
            "/\0",
            "/é",
            "/a#b",
            "/\"a",
            "/<a",
            "https://evil.example",
            "https:/evil.example",
            "javascript:alert(1)",
            &long,
        ] {
            assert_eq!(LocalPath::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn where_a_request_went_is_a_path_unless_it_looks_like_another_site() {
        let of = |uri: &str| LocalPath::of(&uri.parse().unwrap()).map(|path| path.to_string());
        for (uri, path) in [
            ("/", "/"),
            ("/a?b=%2F+c", "/a?b=%2F+c"),
            ("https://www.example.com/a?b", "/a?b"),
            ("https://www.example.com", "/"),
            ("/a?b={%22c%22:[1|2]}", "/a?b=%7B%22c%22:[1%7C2]%7D"),
            ("/a?b=c\\d^e`f", "/a?b=c%5Cd%5Ee%60f"),
            ("/\\evil.example", "/%5Cevil.example"),
            ("/é?ß", "/%C3%A9?%C3%9F"),
        ] {
            assert_eq!(of(uri).as_deref(), Some(path), "{uri}");
        }
        for uri in ["//evil.example", "*", &format!("/{}", "|".repeat(MAX_LEN / 3 + 1))] {
            assert_eq!(of(uri), None, "{uri}");
        }
    }

    #[test]
    fn a_path_in_the_query_of_another_one_has_no_meaning_there() {
        let next = LocalPath::parse("/posts?page=2&sort=a%20b").unwrap();
        let login = LocalPath::parse("/login").unwrap();
        assert_eq!(login.and_then(&next), "/login?next=/posts%3Fpage%3D2%26sort%3Da%2520b");
    }
}
