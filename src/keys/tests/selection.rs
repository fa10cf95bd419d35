use serde_json::{Map, Value};

use super::support::{jwks, public_members, signing_key};
use crate::keys::{
    Algorithm::{self, *},
    KeyMiss::{self, *},
    KeySet, Secret,
};

fn entry(algorithm: Algorithm, kid: Option<&str>) -> Map<String, Value> {
    let mut members = public_members(algorithm);
    match kid {
        Some(kid) => members.insert("kid".into(), kid.into()),
        None => members.remove("kid"),
    };
    members
}

fn open(kid: &str) -> Map<String, Value> {
    let mut members = entry(RS256, Some(kid));
    members.remove("alg");
    members
}

/// The name of the key found, empty for a key without one.
fn found<'a>(keys: &'a KeySet, kid: Option<&str>, algorithm: Algorithm) -> Result<&'a str, KeyMiss> {
    let key = keys.find(kid, algorithm)?;
    assert_eq!(key.algorithm(), algorithm);
    Ok(key.kid().unwrap_or_default())
}

#[test]
fn a_key_is_found_by_name_and_algorithm() {
    let keys = KeySet::from_jwks(jwks(&[
        entry(ES256, Some("a")),
        entry(ES256, Some("b")),
        entry(ES384, Some("b")),
        entry(Ed25519, Some("c")),
    ]))
    .unwrap();
    for (kid, algorithm, expected) in [
        (Some("a"), ES256, Ok("a")),
        (Some("b"), ES256, Ok("b")),
        (Some("b"), ES384, Ok("b")),
        (Some("c"), Ed25519, Ok("c")),
        (Some("a"), ES384, Err(AlgorithmMismatch)),
        (Some("c"), ES256, Err(AlgorithmMismatch)),
        (Some("c"), HS256, Err(AlgorithmMismatch)),
        (Some("d"), ES256, Err(UnknownKid)),
        (Some(""), ES256, Err(UnknownKid)),
        (Some("A"), ES256, Err(UnknownKid)),
        (Some("aa"), ES256, Err(UnknownKid)),
        (None, ES256, Err(Ambiguous)),
        (None, ES384, Ok("b")),
        (None, Ed25519, Ok("c")),
        (None, RS256, Err(AlgorithmMismatch)),
        (None, HS256, Err(AlgorithmMismatch)),
    ] {
        assert_eq!(found(&keys, kid, algorithm), expected, "{kid:?} {algorithm}");
    }
}

#[test]
fn a_key_without_a_name_serves_names_that_no_key_has() {
    let keys =
        KeySet::from_jwks(jwks(&[entry(ES256, Some("a")), entry(ES256, None), entry(ES384, None)])).unwrap();
    for (kid, algorithm, expected) in [
        (Some("a"), ES256, Ok("a")),
        (Some("b"), ES256, Ok("")),
        (Some("b"), ES384, Ok("")),
        (Some("b"), Ed25519, Err(UnknownKid)),
        // The named key is the one that is meant, whatever else would fit.
        (Some("a"), ES384, Err(AlgorithmMismatch)),
        (None, ES256, Err(Ambiguous)),
        (None, ES384, Ok("")),
    ] {
        assert_eq!(found(&keys, kid, algorithm), expected, "{kid:?} {algorithm}");
    }
    let secret = Secret::generate(HS256).unwrap();
    assert_eq!(found(&KeySet::from(&secret), Some("x"), HS256), Ok(""));
}

#[test]
fn a_list_of_algorithms_drops_other_keys() {
    let keys = KeySet::from_jwks(jwks(&[entry(ES256, Some("a")), entry(Ed25519, Some("b"))])).unwrap();
    let only = keys.with_algorithms(&[Ed25519, RS256]).unwrap();
    assert_eq!(only.kids().collect::<Vec<_>>(), [Some("b")]);
    assert_eq!(found(&only, Some("a"), ES256), Err(UnknownKid));
    for allowed in [&[][..], &[ES384, PS256]] {
        let error = keys.with_algorithms(allowed).unwrap_err();
        assert_eq!(error.setting(), "algorithms");
        assert!(error.to_string().ends_with("the keys are for ES256, Ed25519"), "{error}");
    }
}

#[test]
fn an_rsa_key_without_an_algorithm_is_for_rs256_or_the_one_listed() {
    let keys = KeySet::from_jwks(jwks(&[open("open"), entry(ES256, Some("ec"))])).unwrap();
    assert_eq!(found(&keys, Some("open"), RS256), Ok("open"));
    assert_eq!(found(&keys, Some("open"), PS256), Err(AlgorithmMismatch));
    for (allowed, expected) in [
        (&[RS256][..], Some(RS256)),
        (&[PS256, RS256], Some(RS256)),
        (&[PS384, ES256], Some(PS384)),
        (&[RS512, RS512], Some(RS512)),
        (&[PS256, PS384, ES256], None),
        (&[ES256], None),
    ] {
        let keys = keys.with_algorithms(allowed).unwrap();
        for algorithm in Algorithm::ALL.into_iter().filter(|algorithm| algorithm.is_rsa()) {
            assert_eq!(
                found(&keys, Some("open"), algorithm).is_ok(),
                expected == Some(algorithm),
                "{allowed:?}"
            );
        }
        if let Some(algorithm) = expected {
            let signature = signing_key(algorithm).sign(b"message").unwrap();
            assert!(keys.find(Some("open"), algorithm).unwrap().verify(b"message", &signature));
        }
    }
}

#[test]
fn a_named_algorithm_is_never_changed() {
    let keys = KeySet::from_jwks(jwks(&[entry(RS256, Some("a"))])).unwrap();
    assert!(keys.with_algorithms(&[PS256]).is_err());
    assert!(KeySet::from(&signing_key(RS256)).with_algorithms(&[PS256]).is_err());
}

#[test]
fn an_open_key_that_comes_to_clash_is_refused() {
    let mut named = entry(PS256, Some("a"));
    let other = crate::SigningKey::generate(PS256).unwrap();
    let other = super::support::members(&other.public_jwk().unwrap());
    named.insert("n".into(), other["n"].clone());
    let keys = KeySet::from_jwks(jwks(&[open("a"), named])).unwrap();
    assert_eq!(keys.len(), 2);
    let error = keys.with_algorithms(&[PS256]).unwrap_err().to_string();
    assert!(error.contains("same kid and algorithm"), "{error}");
    assert_eq!(keys.with_algorithms(&[RS256, PS256]).unwrap().len(), 2);
}
