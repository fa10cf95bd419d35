//! What is wrong with a header.

use jwtower::{
    Algorithm,
    jwe::{ContentEncryption, KeyManagement},
};

use super::{
    algorithms::{self, Length},
    finding::{Findings, Pointer},
    node::Node,
};
use crate::visible::quoted;

/// The largest header that jwtower reads, in bytes.
const MAX_HEADER: usize = 4096;

/// The longest name that a key of jwtower has, in bytes.
const MAX_KID: usize = 256;

fn place(name: &str) -> Pointer {
    Pointer::header().below(name)
}

/// Judges the members that every header may have.
pub(super) fn judge(header: &Node, segment: &str, findings: &mut Findings) {
    let bytes = segment.len() * 3 / 4;
    if bytes > MAX_HEADER {
        let message = format!("the header has {bytes} bytes; jwtower reads at most {MAX_HEADER}");
        findings.error("header_too_large", Pointer::header(), message);
    }
    for name in ["alg", "kid", "typ"] {
        if let Some(other) = header.get(name).filter(|value| value.as_text().is_none()) {
            let message = format!("it is {}, not a string", other.type_name());
            findings.error("invalid_header", place(name), message);
        }
    }
    for (name, what) in [
        ("crit", "names extensions that must be understood"),
        ("b64", "changes what the signature covers"),
        ("zip", "compresses the content"),
    ] {
        if header.get(name).is_some() {
            findings.error("unsupported_header", place(name), format!("it {what}, which is refused"));
        }
    }
    for name in ["jwk", "jku", "x5u", "x5c"] {
        if header.get(name).is_some() {
            let message = "it brings a key along, which proves nothing; jwtower never looks at it";
            findings.warning("embedded_key", place(name), message);
        }
    }
    if let Some(problem) = header.get("kid").and_then(Node::as_text).and_then(problem_of_kid) {
        findings.warning(
            "suspicious_kid",
            place("kid"),
            format!("it {problem}, as in attacks on looking up keys"),
        );
    }
}

fn problem_of_kid(kid: &str) -> Option<&'static str> {
    let lower = kid.to_lowercase();
    let has = |needles: &[&str]| needles.iter().any(|needle| lower.contains(needle));
    match () {
        () if kid.is_empty() => Some("is empty"),
        () if kid.len() > MAX_KID => Some("is longer than 256 bytes"),
        () if has(&["://"]) => Some("looks like a URL"),
        () if has(&["../", "..\\", ":\\"]) || kid.starts_with(['/', '\\']) => Some("looks like a path"),
        () if has(&["'", "\"", ";", " or ", " union ", "select "]) => Some("looks like SQL"),
        () if has(&["`", "$(", "|"]) || kid.contains(char::is_control) => Some("looks like a command"),
        () => None,
    }
}

/// Judges the algorithm of a signed token, and the length of its signature.
pub(super) fn judge_signature(header: &Node, bytes: usize, findings: &mut Findings) {
    let name = algorithm(header, findings);
    if bytes == 0 && name.is_none_or(|name| !is_none(name)) {
        findings.error("no_signature", None, "it has no signature: anybody can change it");
    }
    let Some(name) = name else { return };
    let problem = match name {
        _ if name.parse::<Algorithm>().is_ok() => None,
        _ if is_none(name) => {
            findings.error(
                "unsigned",
                place("alg"),
                "it says that nobody signed: anybody can have made the token",
            );
            None
        }
        _ if algorithms::key_management(name).is_some() => Some("encrypts keys and signs nothing".to_owned()),
        _ => Some(match algorithms::signature(name) {
            Some(words) => format!("({words}) is not supported by jwtower"),
            None => "is unknown here; names of algorithms are exact".to_owned(),
        }),
    };
    if let Some(problem) = problem {
        findings.error("unsupported_algorithm", place("alg"), format!("{} {problem}", quoted(name)));
    }
    if let Some(length) = Length::of(name).filter(|length| bytes > 0 && !length.fits(bytes)) {
        let message = format!("the signature has {bytes} bytes; with {name} it has {length}");
        findings.error("signature_length", None, message);
    }
    let public =
        ["jwk", "jku", "x5u", "x5c", "x5t", "x5t#S256"].into_iter().find(|name| header.get(name).is_some());
    if let Some(public) = public.filter(|_| name.starts_with("HS")) {
        let message = format!("{name} takes a shared secret, and {public} names a public key, which is none");
        findings.warning("public_key_as_secret", place("alg"), message);
    }
    if header.get("cty").and_then(Node::as_text).is_some_and(is_jwt) {
        findings.note("nested_token", place("cty"), "it says that the payload is another token");
    }
}

/// Judges the algorithms of an encrypted token.
pub(super) fn judge_encryption(header: &Node, findings: &mut Findings) {
    if let Some(name) = algorithm(header, findings).filter(|name| name.parse::<KeyManagement>().is_err()) {
        let problem = match name {
            "RSA1_5" => "falls to Bleichenbacher's attack",
            "RSA-OAEP" => "rests on SHA-1",
            _ if name.starts_with("PBES2") => "takes a password, which can be guessed",
            _ if algorithms::key_management(name).is_some() => "is not supported by jwtower",
            _ if algorithms::signature(name).is_some() => "signs and encrypts nothing",
            _ => "is unknown here; names of algorithms are exact",
        };
        findings.error("unsupported_algorithm", place("alg"), format!("{} {problem}", quoted(name)));
    }
    match header.get("enc") {
        None => {
            findings.error("invalid_header", Pointer::header(), "the header of an encrypted token needs enc")
        }
        Some(Node::Text(name)) if name.parse::<ContentEncryption>().is_ok() => {}
        Some(Node::Text(name)) => {
            let message =
                format!("{} is not supported by jwtower, which has A128GCM and A256GCM", quoted(name));
            findings.error("unsupported_algorithm", place("enc"), message);
        }
        Some(other) => {
            let message = format!("it is {}, not a string", other.type_name());
            findings.error("invalid_header", place("enc"), message);
        }
    }
    if !header.get("cty").and_then(Node::as_text).is_some_and(is_jwt) {
        let message = "its cty is not JWT: where no signed token is inside, anybody can have encrypted it";
        findings.error("not_nested", None, message);
    }
}

fn algorithm<'a>(header: &'a Node, findings: &mut Findings) -> Option<&'a str> {
    if header.get("alg").is_none() {
        findings.error("invalid_header", Pointer::header(), "the header has no alg");
    }
    header.get("alg").and_then(Node::as_text)
}

/// Parsers that do not compare exactly have taken each spelling of it.
fn is_none(name: &str) -> bool {
    name.eq_ignore_ascii_case("none")
}

fn is_jwt(media_type: &str) -> bool {
    short_type(media_type) == "jwt"
}

/// A media type in lower case, without the prefix that may be left out (RFC 7515 §4.1.9).
pub(super) fn short_type(media_type: &str) -> String {
    let lower = media_type.to_ascii_lowercase();
    lower.strip_prefix("application/").map(str::to_owned).unwrap_or(lower)
}
