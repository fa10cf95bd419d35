//! Any text, any three segments, any header and payload under a good signature.

use std::{collections::HashMap, sync::LazyLock, time::Duration};

use jwtower::{JwtAuthLayer, NoClaims, Verifier, claims::AuthorityMap};
use jwtower_tests::{AUDIENCE, Forge, ISSUER, encode};
use proptest::{collection::vec, prelude::*};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, value::RawValue};

use super::{
    config,
    json::{damaged, object_of},
};

static FORGE: LazyLock<Forge> = LazyLock::new(Forge::new);

#[derive(Deserialize)]
#[allow(dead_code, reason = "only whether it can be read matters")]
struct User {
    name: String,
    sub: Option<String>,
    roles: Vec<String>,
    exp: u64,
    #[serde(default)]
    raw: Option<Box<RawValue>>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "only whether it can be read matters")]
struct Rest {
    #[serde(flatten)]
    rest: HashMap<String, Value>,
}

#[derive(Deserialize)]
#[serde(tag = "typ")]
#[allow(dead_code, reason = "only whether it can be read matters")]
enum Tagged {
    Bearer { name: String },
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(dead_code, reason = "only whether it can be read matters")]
enum Outside {
    Name(String),
    Sub(String),
    X { y: u8 },
}

/// Verifies as many claims types, with few demands and with all of them, and reads what was accepted.
fn verify(token: &str) {
    with::<NoClaims>(token);
    with::<Value>(token);
    with::<User>(token);
    with::<Rest>(token);
    with::<Option<Tagged>>(token);
    with::<Outside>(token);
    with::<HashMap<String, String>>(token);
}

fn with<C: DeserializeOwned + Send + Sync + 'static>(token: &str) {
    let complete = || Verifier::<C>::builder().keys(FORGE.secret()).issuer(ISSUER).audience(AUDIENCE);
    let open =
        Verifier::<C>::builder().keys(FORGE.secret()).dangerous().any_issuer().dangerous().any_audience();
    let map = AuthorityMap::new().roles(["/x/0/y", "/sub", "/roles", "/a/b"]).unwrap();
    let strict = complete()
        .rfc9068()
        .max_age(Duration::from_secs(60))
        .subject_pattern("a*b*")
        .required_claims(["name", "x"])
        .authorities(map.clone())
        .check(|token| token.registered().subject().is_some());
    for verifier in [complete(), open.authorities(map), strict].map(|builder| builder.build().unwrap()) {
        match jwtower_tests::at_once(JwtAuthLayer::new(verifier).authenticate(token)) {
            Ok(token) => {
                let registered = token.registered();
                let _ = registered.expires_at().to_system_time();
                let _ = registered.audience().count();
                let principal = token.principal();
                let _ = principal.roles().count() + principal.scopes().count();
                let _ = format!("{principal:?}");
            }
            Err(error) => assert!(!error.code().is_empty() && !error.to_string().is_empty()),
        }
    }
}

const HEADER_NAMES: &[&str] = &["alg", "typ", "kid", "crit", "b64", "zip", "jwk", "x5c", "x"];

const CLAIM_NAMES: &[&str] = &[
    "iss",
    "sub",
    "aud",
    "exp",
    "nbf",
    "iat",
    "jti",
    "sid",
    "client_id",
    "auth_time",
    "acr",
    "cnf",
    "nonce",
    "token_use",
    "typ",
    "roles",
    "permissions",
    "scope",
    "scp",
    "name",
    "raw",
    "x",
    "a",
];

/// A header that is accepted, or anything.
fn header() -> impl Strategy<Value = Vec<u8>> {
    let good = r#"{"alg":"HS256"}"#.to_owned();
    prop_oneof![3 => Just(good.clone().into_bytes()), 1 => damaged(Just(good)), 2 => damaged(object_of(HEADER_NAMES))]
}

/// Claims that would be accepted without what stands before them, or anything.
fn payload() -> impl Strategy<Value = Vec<u8>> {
    let end =
        format!(r#""iss":"{ISSUER}","aud":["{AUDIENCE}"],"exp":4102444800,"sub":"ab","name":"Alice"}}"#);
    let nearly_good =
        object_of(&["roles", "x", "a", "raw", "nbf", "iat", "scope", "typ", "acr"]).prop_map(move |text| {
            let members = text.trim_end_matches('}');
            if members == "{" { format!("{{{end}") } else { format!("{members},{end}") }
        });
    prop_oneof![
        2 => nearly_good.clone().prop_map(String::into_bytes),
        1 => damaged(nearly_good),
        2 => damaged(object_of(CLAIM_NAMES)),
        1 => vec(any::<u8>(), 0..64),
    ]
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_text(token in prop_oneof![any::<String>(), "[A-Za-z0-9_.-]{0,200}", "[.=\u{e9} A]{0,40}"]) {
        verify(&token);
    }

    #[test]
    fn any_three_segments(segments in [vec(any::<u8>(), 0..40), vec(any::<u8>(), 0..40), vec(any::<u8>(), 0..80)]) {
        verify(&segments.map(encode).join("."));
    }

    #[test]
    fn any_two_segments_under_a_good_signature(header in "[A-Za-z0-9_=-]{0,40}", payload in ".{0,60}") {
        verify(&FORGE.sign_segments(&header, &payload));
    }

    #[test]
    fn any_header_and_payload_under_a_good_signature(header in header(), payload in payload()) {
        verify(&FORGE.sign(header, payload));
    }

    #[test]
    fn any_depth_and_any_length(depth in 0..5_000_usize, length in 0..20_000_usize) {
        let deep = format!(r#"{{"x":{}1{}}}"#, "[".repeat(depth), "]".repeat(depth));
        verify(&FORGE.sign(r#"{"alg":"HS256"}"#, &deep));
        verify(&FORGE.sign(&deep, "{}"));
        verify(&FORGE.sign(r#"{"alg":"HS256"}"#, format!(r#"{{"sub":"{}"}}"#, "a".repeat(length))));
        verify(&FORGE.sign(r#"{"alg":"HS256"}"#, format!(r#"{{"{}":1}}"#, "\\u0061".repeat(length / 6))));
    }

    #[test]
    fn any_pattern_pointer_and_name(text in prop_oneof![any::<String>(), "[/~01a*-]{0,12}"]) {
        if let Ok(map) = AuthorityMap::new().scopes([&*text]) {
            let builder = Verifier::<Value>::builder().keys(FORGE.secret()).issuer(&*text).audience(&*text);
            let builder = builder.subject_pattern(&text).required_claims([&*text]).authorities(map);
            if let Ok(verifier) = builder.build() {
                let _ = verifier.verify(&FORGE.sign(r#"{"alg":"HS256"}"#, r#"{"exp":4102444800,"a":{"0":["b"]}}"#));
            }
        }
    }
}
