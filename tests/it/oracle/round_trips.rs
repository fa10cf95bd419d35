//! Tokens of one library, verified by the other.

use jsonwebtoken as theirs;
use jwtower::{Algorithm, Issuer};
use jwtower_tests::{AUDIENCE, ISSUER, good_claims};
use serde_json::{Value, json};

use super::keys::PAIRS;

#[test]
fn tokens_of_jsonwebtoken_are_accepted() {
    for pair in PAIRS.iter() {
        let claims = good_claims();
        let token = theirs::encode(&theirs::Header::new(pair.name), &claims, &pair.encoding).unwrap();
        let read = pair.ours(&token).unwrap_or_else(|code| panic!("{}: {code}", pair.algorithm));
        assert_eq!(read, Value::from(claims), "{}", pair.algorithm);
    }
}

#[test]
fn jsonwebtoken_accepts_our_tokens() {
    for pair in PAIRS.iter() {
        let issuer = Issuer::builder().key(&pair.signing).issuer(ISSUER).audience(AUDIENCE);
        let issuer = issuer.legacy_eddsa_name().build().unwrap();
        let token = issuer.sign("alice", &json!({ "name": "Zoë", "roles": ["admin"] })).unwrap();
        let read = pair.theirs(token.secret()).unwrap_or_else(|why| panic!("{}: {why:?}", pair.algorithm));
        assert_eq!(read["name"], "Zoë");
        assert_eq!(read, pair.ours(token.secret()).unwrap(), "{}", pair.algorithm);
    }
}

#[test]
fn a_token_of_one_key_is_refused_under_every_other() {
    for pair in PAIRS.iter() {
        let header = theirs::Header::new(pair.name);
        let token = theirs::encode(&header, &good_claims(), &pair.encoding).unwrap();
        for other in PAIRS.iter().filter(|other| other.algorithm != pair.algorithm) {
            let code = other.ours(&token).unwrap_err();
            assert_eq!(code, "algorithm_mismatch", "{} under {}", pair.algorithm, other.algorithm);
        }
    }
}

#[test]
fn the_name_ed25519_is_what_jsonwebtoken_does_not_know() {
    let pair = PAIRS.iter().find(|pair| pair.algorithm == Algorithm::Ed25519).unwrap();
    let issuer = Issuer::builder().key(&pair.signing).issuer(ISSUER).audience(AUDIENCE).build().unwrap();
    let token = issuer.sign("alice", &json!({})).unwrap();
    assert!(pair.ours(token.secret()).is_ok());
    assert!(matches!(pair.theirs(token.secret()), Err(theirs::errors::ErrorKind::Json(_))));
}
