//! `jwtower inspect`.

mod confidential;
mod encrypted;
mod findings;
mod form;
mod hostile;
mod output;
mod times;

use jwtower::{NoClaims, Verifier};
use jwtower_tests::{AUDIENCE, Forge, ISSUER, good_claims};
use serde_json::{Map, Value, json};

use super::program;

/// A header about which there is nothing to say.
const HEADER: &str = r#"{"alg":"HS256","typ":"at+jwt"}"#;

/// What `--json` prints about a token.
fn report(token: &str) -> Value {
    let outcome = program(["inspect", "--json"]).stdin(token).run();
    assert_eq!((outcome.code, &*outcome.stderr), (0, ""), "{outcome:?}");
    let report: Value = serde_json::from_str(&outcome.stdout).expect("JSON");
    for finding in list(&report["findings"]) {
        let Value::String(member) = &finding["member"] else { continue };
        assert!(report.pointer(member).is_some(), "{member} leads to no member");
    }
    report
}

/// Level, code and member of each finding, such as `error token_expired /claims/exp`.
fn findings(report: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let told = |finding: &Value| ["level", "code", "member"].map(|name| text(&finding[name])).join(" ");
    list(&report["findings"]).iter().map(|finding| told(finding).trim().to_owned()).collect()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

/// Claims about which there is nothing to say.
fn claims() -> Map<String, Value> {
    let mut claims = good_claims();
    claims.remove("name");
    claims.insert("jti".to_owned(), json!("7f3a"));
    claims
}

/// The same with these members, and without those that are null.
fn claims_with(members: Value) -> String {
    let mut claims = claims();
    for (name, value) in members.as_object().expect("an object") {
        claims.remove(name);
        if !value.is_null() {
            claims.insert(name.clone(), value.clone());
        }
    }
    Value::Object(claims).to_string()
}

/// Asserts what is found in a token, and holds it against a verifier: what has an error is refused, and what has
/// neither errors nor warnings is taken.
fn assert_found(forge: &Forge, token: &str, expected: &[&str]) {
    let found = findings(&report(token));
    assert_eq!(found, expected, "{token:.200}");
    let verifier = Verifier::<NoClaims>::builder().keys(forge.secret()).issuer(ISSUER).audience(AUDIENCE);
    let verified = verifier.build().unwrap().verify(token);
    let has = |level: &str| found.iter().any(|finding| finding.starts_with(level));
    if has("error ") {
        assert!(verified.is_err(), "{expected:?}: a verifier takes it");
    } else if !has("warning ") {
        assert!(verified.is_ok(), "{expected:?}: {verified:?}");
    }
}
