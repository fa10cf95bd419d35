//! What is wrong with the registered claims, and with the claims as a whole.

use std::collections::HashSet;

use super::{
    finding::{Findings, Level, Pointer},
    node::Node,
};

/// More levels than this, and hardly anybody reads them on purpose.
const DEEP: usize = 8;

/// The most that jwtower reads.
const TOO_DEEP: usize = 128;

fn place(name: &str) -> Pointer {
    Pointer::claims().below(name)
}

/// Judges what is there and what is missing.
pub(super) fn judge(claims: &Node, findings: &mut Findings) {
    for name in ["iss", "sub", "jti", "sid", "client_id"] {
        if let Some(other) = claims.get(name).filter(|value| value.as_text().is_none()) {
            findings.error(
                "mistyped_claim",
                place(name),
                format!("it is {}, not a string", other.type_name()),
            );
        }
    }
    judge_audience(claims, findings);
    for (name, level, code, message) in [
        ("exp", Level::Error, "no_expiry", "it has no exp: it would be good for ever"),
        ("iss", Level::Warning, "no_issuer", "it has no iss: nobody says who made it"),
        (
            "aud",
            Level::Warning,
            "no_audience",
            "it has no aud: what one service takes, every other one takes too",
        ),
        ("sub", Level::Note, "no_subject", "it has no sub: it is about nobody"),
        (
            "iat",
            Level::Note,
            "no_issue_time",
            "it has no iat: nobody can tell its age, nor revoke it by that",
        ),
        (
            "jti",
            Level::Note,
            "no_token_id",
            "it has no jti: it cannot be revoked alone, nor be told from others in logs",
        ),
    ] {
        if claims.get(name).is_none() {
            findings.add(level, code, None, message.to_owned());
        }
    }
    if claims.get("cnf").is_some() {
        let message =
            "it is bound to a key and good only with a proof of that (DPoP, mutual TLS); jwtower refuses it";
        findings.note("unexpected_binding", place("cnf"), message);
    }
    match claims.depth() {
        depth if depth > TOO_DEEP => {
            let message =
                format!("the claims nest deeper than {TOO_DEEP} levels; what is below is not shown");
            findings.error("nested_too_deep", Pointer::claims(), message);
        }
        depth if depth > DEEP => {
            let message = format!("the claims nest {depth} levels deep");
            findings.note("deep_nesting", Pointer::claims(), message);
        }
        _ => {}
    }
}

fn judge_audience(claims: &Node, findings: &mut Findings) {
    let wrong = match claims.get("aud") {
        None | Some(Node::Text(_)) => return,
        Some(Node::List(items)) if items.is_empty() => "an empty list",
        Some(Node::List(items)) => match items.iter().find(|item| item.as_text().is_none()) {
            None => return,
            Some(_) => "a list that holds something else than strings",
        },
        Some(other) => other.type_name(),
    };
    findings.error(
        "mistyped_claim",
        place("aud"),
        format!("it is {wrong}, not a string or a list of strings"),
    );
}

/// Finds members that come more than once, and strings that are none; `code` is for the object's own members.
pub(super) fn judge_members(object: &Node, at: &Pointer, code: &'static str, findings: &mut Findings) {
    let mut seen = HashSet::new();
    let mut told = HashSet::new();
    for (name, value) in object.members() {
        let place = at.below(name);
        if !seen.insert(name) && told.insert(name) {
            let message = "it comes more than once: two parsers would read two different tokens";
            match code {
                NESTED => findings.warning(code, place.clone(), message),
                code => findings.error(code, place.clone(), message),
            }
        }
        judge_value(value, &place, findings);
    }
}

/// The code of what is repeated below the top, which verifiers leave to the application.
const NESTED: &str = "duplicate_member";

fn judge_value(value: &Node, at: &Pointer, findings: &mut Findings) {
    match value {
        Node::Object(_) => judge_members(value, at, NESTED, findings),
        Node::List(items) => {
            for (index, item) in items.iter().enumerate() {
                judge_value(item, &at.below(index), findings);
            }
        }
        Node::HalfText(_) => {
            let message =
                "it holds half a character (an unpaired surrogate): parsers read it in different ways";
            findings.warning("half_character", at.clone(), message);
        }
        _ => {}
    }
}

/// The single scopes of `scope` and `scp`.
pub(super) fn scopes(claims: &Node) -> Vec<String> {
    let mut scopes = Vec::new();
    for name in ["scope", "scp"] {
        let texts = match claims.get(name) {
            Some(Node::List(items)) => items.iter().filter_map(Node::as_text).collect(),
            Some(Node::Text(text)) => vec![&**text],
            _ => Vec::new(),
        };
        scopes.extend(texts.into_iter().flat_map(str::split_whitespace).map(str::to_owned));
    }
    scopes
}
