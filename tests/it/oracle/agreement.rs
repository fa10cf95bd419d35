//! Whatever is changed in a token, both libraries accept it or both refuse it, but for the known gaps.

use std::collections::BTreeMap;

use jsonwebtoken::errors::ErrorKind;
use jwtower_tests::{AUDIENCE, HEADER, ISSUER, encode, good_claims};
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};
use serde_json::{Value, json};

use super::{
    keys::{PAIRS, Pair},
    tokens::recipe,
};

/// What jsonwebtoken accepts and jwtower refuses: the code, a change of header or claims that shows it, and
/// why jwtower is right.
fn gaps() -> Vec<(&'static str, Change, &'static str)> {
    use Change::{Claim, ClaimTwice, Header, HeaderTwice};
    vec![
        ("mistyped_claim", Claim("iss", json!([ISSUER])), "iss is one string (RFC 7519 4.1.1)"),
        ("mistyped_claim", Claim("sub", json!(7)), "sub is a string (RFC 7519 4.1.2)"),
        ("missing_claim", Claim("sub", json!("")), "a subject that names nobody is none"),
        ("mistyped_claim", Claim("iat", json!("now")), "iat is a number (RFC 7519 4.1.6)"),
        ("mistyped_claim", Claim("roles", json!({})), "roles that nobody can read grant and deny nothing"),
        ("duplicate_claim", ClaimTwice("name"), "two parsers would read two tokens (RFC 7519 4)"),
        ("duplicate_header_member", HeaderTwice("x"), "the same (RFC 7515 4)"),
        (
            "unsupported_header",
            Header("crit", json!(["exp"])),
            "what is critical is understood (RFC 7515 4.1.11)",
        ),
        ("unsupported_header", Header("b64", json!(false)), "no JWT has it (RFC 7797 7)"),
        ("unsupported_header", Header("zip", json!("DEF")), "it belongs to encrypted tokens"),
        ("invalid_header", Header("kid", json!(null)), "kid is a string (RFC 7515 4.1.4)"),
        ("invalid_header", Header("typ", json!(null)), "typ is a string (RFC 7515 4.1.9)"),
        ("wrong_type", Header("typ", json!("dpop+jwt")), "it is no access token (RFC 8725 3.11)"),
        ("other_token_kind", Claim("nonce", json!("n")), "it is an ID token (RFC 8725 3.12)"),
        ("issued_in_future", Claim("iat", json!(4_102_444_800_u64)), "a broken clock, or a lie"),
        (
            "unexpected_binding",
            Claim("cnf", json!({"jkt": "x"})),
            "a bound token is no bearer token (RFC 9449 7.1)",
        ),
    ]
}

enum Change {
    Header(&'static str, Value),
    HeaderTwice(&'static str),
    Claim(&'static str, Value),
    ClaimTwice(&'static str),
}

impl Change {
    fn token(&self, pair: &Pair) -> String {
        let mut header = BTreeMap::from([("alg", json!(pair.name)), ("typ", json!("JWT"))]);
        let mut claims = good_claims();
        match self {
            Self::Header(name, value) => drop(header.insert(name, value.clone())),
            Self::Claim(name, value) => drop(claims.insert((*name).to_owned(), value.clone())),
            Self::HeaderTwice(_) | Self::ClaimTwice(_) => {}
        }
        let (mut header, mut claims) = (json!(header).to_string(), json!(claims).to_string());
        match self {
            Self::HeaderTwice(name) => header.insert_str(1, &format!("\"{name}\":1,\"{name}\":2,")),
            Self::ClaimTwice(name) => claims.insert_str(1, &format!("\"{name}\":\"x\",")),
            Self::Header(..) | Self::Claim(..) => {}
        }
        pair.sign(&encode(header), &encode(claims))
    }
}

#[test]
fn every_known_gap_is_one() {
    for (code, change, why) in gaps() {
        for pair in PAIRS.iter() {
            let token = change.token(pair);
            assert!(pair.theirs(&token).is_ok(), "jsonwebtoken refuses too: {why}");
            assert_eq!(pair.ours(&token).err(), Some(code), "{why}");
        }
    }
}

/// What jwtower accepts and jsonwebtoken does not; nothing of it is a check that we lack.
fn is_narrowness_of_theirs(token: &str, claims: &Value, refusal: &ErrorKind) -> bool {
    let outside_u64 = |name: &str| {
        claims[name].as_f64().is_some_and(|date| !(0.0..18_446_744_073_709_551_615.0).contains(&date))
    };
    match refusal {
        // It keeps dates as u64; RFC 7519 2 has negative and large ones too.
        ErrorKind::MissingRequiredClaim(name) | ErrorKind::InvalidClaimFormat(name) => outside_u64(name),
        // It reads header members that mean nothing to us, such as a number for jku.
        ErrorKind::Json(_) => has_odd_header(token),
        _ => false,
    }
}

fn has_odd_header(token: &str) -> bool {
    let header = token.split('.').next().unwrap_or_default();
    let header = base64_simd::URL_SAFE_NO_PAD.decode_to_vec(header).unwrap_or_default();
    let header: Value = serde_json::from_slice(&header).unwrap_or_default();
    let texts = ["cty", "jku", "x5u", "x5t", "x5t#S256", "enc", "url", "nonce"];
    texts.iter().any(|name| header.get(name).is_some_and(|value| !value.is_string()))
        || ["jwk", "x5c"].iter().any(|name| header.get(name).is_some())
}

/// Cases that a bug is found in are written into the test, not into a file.
fn config() -> Config {
    Config { failure_persistence: None, ..Config::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn both_libraries_agree_but_for_the_known_gaps(recipe in recipe()) {
        let (pair, token) = (recipe.pair(), recipe.token());
        match (pair.ours(&token), pair.theirs(&token)) {
            (Ok(ours), Ok(theirs)) => prop_assert_eq!(ours, theirs),
            (Err(_), Err(_)) => {}
            (Ok(claims), Err(refusal)) => prop_assert!(
                is_narrowness_of_theirs(&token, &claims, &refusal),
                "jwtower accepts what jsonwebtoken refuses: {refusal:?}"
            ),
            (Err(code), Ok(_)) => prop_assert!(
                gaps().iter().any(|(known, ..)| *known == code),
                "jwtower refuses what jsonwebtoken accepts: {code}"
            ),
        }
    }
}

#[test]
fn the_tokens_that_are_tried_meet_every_check() {
    let mut runner = TestRunner::deterministic();
    let mut codes = BTreeMap::<&str, u32>::new();
    for _ in 0..1_000 {
        let recipe = recipe().new_tree(&mut runner).unwrap().current();
        let verdict = recipe.pair().ours(&recipe.token());
        *codes.entry(verdict.err().unwrap_or("accepted")).or_default() += 1;
    }
    let accepted = codes.get("accepted").copied().unwrap_or_default();
    assert!((300..700).contains(&accepted) && codes.len() >= 15, "{codes:#?}");
}

#[test]
fn the_unchanged_token_is_accepted_by_both() {
    for pair in PAIRS.iter() {
        let token = Change::Claim("name", json!("Alice")).token(pair);
        assert_eq!(pair.ours(&token).ok(), pair.theirs(&token).ok());
        assert!(pair.ours(&token).is_ok(), "{}", pair.algorithm);
    }
    assert!(HEADER.contains("JWT") && good_claims()["aud"] == AUDIENCE);
}
