//! `Authorization: Bearer <token>`.

use http::{HeaderMap, HeaderName, header::AUTHORIZATION};

use super::{
    credentials::{only_line, token_of_scheme},
    token_source::{Found, SourceError, TokenSource},
};

/// `Authorization: Bearer <token>`, the default source (RFC 6750 §2.1).
///
/// ```
/// use http::{HeaderMap, header::AUTHORIZATION};
/// use jwtower::source::{Bearer, Found, SourceError, TokenSource};
///
/// let mut headers = HeaderMap::new();
/// headers.insert(AUTHORIZATION, "bearer aGk.aGk.aGk".parse().unwrap());
/// assert_eq!(Bearer.find(&headers), Ok(Found::Token("aGk.aGk.aGk")));
///
/// headers.append(AUTHORIZATION, "Basic YTpi".parse().unwrap());
/// assert_eq!(Bearer.find(&headers), Err(SourceError::Repeated));
/// ```
///
/// The scheme's case does not matter. One or more spaces follow it, then the token and nothing else.
/// Another scheme, or an empty value, is no token; a second `Authorization` line of any scheme is refused.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bearer;

impl TokenSource for Bearer {
    fn header_name(&self) -> &HeaderName {
        &AUTHORIZATION
    }

    fn find<'h>(&self, headers: &'h HeaderMap) -> Result<Found<'h>, SourceError> {
        match only_line(headers, &AUTHORIZATION)? {
            Some(line) => token_of_scheme(line.as_bytes(), "Bearer"),
            None => Ok(Found::Absent),
        }
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn find(lines: &[&[u8]]) -> Result<Option<String>, &'static str> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(AUTHORIZATION, HeaderValue::from_bytes(line).unwrap());
        }
        match Bearer.find(&headers) {
            Ok(Found::Token(token)) => Ok(Some(token.to_owned())),
            Ok(Found::Absent) => Ok(None),
            Ok(Found::OtherScheme) => Err("other"),
            Err(SourceError::Malformed) => Err("malformed"),
            Err(SourceError::Repeated) => Err("repeated"),
            Err(SourceError::CrossSite | SourceError::InsecureHost) => Err("not permitted"),
        }
    }

    /// Each row: what differs, the accepted twin, the twin's token, the row's own lines, its outcome.
    type Row = (&'static str, &'static [u8], &'static str, &'static [&'static [u8]], &'static str);

    #[rustfmt::skip]
    const REFUSED: &[Row] = &[
        ("nothing after the scheme",       b"Bearer a",      "a",     &[b"Bearer"],             "malformed"),
        ("one space after the scheme",     b"Bearer a",      "a",     &[b"Bearer "],            "malformed"),
        ("only spaces after the scheme",   b"Bearer   a",    "a",     &[b"Bearer   "],          "malformed"),
        ("a tab for the space",            b"Bearer a",      "a",     &[b"Bearer\ta"],          "malformed"),
        ("a tab after the space",          b"Bearer  a",     "a",     &[b"Bearer \ta"],         "malformed"),
        ("a comma for the space",          b"Bearer a",      "a",     &[b"Bearer,a"],           "malformed"),
        ("a colon for the space",          b"Bearer a",      "a",     &[b"Bearer:a"],           "malformed"),
        ("an equals sign for the space",   b"Bearer a",      "a",     &[b"Bearer=a"],           "malformed"),
        ("a trailing space",               b"Bearer a",      "a",     &[b"Bearer a "],          "malformed"),
        ("a trailing tab",                 b"Bearer a",      "a",     &[b"Bearer a\t"],         "malformed"),
        ("a trailing comma",               b"Bearer a",      "a",     &[b"Bearer a,"],          "malformed"),
        ("a trailing semicolon",           b"Bearer a",      "a",     &[b"Bearer a;"],          "malformed"),
        ("a space inside",                 b"Bearer ab",     "ab",    &[b"Bearer a b"],         "malformed"),
        ("a second token",                 b"Bearer a",      "a",     &[b"Bearer a, Bearer b"], "malformed"),
        ("a leading space",                b"Bearer a",      "a",     &[b" Bearer a"],          "malformed"),
        ("quotes around the token",        b"Bearer a",      "a",     &[b"Bearer \"a\""],       "malformed"),
        ("a parameter",                    b"Bearer a=",     "a=",    &[b"Bearer a=b"],         "malformed"),
        ("padding inside",                 b"Bearer ab==",   "ab==",  &[b"Bearer a=b="],        "malformed"),
        ("only padding",                   b"Bearer a==",    "a==",   &[b"Bearer =="],          "malformed"),
        ("an asterisk",                    b"Bearer a+",     "a+",    &[b"Bearer a*"],          "malformed"),
        ("a backslash",                    b"Bearer a/b",    "a/b",   &[b"Bearer a\\b"],        "malformed"),
        ("a percent escape",               b"Bearer a~2E",   "a~2E",  &[b"Bearer a%2E"],        "malformed"),
        ("an at sign",                     b"Bearer aAZz",   "aAZz",  &[b"Bearer a@Zz"],        "malformed"),
        ("a bracket",                      b"Bearer aZ",     "aZ",    &[b"Bearer a["],          "malformed"),
        ("a brace",                        b"Bearer az",     "az",    &[b"Bearer a{"],          "malformed"),
        ("a back quote",                   b"Bearer a_",     "a_",    &[b"Bearer a`"],          "malformed"),
        ("bytes of UTF-8 in the token",    b"Bearer ae",     "ae",    &[b"Bearer a\xc3\xa9"],   "malformed"),
        ("bytes of no charset",            b"Bearer a",      "a",     &[b"Bearer \xff"],        "malformed"),
        ("a byte before the scheme",       b"Bearer a",      "a",     &[b"\xffBearer a"],       "malformed"),
        ("a no-break space",               b"Bearer a",      "a",     &[b"Bearer\xc2\xa0a"],    "malformed"),
        ("no space",                       b"Bearer token",  "token", &[b"Bearertoken"],        "other"),
        ("a hyphen in the scheme",         b"Bearer a",      "a",     &[b"Bearer-a b"],         "other"),
        ("a shorter scheme",               b"Bearer a",      "a",     &[b"Beare a"],            "other"),
        ("another scheme",                 b"Bearer YTpi",   "YTpi",  &[b"Basic YTpi"],         "other"),
        ("another scheme first",           b"Bearer b",      "b",     &[b"Basic a, Bearer b"],  "other"),
        ("the DPoP scheme",                b"Bearer a.b.c",  "a.b.c", &[b"DPoP a.b.c"],         "other"),
        ("no scheme",                      b"Bearer a.b.c",  "a.b.c", &[b"a.b.c"],              "other"),
        ("a scheme quoted in another",     b"Bearer a",      "a",     &[b"Token Bearer a"],     "other"),
        ("the same line twice",            b"Bearer a",      "a",     &[b"Bearer a", b"Bearer a"],        "repeated"),
        ("two tokens",                     b"Bearer b",      "b",     &[b"Bearer a", b"Bearer b"], "repeated"),
        ("a second line, other scheme",    b"Bearer a",      "a",     &[b"Bearer a", b"Basic b"], "repeated"),
        ("two lines of other schemes",     b"Bearer a",      "a",     &[b"Basic a", b"Digest b"], "repeated"),
        ("a second line that is empty",    b"Bearer a",      "a",     &[b"Bearer a", b""],      "repeated"),
        ("a line split in two",            b"Bearer a",      "a",     &[b"Bearer", b"a"],       "repeated"),
    ];

    #[test]
    fn each_bad_line_is_refused_beside_a_good_twin() {
        for (what, twin, token, lines, outcome) in REFUSED {
            assert_eq!(find(&[twin]), Ok(Some((*token).to_owned())), "the twin of: {what}");
            assert_eq!(find(lines), Err(*outcome), "{what}");
        }
    }

    #[test]
    fn the_case_of_the_scheme_and_the_number_of_spaces_do_not_matter() {
        for line in ["Bearer a.b.c", "bearer a.b.c", "BEARER a.b.c", "bEaReR      a.b.c"] {
            assert_eq!(find(&[line.as_bytes()]), Ok(Some("a.b.c".to_owned())), "{line}");
        }
    }

    #[test]
    fn every_byte_is_judged_as_rfc_6750_says() {
        let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=";
        for byte in (0..=255u8).filter(|&byte| HeaderValue::from_bytes(&[byte]).is_ok()) {
            let line = [b"Bearer a".as_slice(), &[byte]].concat();
            assert_eq!(find(&[&line]).is_ok(), letters.contains(&byte), "byte {byte:#x}");
        }
    }

    #[test]
    fn no_line_and_an_empty_line_are_no_token() {
        for lines in [&[] as &[&[u8]], &[b""], &[b"  "]] {
            assert_eq!(find(lines), Ok(None), "{lines:?}");
        }
    }
}
