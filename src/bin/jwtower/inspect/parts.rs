//! The parts of a token: what can be read of them, and what is wrong with their form.

use super::{
    finding::{Findings, Pointer},
    node::Node,
};
use crate::base64;

/// What a token is made of.
pub(super) enum Parts<'a> {
    /// Header, claims, signature.
    Signed([&'a str; 3]),
    /// Header, encrypted key, nonce, ciphertext, tag.
    Encrypted([&'a str; 5]),
    /// What there is of the header and the claims.
    Broken([Option<&'a str>; 2]),
}

impl<'a> Parts<'a> {
    pub(super) fn split(token: &'a str, findings: &mut Findings) -> Self {
        match *token.split('.').collect::<Vec<_>>() {
            [header, claims, signature] => Self::Signed([header, claims, signature]),
            [header, key, nonce, ciphertext, tag] => Self::Encrypted([header, key, nonce, ciphertext, tag]),
            ref parts => {
                let count =
                    if let [_] = parts { "1 part".to_owned() } else { format!("{} parts", parts.len()) };
                let message = format!("it has {count}; a signed token has 3, an encrypted one 5");
                findings.error("malformed_token", None, message);
                Self::Broken(match *parts {
                    [only] if !is_header(only) => [None, Some(only)],
                    _ => [parts.first().copied(), parts.get(1).copied()],
                })
            }
        }
    }
}

/// Whether a single part is a header; nothing else has an `alg`.
fn is_header(part: &str) -> bool {
    let json = base64::lenient(part).and_then(|bytes| String::from_utf8(bytes).ok());
    json.and_then(|json| Node::parse(&json).ok()).is_none_or(|node| node.get("alg").is_some())
}

/// As much of a header or of claims as can be read.
pub(super) enum Content {
    Json(Node),
    Text(String),
    /// So many bytes that are no text.
    Bytes(usize),
    Absent,
}

impl Content {
    /// The value, where it is an object.
    pub(super) fn object(&self) -> Option<&Node> {
        match self {
            Self::Json(node @ Node::Object(_)) => Some(node),
            _ => None,
        }
    }
}

/// What a part is called, where it goes, and the code for one that cannot be read.
pub(super) struct Role {
    name: &'static str,
    place: fn() -> Pointer,
    code: &'static str,
}

pub(super) const HEADER: Role = Role { name: "the header", place: Pointer::header, code: "invalid_header" };

pub(super) const CLAIMS: Role = Role { name: "the payload", place: Pointer::claims, code: "invalid_payload" };

/// Reads a header or claims.
pub(super) fn read(part: &str, role: &Role, findings: &mut Findings) -> Content {
    let Role { name, place, code } = role;
    let bytes = decode(part, name, place(), findings);
    let mut wrong = |message: String| findings.error(code, place(), format!("{name} {message}"));
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            wrong("is not UTF-8".to_owned());
            return Content::Bytes(error.as_bytes().len());
        }
    };
    match Node::parse(&text) {
        Ok(node) => {
            if !matches!(node, Node::Object(_)) {
                wrong(format!("is {}, not an object", node.type_name()));
            }
            Content::Json(node)
        }
        Err(error) => {
            wrong(format!("is not JSON: {error}"));
            Content::Text(text)
        }
    }
}

/// The bytes of a part; of one that is no base64url as many as can be read.
pub(super) fn decode(
    part: &str,
    name: &str,
    place: impl Into<Option<Pointer>>,
    findings: &mut Findings,
) -> Vec<u8> {
    if let Some(bytes) = base64::strict(part) {
        return bytes;
    }
    let (bytes, problem) = match base64::lenient(part) {
        Some(bytes) => (bytes, loose(part).to_owned()),
        None => cut(part),
    };
    findings.error("malformed_token", place, format!("{name} is not base64url: it {problem}"));
    bytes
}

/// What makes readable base64 no base64url of a token.
fn loose(part: &str) -> &'static str {
    match () {
        () if part.contains(char::is_whitespace) => "has white space",
        () if part.contains('=') => "has padding",
        () if part.contains(['+', '/']) => "has + or /, as plain base64 does",
        () => "ends with bits that spell nothing",
    }
}

/// What stands before the first character that cannot be read.
fn cut(part: &str) -> (Vec<u8>, String) {
    let is_digit = |c: char| c.is_ascii_alphanumeric() || "-_+/".contains(c);
    let digits = part.split(|c| !is_digit(c)).next().unwrap_or_default();
    let problem = match digits.len() == part.len() {
        true => format!("has {} characters, which no bytes make", part.len()),
        false => format!("has another character behind the first {}", digits.len()),
    };
    let whole_groups = digits.get(..digits.len() / 4 * 4).and_then(base64::lenient);
    (base64::lenient(digits).or(whole_groups).unwrap_or_default(), problem)
}
