//! Base64url has one spelling per value (RFC 7515 §2).
//!
//! The header `Authorization` lets some of these characters through and not others. So each case is tried
//! there and through a source of the application's own that lets everything through.

use http::{HeaderMap, HeaderName};
use jwtower::{
    JwtAuthLayer,
    source::{Found, SourceError, TokenSource},
};
use jwtower_tests::{Forge, HEADER, encode};

use super::{
    Answer::{self, BadRequest, Invalid},
    Api, Row, Sent, Table, User, and, builder, good,
};

/// Takes the whole value of `x-raw` for the token.
struct Raw(HeaderName);

impl TokenSource for Raw {
    fn header_name(&self) -> &HeaderName {
        &self.0
    }

    fn find<'h>(&self, headers: &'h HeaderMap) -> Result<Found<'h>, SourceError> {
        let Some(value) = headers.get(&self.0) else { return Ok(Found::Absent) };
        str::from_utf8(value.as_bytes()).map(Found::Token).map_err(|_| SourceError::Malformed)
    }
}

/// A token whose segments end in one, two and two characters beyond a multiple of four.
struct Parts {
    forge: Forge,
    header: String,
    payload: String,
    signature: String,
}

impl Parts {
    fn new() -> Self {
        let forge = Forge::new();
        let token = forge.sign(HEADER, padded(&and(r#""x":"","y":"ûÿ¾""#), 1));
        let mut segments = token.split('.').map(str::to_owned);
        let mut next = || segments.next().expect("a token has three segments");
        let (header, payload, signature) = (next(), next(), next());
        Self { header, payload, signature, forge }
    }

    fn token(&self) -> String {
        format!("{}.{}.{}", self.header, self.payload, self.signature)
    }

    /// The token with one segment changed; header and payload are signed as they are then.
    fn changed(&self, segment: usize, change: impl Fn(&str) -> String) -> String {
        match segment {
            0 => self.forge.sign_segments(&change(&self.header), &self.payload),
            1 => self.forge.sign_segments(&self.header, &change(&self.payload)),
            _ => format!("{}.{}.{}", self.header, self.payload, change(&self.signature)),
        }
    }
}

/// The JSON with spaces behind it, so that its length leaves this rest when divided by three.
fn padded(json: &str, rest: usize) -> String {
    format!("{json}{}", " ".repeat((rest + 3 - json.len() % 3) % 3))
}

type Change = fn(&str) -> String;

const CHANGES: [(&str, Change); 13] = [
    ("one sign of padding", |s| format!("{s}=")),
    ("full padding", |s| format!("{s}{}", "=".repeat((4 - s.len() % 4) % 4))),
    ("a plus", |s| replaced(s, "+")),
    ("a slash", |s| replaced(s, "/")),
    ("a tilde", |s| replaced(s, "~")),
    ("a space inside", |s| inserted(s, " ")),
    ("a tab inside", |s| inserted(s, "\t")),
    ("a comma inside", |s| inserted(s, ",")),
    ("a percent escape", |s| inserted(s, "%2D")),
    ("a letter outside ASCII", |s| replaced(s, "é")),
    ("an impossible length", |s| format!("{s}{}", "A".repeat((5 - s.len() % 4) % 4))),
    ("trailing bits", trailing_bits),
    ("quotes around it", |s| format!("\"{s}\"")),
];

/// The fifth character replaced.
fn replaced(segment: &str, by: &str) -> String {
    format!("{}{by}{}", &segment[..4], &segment[5..])
}

fn inserted(segment: &str, what: &str) -> String {
    format!("{}{what}{}", &segment[..4], &segment[4..])
}

/// The last character's lowest bit set, which no byte uses.
fn trailing_bits(segment: &str) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    assert_ne!(segment.len() % 4, 0, "there are unused bits");
    let (start, last) = segment.split_at(segment.len() - 1);
    let place = ALPHABET.iter().position(|letter| last.as_bytes() == [*letter]).expect("it is base64url");
    format!("{start}{}", char::from(ALPHABET[place | 1]))
}

pub(super) fn rows() -> Vec<Row> {
    let mut parts = Parts::new();
    parts.header = encode(padded(HEADER, 1));
    let token = parts.changed(0, str::to_owned);
    let (_, signature) = token.rsplit_once('.').expect("a token has dots");
    parts.signature = signature.to_owned();

    let verifier = builder::<User>(parts.forge.secret()).build().expect("the settings are right");
    let raw = JwtAuthLayer::new(verifier.clone()).only_from(Raw(HeaderName::from_static("x-raw")));
    let mut bearer = Table::new("base64url after Bearer", Api::verifying(verifier), parts.token());
    let mut bare =
        Table::new("base64url from any source", Api::behind(raw), Sent::line("x-raw", parts.token()));
    for (segment, place) in ["header", "payload", "signature"].into_iter().enumerate() {
        for (what, change) in CHANGES {
            let (name, token) = (format!("{what} in the {place}"), parts.changed(segment, change));
            bearer.bad(&name, &token, answer_after_bearer(&token));
            bare.bad(&name, Sent::line("x-raw", &token), Invalid("malformed_token"));
        }
    }
    for (name, token) in [
        ("white space before", format!(" {}", parts.token())),
        ("white space behind", format!("{} ", parts.token())),
        ("a scheme before", format!("Bearer {}", parts.token())),
        ("a byte order mark before", format!("\u{feff}{}", parts.token())),
        ("the JSON serialization", format!(r#"{{"payload":"{}"}}"#, parts.payload)),
        ("the JSON itself", good()),
    ] {
        bare.bad(name, Sent::line("x-raw", token), Invalid("malformed_token"));
        if name.starts_with("white space") {
            bare.in_memory_only();
        }
    }
    [bearer.into_rows(), bare.into_rows()].concat()
}

/// Characters that RFC 6750 §2.1 does not let into a token are the request's fault, not the token's.
fn answer_after_bearer(token: &str) -> Answer {
    let letters = token.trim_end_matches('=');
    let known = |letter: char| letter.is_ascii_alphanumeric() || "-._~+/".contains(letter);
    if letters.chars().all(known) { Invalid("malformed_token") } else { BadRequest("malformed_header") }
}
