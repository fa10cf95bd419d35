//! The token's header (RFC 7515 §4).

use std::{borrow::Cow, fmt};

use serde::{
    Deserializer,
    de::{Error, IgnoredAny, MapAccess, Visitor},
};

use super::{
    compact::MAX_HEADER,
    member::{MemberName, Names},
};
use crate::{
    error::Code,
    keys::{Algorithm, base64url},
};

/// The members of a header that decide anything. `jwk`, `jku`, `x5u` and `x5c` are never looked at: a key
/// that comes with the token proves nothing (RFC 8725 §3.10).
#[derive(Clone)]
pub(super) struct Header {
    pub(super) algorithm: Algorithm,
    pub(super) kid: Option<Box<str>>,
    pub(super) kind: Kind,
}

/// What `typ` says (RFC 7515 §4.1.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Absent,
    /// `JWT`, which says nothing about the kind.
    Jwt,
    /// `at+jwt`: an access token by RFC 9068 §2.1.
    AccessToken,
    Other,
}

impl Kind {
    /// Media types are compared without case, and `application/` may be left out.
    fn of(typ: &str) -> Self {
        let prefix = "application/";
        let short = match typ.get(..prefix.len()) {
            Some(start) if start.eq_ignore_ascii_case(prefix) => typ.get(prefix.len()..).unwrap_or_default(),
            _ => typ,
        };
        if short.eq_ignore_ascii_case("at+jwt") {
            Self::AccessToken
        } else if short.eq_ignore_ascii_case("JWT") {
            Self::Jwt
        } else {
            Self::Other
        }
    }
}

impl Header {
    pub(super) fn decode(segment: &str) -> Result<Self, Code> {
        // Most headers fit the stack.
        let mut buffer = [0; 256];
        match base64url::decode_into(segment, &mut buffer) {
            Some(json) => Self::parse(json),
            None => Self::parse(&base64url::decode(segment).ok_or(Code::MalformedToken)?),
        }
    }

    fn parse(json: &[u8]) -> Result<Self, Code> {
        if json.len() > MAX_HEADER {
            return Err(Code::HeaderTooLarge);
        }
        let text = std::str::from_utf8(json).map_err(|_| Code::InvalidHeader)?;
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let mut fault = Code::InvalidHeader;
        let members = deserializer.deserialize_map(HeaderVisitor { fault: &mut fault }).map_err(|_| fault)?;
        deserializer.end().map_err(|_| Code::InvalidHeader)?;
        let name = members.alg.ok_or(Code::InvalidHeader)?;
        Ok(Self {
            algorithm: Algorithm::from_name(&name).ok_or(Code::UnsupportedAlgorithm)?,
            kid: members.kid.map(Into::into),
            kind: members.typ.map_or(Kind::Absent, |typ| Kind::of(&typ)),
        })
    }
}

#[derive(Default)]
struct Members<'h> {
    alg: Option<Cow<'h, str>>,
    kid: Option<Cow<'h, str>>,
    typ: Option<Cow<'h, str>>,
}

struct HeaderVisitor<'f> {
    fault: &'f mut Code,
}

impl<'h> Visitor<'h> for HeaderVisitor<'_> {
    type Value = Members<'h>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'h>>(self, mut map: A) -> Result<Members<'h>, A::Error> {
        let mut members = Members::default();
        let mut names = Names::new();
        while let Some(MemberName(name)) = map.next_key()? {
            if !names.insert(name.clone()) {
                *self.fault = Code::DuplicateHeader;
                return Err(A::Error::custom("duplicate member"));
            }
            match &*name {
                "alg" => members.alg = Some(map.next_value::<MemberName<'h>>()?.0),
                "kid" => members.kid = Some(map.next_value::<MemberName<'h>>()?.0),
                "typ" => members.typ = Some(map.next_value::<MemberName<'h>>()?.0),
                // Each of these changes what the signature or the payload means.
                "crit" | "b64" | "zip" => {
                    *self.fault = Code::UnsupportedHeader;
                    return Err(A::Error::custom("unsupported member"));
                }
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_read_or_refused_with_its_own_code() {
        let large = format!(r#"{{"alg":"RS256","x":"{}"}}"#, "a".repeat(MAX_HEADER));
        for (json, outcome) in [
            (r#"{"alg":"RS256"}"#, Ok((Algorithm::RS256, None, Kind::Absent))),
            (r#"{"alg":"EdDSA","kid":"k1","typ":"JWT"}"#, Ok((Algorithm::Ed25519, Some("k1"), Kind::Jwt))),
            (
                r#"{"alg":"Ed25519","kid":"k\u0031","typ":"at+jwt"}"#,
                Ok((Algorithm::Ed25519, Some("k1"), Kind::AccessToken)),
            ),
            (
                r#" {"x":{"a":[1]},"alg":"HS256","jwk":{},"typ":"Application/AT+JWT"} "#,
                Ok((Algorithm::HS256, None, Kind::AccessToken)),
            ),
            (r#"{"alg":"HS256","typ":"dpop+jwt"}"#, Ok((Algorithm::HS256, None, Kind::Other))),
            (r#"{"alg":"HS256","typ":"text/at+jwt"}"#, Ok((Algorithm::HS256, None, Kind::Other))),
            (r#"{"alg":"HS256","typ":""}"#, Ok((Algorithm::HS256, None, Kind::Other))),
            (r#"{"alg":"none"}"#, Err(Code::UnsupportedAlgorithm)),
            (r#"{"alg":"hs256"}"#, Err(Code::UnsupportedAlgorithm)),
            (r#"{"alg":"ES256K"}"#, Err(Code::UnsupportedAlgorithm)),
            (r#"{"alg":1}"#, Err(Code::InvalidHeader)),
            (r#"{"alg":null}"#, Err(Code::InvalidHeader)),
            (r#"{"alg":["HS256"]}"#, Err(Code::InvalidHeader)),
            (r#"{}"#, Err(Code::InvalidHeader)),
            (r#"{"alg":"HS256","kid":1}"#, Err(Code::InvalidHeader)),
            (r#"{"alg":"HS256","kid":null}"#, Err(Code::InvalidHeader)),
            (r#"{"alg":"HS256","typ":1}"#, Err(Code::InvalidHeader)),
            (r#"[]"#, Err(Code::InvalidHeader)),
            (r#""HS256""#, Err(Code::InvalidHeader)),
            ("", Err(Code::InvalidHeader)),
            (r#"{"alg":"HS256""#, Err(Code::InvalidHeader)),
            (r#"{"alg":"HS256"}{}"#, Err(Code::InvalidHeader)),
            (r#"{"alg":"HS256",}"#, Err(Code::InvalidHeader)),
            ("\u{feff}{\"alg\":\"HS256\"}", Err(Code::InvalidHeader)),
            (r#"{"alg":"HS256","alg":"HS256"}"#, Err(Code::DuplicateHeader)),
            (r#"{"alg":"HS256","\u0061lg":"HS256"}"#, Err(Code::DuplicateHeader)),
            (r#"{"alg":"HS256","x":1,"x":1}"#, Err(Code::DuplicateHeader)),
            (r#"{"alg":"HS256","crit":[]}"#, Err(Code::UnsupportedHeader)),
            (r#"{"alg":"HS256","crit":["exp"],"exp":1}"#, Err(Code::UnsupportedHeader)),
            (r#"{"alg":"HS256","b64":true}"#, Err(Code::UnsupportedHeader)),
            (r#"{"alg":"HS256","zip":"DEF"}"#, Err(Code::UnsupportedHeader)),
            (&large, Err(Code::HeaderTooLarge)),
        ] {
            let parsed = Header::parse(json.as_bytes());
            let seen =
                parsed.as_ref().map(|h| (h.algorithm, h.kid.as_deref(), h.kind)).map_err(|code| code.name());
            assert_eq!(seen, outcome.map_err(Code::name), "{json:.60}");
        }
        assert_eq!(
            Header::parse(b"{\"alg\":\"HS256\",\"x\":\"\xff\"}").err().map(Code::name),
            Some("invalid_header")
        );
    }
}
