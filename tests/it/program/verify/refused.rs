//! Tokens that are refused, and at which step.

use jwtower::{Algorithm, KeySet, Secret, SigningKey};
use jwtower_tests::{Forge, HEADER, encode, good_claims};
use serde_json::{Value, json};

use super::{Files, TRUST, report, steps, steps::STEPS, verify};

/// A code, the step that it is told at, a token, the arguments beside the usual ones, and what is said about it.
type Case<'a> = (&'a str, &'a str, String, &'a [&'a str], &'a str);

/// Codes that no token can provoke in the program: it trusts one issuer, asks for no maximum age, subject or check
/// of its own, and where keys cannot be fetched it says so in the place of a verdict.
const NEVER_TOLD: [&str; 7] = [
    "unknown_issuer",
    "issuers_unavailable",
    "keys_unavailable",
    "key_pending",
    "too_old",
    "subject_mismatch",
    "check_failed",
];

/// Codes of encrypted tokens, which have tests of their own.
const ENCRYPTED: [&str; 4] = ["plain_token", "decryption_failed", "not_nested", "header_claim_mismatch"];

/// Good claims with one of them set.
fn with(name: &str, value: impl Into<Value>) -> String {
    let mut claims = good_claims();
    claims.insert(name.into(), value.into());
    Value::Object(claims).to_string()
}

fn without(name: &str) -> String {
    let mut claims = good_claims();
    claims.remove(name);
    Value::Object(claims).to_string()
}

/// The report says of every step before this one that it passed, and of every later one that nobody asked.
fn assert_refused(json: &Value, code: &str, step: &str) {
    assert_eq!(json["code"], code, "{json}");
    let at = STEPS.iter().position(|row| row.name == step).expect("a step");
    for (place, (row, told)) in STEPS.iter().zip(steps(json)).enumerate() {
        let outcome = match place.cmp(&at) {
            std::cmp::Ordering::Less => "passed",
            std::cmp::Ordering::Equal => "failed",
            std::cmp::Ordering::Greater => "not_reached",
        };
        assert_eq!(told, (row.name, outcome), "{code} at {step}");
    }
}

#[test]
fn each_refusal_names_its_step_and_says_what_to_do() {
    let (files, forge) = (Files::new(), Forge::new());
    let good = Value::Object(good_claims()).to_string();
    let sign = |payload: &str| forge.sign(HEADER, payload);
    let headed = |header: &str| forge.sign(header, &good);
    let other = Forge::new().sign(HEADER, &good);
    let deep = format!("{{\"exp\":4102444800,\"x\":{}{}}}", "[".repeat(200), "]".repeat(200));
    let strict = &["--rfc9068"][..];
    let typed = |payload: &str| forge.sign(r#"{"alg":"HS256","typ":"at+jwt"}"#, payload);
    let cases: &[Case<'_>] = &[
        ("token_too_large", "form", sign(&with("x", "y".repeat(20_000))), &[], "an id can stand"),
        ("malformed_token", "form", "eyJhbGciOiJIUzI1NiJ9.e30".into(), &[], "Copy it whole"),
        ("malformed_token", "form", sign(&good) + "=", &[], "Copy it whole"),
        ("encrypted_token", "encryption", format!("{}.a.b.c.d", encode(HEADER)), &[], "--decrypt-key"),
        (
            "header_too_large",
            "header",
            headed(&format!(r#"{{"alg":"HS256","x":"{}"}}"#, "y".repeat(5000))),
            &[],
            "issuer",
        ),
        ("invalid_header", "header", headed(r#"{"alg":256}"#), &[], "issuer"),
        ("duplicate_header_member", "header", headed(r#"{"alg":"HS256","alg":"HS256"}"#), &[], "issuer"),
        ("unsupported_header", "header", headed(r#"{"alg":"HS256","crit":["b64"]}"#), &[], "issuer"),
        (
            "unsupported_algorithm",
            "header",
            headed(r#"{"alg":"none"}"#),
            &[],
            "Its alg is \"none\"; known are HS256, ",
        ),
        (
            "wrong_type",
            "type",
            headed(r#"{"alg":"HS256","typ":"dpop+jwt"}"#),
            &[],
            "Its typ is \"dpop+jwt\"; access tokens have",
        ),
        ("wrong_type", "type", sign(&good), strict, "Its typ is \"JWT\"; --rfc9068 takes at+jwt alone"),
        (
            "algorithm_not_allowed",
            "key",
            headed(r#"{"alg":"HS384"}"#),
            &["--alg", "HS256"],
            "Its alg is \"HS384\", and --alg HS256",
        ),
        (
            "algorithm_mismatch",
            "key",
            headed(r#"{"alg":"HS384"}"#),
            &[],
            "Its alg is \"HS384\". If the key is meant for that",
        ),
        ("bad_signature", "signature", other, &[], "Another key signed it"),
        ("invalid_payload", "payload", sign("[]"), &[], "issuer"),
        ("nested_too_deep", "payload", sign(&deep), &[], "issuer"),
        ("duplicate_claim", "payload", sign(r#"{"exp":4102444800,"exp":4102444800}"#), &[], "issuer"),
        ("mistyped_claim", "payload", sign(&with("exp", "soon")), &[], "Numbers are exp"),
        ("mistyped_claim", "payload", sign(&with("roles", 1)), &[], "roles"),
        ("other_token_kind", "kind", sign(&with("nonce", "n")), &[], "access token that came with it"),
        (
            "token_expired",
            "time",
            sign(&with("exp", 1_700_000_000)),
            &[],
            "It ended 2023-11-14 22:13:20 +00:00 (UTC)",
        ),
        (
            "not_yet_valid",
            "time",
            sign(&with("nbf", 4_102_444_800_u64)),
            &[],
            "It begins 2100-01-01 00:00:00 +00:00 (UTC)",
        ),
        (
            "issued_in_future",
            "time",
            sign(&with("iat", 4_102_444_800_u64)),
            &[],
            "It was issued 2100-01-01 00:00:00 +00:00 (UTC)",
        ),
        ("missing_claim", "time", sign(&without("exp")), &[], "It has no exp"),
        ("missing_claim", "time", typed(&without("exp")), strict, "It has no exp"),
        (
            "issuer_mismatch",
            "issuer",
            sign(&with("iss", "me")),
            &[],
            "Its iss is \"me\"; taken is \"https://login.example.com\".",
        ),
        (
            "issuer_mismatch",
            "issuer",
            sign(&with("iss", "https://login.example.com/")),
            &[],
            "slash at the end alone",
        ),
        ("issuer_mismatch", "issuer", sign(&without("iss")), &[], "Its iss is missing; taken is"),
        (
            "claims_mismatch",
            "claims",
            sign(&format!("{},\"x\":1e999}}", good.strip_suffix('}').unwrap())),
            &[],
            "too large",
        ),
        (
            "audience_mismatch",
            "audience",
            sign(&with("aud", json!(["a", "b"]))),
            &[],
            "Its aud is \"a\", \"b\"; taken is \"https://api.example.com\".",
        ),
        ("audience_mismatch", "audience", sign(&without("aud")), &[], "Its aud is missing; taken is"),
        ("unexpected_binding", "binding", sign(&with("cnf", json!({"jkt": "x"}))), &[], "DPoP"),
        ("missing_claim", "requirements", typed(&with("jti", "1")), strict, "Missing or empty: client_id."),
        ("missing_claim", "requirements", sign(&with("sub", "")), &[], "sub"),
    ];
    let secret = files.write("secret", forge.secret().secret());
    for (code, step, token, extra, said) in cases {
        let arguments = [&["--secret-file", &*secret], &TRUST[..], *extra].concat();
        assert_refused(&report(&verify(token, &[&["--json"], &*arguments].concat())), code, step);

        let outcome = verify(token, &arguments);
        assert_eq!((outcome.code, &*outcome.stderr), (1, ""), "{code}: {outcome:?}");
        let (told, advice) = outcome.stdout.split_once("\nrefused: ").expect("a verdict");
        assert!(advice.starts_with(&format!("{code}: ")) && advice.contains(said), "{code}: {advice}");
        assert_eq!(told.lines().filter(|line| *line == format!("✗ {step}")).count(), 1, "{told}");
        assert_eq!(
            told.lines().filter(|line| line.ends_with("not reached")).count()
                + 1
                + told.lines().filter(|line| line.starts_with('✓')).count(),
            STEPS.len()
        );
        assert!(!outcome.stdout.contains(&**token), "{code}: the token is repeated");
    }
    let by_keys = ["unknown_key", "ambiguous_key"];
    for code in STEPS.iter().flat_map(|row| row.codes) {
        let provoked = cases.iter().any(|(told, ..)| told == code) || by_keys.contains(code);
        let elsewhere = NEVER_TOLD.contains(code) || ENCRYPTED.contains(code);
        assert!(provoked != elsewhere, "{code}");
    }
}

#[test]
fn a_key_that_is_not_the_one_is_told_by_name() {
    let files = Files::new();
    let key =
        |kid: &str| SigningKey::generate(Algorithm::ES256).and_then(|key| key.with_kid(kid)).expect("a key");
    let (one, two) = (key("one"), key("two\u{1b}[2J"));
    let set = KeySet::from(&one).and(&two).expect("they differ");
    let jwks = files.write("jwks.json", set.to_jwks());
    let arguments = [&["--jwks", &*jwks], &TRUST[..]].concat();
    let token = |header: Value| format!("{}.{}.AAAA", encode(header.to_string()), encode("{}"));
    for (code, header, said) in [
        (
            "unknown_key",
            json!({"alg": "ES256", "kid": "three"}),
            "Its kid is \"three\"; the keys here are \"one\", \"two\\u001b[2J\".",
        ),
        (
            "ambiguous_key",
            json!({"alg": "ES256"}),
            "Give the one key that is meant; the keys here are \"one\", ",
        ),
        ("algorithm_mismatch", json!({"alg": "RS256", "kid": "one"}), "Its alg is \"RS256\""),
    ] {
        assert_refused(
            &report(&verify(&token(header.clone()), &[&["--json"], &*arguments].concat())),
            code,
            "key",
        );
        let outcome = verify(&token(header), &arguments);
        assert!(outcome.stdout.contains(said), "{code}: {}", outcome.stdout);
    }
}

#[test]
fn what_a_stranger_wrote_does_nothing_to_the_terminal() {
    let (files, forge) = (Files::new(), Forge::new());
    let secret = files.write("secret", forge.secret().secret());
    for (name, value, code) in [
        ("aud", json!("\u{1b}[2J\u{202e}"), 1),
        ("aud", json!(["\u{9b}31m", "\r\n"]), 1),
        ("aud", json!("a".repeat(5000)), 1),
        ("aud", json!(vec!["a"; 1000]), 1),
        ("iss", json!("\u{1b}]0;\u{7}"), 1),
        ("sub", json!("\u{9b}31m\u{202e}\n"), 0),
    ] {
        for format in [&[][..], &["--json"]] {
            let token = forge.sign(HEADER, with(name, value.clone()));
            let outcome = verify(&token, &[&["--secret-file", &*secret], &TRUST[..], format].concat());
            assert_eq!(outcome.code, code, "{outcome:?}");
            let strange = |c: char| c != '\n' && (c.is_control() || c == '\u{202e}');
            assert!(!outcome.stdout.contains(strange) && outcome.stdout.len() < 3500, "{outcome:?}");
            if !format.is_empty() && code == 0 {
                assert_eq!(report(&outcome)["subject"], value);
            }
        }
    }
}

#[test]
fn a_secret_of_another_length_is_told_by_its_algorithm() {
    let files = Files::new();
    let secret = Secret::generate(Algorithm::HS512).expect("the system has randomness");
    let issuer = jwtower::Issuer::builder()
        .key(&secret)
        .issuer(jwtower_tests::ISSUER)
        .audience(jwtower_tests::AUDIENCE);
    let token = issuer.build().expect("it is complete").sign("alice", &json!({})).expect("it can be signed");
    let secret = files.write("secret", secret.secret());
    let arguments = [&["--secret-file", &*secret], &TRUST[..]].concat();
    let outcome = verify(token.secret(), &arguments);
    assert!(
        outcome.stdout.contains("Its alg is \"HS512\". If the key is meant for that, say so by --alg."),
        "{outcome:?}"
    );
    assert_eq!(verify(token.secret(), &[&["--alg", "HS512"], &*arguments].concat()).code, 0);
}
