use serde_json::{Map, Value, json};

use super::support::{private_members, signing_key};
use crate::keys::{Algorithm, KeySet, SigningKey, base64url};

type Members = Map<String, Value>;
type Change = fn(&mut Members);
type Row = (&'static str, Algorithm, Change, &'static str);

fn set(members: &mut Members, name: &str, value: impl Into<Value>) {
    members.insert(name.into(), value.into());
}

fn with_number(members: &mut Members, name: &str, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = base64url::decode(members[name].as_str().unwrap()).unwrap();
    change(&mut bytes);
    set(members, name, base64url::encode(bytes));
}

fn flip(members: &mut Members, name: &str) {
    with_number(members, name, |number| *number.last_mut().unwrap() ^= 2);
}

/// A member of another key of the same kind.
fn take_from_another(members: &mut Members, name: &str, algorithm: Algorithm) {
    let other = private_members(algorithm);
    assert_ne!(members[name], other[name]);
    set(members, name, other[name].clone());
}

fn read(members: &Members) -> Result<SigningKey, String> {
    SigningKey::from_jwk(Value::Object(members.clone()).to_string()).map_err(|error| error.to_string())
}

use Algorithm::{ES256, ES384, ES512, Ed25519, HS256, HS512, PS384, RS256};

const REFUSED: [Row; 62] = [
    ("kty is missing", ES256, |k| drop(k.remove("kty")), "no kty"),
    ("kty is unknown", ES256, |k| set(k, "kty", "AKP"), "kty \"AKP\""),
    ("kty is a number", HS256, |k| set(k, "kty", 1), "kty is a number"),
    ("kty is of a secret", ES256, |k| set(k, "kty", "oct"), "is a secret, and ES256 takes a P-256 key"),
    ("kty is of a pair", HS256, |k| set(k, "kty", "RSA"), "no n"),
    (
        "alg is missing, of RSA",
        RS256,
        |k| drop(k.remove("alg")),
        "no alg, and its kind serves several; add one of RS256, RS384",
    ),
    ("alg is missing, of a secret", HS256, |k| drop(k.remove("alg")), "add one of HS256, HS384, HS512"),
    ("alg is for encryption", RS256, |k| set(k, "alg", "RSA-OAEP"), "alg \"RSA-OAEP\""),
    ("alg is none", HS256, |k| set(k, "alg", "none"), "alg \"none\""),
    ("alg is null", ES256, |k| set(k, "alg", Value::Null), "alg is null"),
    ("alg is HMAC", RS256, |k| set(k, "alg", "HS256"), "is an RSA key, and HS256 takes a secret"),
    ("alg is of RSA", ES256, |k| set(k, "alg", "RS256"), "is a P-256 key, and RS256 takes an RSA key"),
    ("alg is of another curve", ES384, |k| set(k, "alg", "ES256"), "is a P-384 key"),
    ("alg is of a pair", HS256, |k| set(k, "alg", "Ed25519"), "is a secret, and Ed25519 takes"),
    ("use is enc", RS256, |k| set(k, "use", "enc"), "use is \"enc\", not \"sig\""),
    ("use is enc, of a secret", HS256, |k| set(k, "use", "enc"), "use is \"enc\""),
    ("key_ops is for verifying", ES256, |k| set(k, "key_ops", json!(["verify"])), "does not hold \"sign\""),
    ("key_ops is for verifying, of a secret", HS256, |k| set(k, "key_ops", json!(["verify"])), "\"sign\""),
    ("key_ops is empty", ES256, |k| set(k, "key_ops", json!([])), "\"sign\""),
    ("key_ops is a string", ES256, |k| set(k, "key_ops", "sign"), "array of strings"),
    ("key_ops repeats", ES256, |k| set(k, "key_ops", json!(["sign", "sign"])), "twice"),
    ("key_ops goes beyond use", ES256, |k| set(k, "key_ops", json!(["sign", "deriveKey"])), "contradicts"),
    ("kid is a number", ES256, |k| set(k, "kid", 7), "kid is a number"),
    ("kid is empty", ES256, |k| set(k, "kid", ""), "has 0 bytes"),
    ("kid is long", HS256, |k| set(k, "kid", "k".repeat(257)), "has 257 bytes"),
    ("d is missing, of RSA", RS256, |k| drop(k.remove("d")), "is a public key"),
    ("d is missing, of EC", ES256, |k| drop(k.remove("d")), "is a public key"),
    ("d is missing, of OKP", Ed25519, |k| drop(k.remove("d")), "is a public key"),
    ("d is null", ES256, |k| set(k, "d", Value::Null), "d is null"),
    ("d is padded", ES256, |k| set(k, "d", format!("{}=", k["d"].as_str().unwrap())), "strict base64url"),
    ("d is short, of EC", ES256, |k| with_number(k, "d", |d| d.truncate(31)), "d has 31 bytes; P-256 has 32"),
    ("d is long, of EC", ES512, |k| with_number(k, "d", |d| d.insert(0, 0)), "d has 67 bytes; P-521 has 66"),
    ("d is zero", ES256, |k| set(k, "d", base64url::encode([0; 32])), "not the private half"),
    (
        "d is above the curve's order",
        ES384,
        |k| set(k, "d", base64url::encode([255; 48])),
        "not the private half",
    ),
    ("d is another's, of EC", ES512, |k| take_from_another(k, "d", ES512), "not the private half"),
    (
        "d is short, of OKP",
        Ed25519,
        |k| with_number(k, "d", |d| d.truncate(31)),
        "d has 31 bytes; Ed25519 has 32",
    ),
    ("d is long, of OKP", Ed25519, |k| with_number(k, "d", |d| d.push(0)), "d has 33 bytes"),
    ("d is another's, of OKP", Ed25519, |k| take_from_another(k, "d", Ed25519), "not the private half"),
    ("d is another's, of RSA", RS256, |k| flip(k, "d"), "do not belong to its n and e"),
    ("p is missing", RS256, |k| drop(k.remove("p")), "no p; write all of d, p, q, dp, dq and qi"),
    ("q is missing", RS256, |k| drop(k.remove("q")), "no q"),
    ("dp is missing", RS256, |k| drop(k.remove("dp")), "no dp"),
    ("dq is missing", PS384, |k| drop(k.remove("dq")), "no dq"),
    ("qi is missing", PS384, |k| drop(k.remove("qi")), "no qi"),
    ("p is wrong", RS256, |k| flip(k, "p"), "do not belong"),
    ("q is empty", RS256, |k| set(k, "q", ""), "do not belong"),
    ("dp is wrong", RS256, |k| flip(k, "dp"), "do not belong"),
    ("dq is wrong", RS256, |k| flip(k, "dq"), "do not belong"),
    ("qi is wrong", RS256, |k| flip(k, "qi"), "do not belong"),
    ("e is wrong", RS256, |k| set(k, "e", "Aw"), "do not belong"),
    ("other primes are there", RS256, |k| set(k, "oth", json!([])), "more than two primes"),
    ("n has a leading zero", RS256, |k| with_number(k, "n", |n| n.insert(0, 0)), "leading zero"),
    ("n has 1024 bits", RS256, |k| with_number(k, "n", |n| n.truncate(128)), "1024 bits"),
    ("x is missing", ES256, |k| drop(k.remove("x")), "no x"),
    ("y is wrong", ES256, |k| flip(k, "y"), "not on P-256"),
    ("crv is X25519", Ed25519, |k| set(k, "crv", "X25519"), "X25519 agrees on keys"),
    ("crv is secp256k1", ES256, |k| set(k, "crv", "secp256k1"), "ES256K"),
    ("k is missing", HS256, |k| drop(k.remove("k")), "no k"),
    ("k is in the other alphabet", HS256, |k| set(k, "k", "+/+/".repeat(11)), "strict base64url"),
    (
        "k is short",
        HS512,
        |k| with_number(k, "k", |k| k.truncate(63)),
        "has 63 bytes; HS512 needs at least 64",
    ),
    ("k repeats itself", HS256, |k| set(k, "k", base64url::encode([7; 32])), "repeats itself"),
    (
        "k spells words",
        HS256,
        |k| set(k, "k", "the-secret-of-our-service-that-nobody-knows-yet0"),
        "made of words",
    ),
];

#[test]
fn a_private_jwk_that_cannot_sign_is_refused_and_never_shown() {
    for (name, algorithm, change, reason) in REFUSED {
        let mut members = private_members(algorithm);
        read(&members).unwrap();
        change(&mut members);
        let text = read(&members).map(drop).unwrap_err();
        assert!(text.starts_with("signing key: ") && text.contains(reason), "{name}: {text}");
        for private in ["d", "p", "q", "dp", "dq", "qi", "k"] {
            let number = members.get(private).and_then(Value::as_str).unwrap_or_default();
            assert!(number.is_empty() || !text.contains(number), "{name} shows {private}");
        }
    }
}

#[test]
fn every_key_comes_back_from_its_jwk() {
    for algorithm in Algorithm::ALL {
        let members = private_members(algorithm);
        let key = read(&members).unwrap();
        assert_eq!((key.algorithm(), key.kid()), (algorithm, members.get("kid").and_then(Value::as_str)));
        let message = b"header.payload";
        assert!(key.verifying().verify(message, &key.sign(message).unwrap()), "{algorithm}");
        match algorithm.is_symmetric() {
            true => assert_eq!(base64url::encode(&*key.private_bytes().unwrap()), members["k"]),
            false => assert_eq!(private_text(&key), private_text(&signing_key_of(&members, algorithm))),
        }
    }
}

fn private_text(key: &SigningKey) -> String {
    key.to_pem().unwrap().secret().to_owned()
}

/// RSA keys of the tests are all one, so that there is a second way to it.
fn signing_key_of(members: &Members, algorithm: Algorithm) -> SigningKey {
    let key = if algorithm.is_rsa() { signing_key(algorithm) } else { read(members).unwrap() };
    assert_eq!(key.public_jwk().unwrap().thumbprint(), members["kid"]);
    key
}

#[test]
fn harmless_members_are_ignored() {
    let rows: [(Algorithm, Change); 9] = [
        (RS256, |k| drop(k.remove("use"))),
        (RS256, |k| set(k, "key_ops", json!(["sign"]))),
        (RS256, |k| set(k, "key_ops", json!(["sign", "verify"]))),
        (RS256, |k| set(k, "x5c", json!(["MIIB"]))),
        (RS256, |k| with_number(k, "d", |d| d.insert(0, 0))),
        (RS256, |k| with_number(k, "qi", |qi| qi.insert(0, 0))),
        (ES256, |k| drop(k.remove("alg"))),
        (Ed25519, |k| set(k, "alg", "EdDSA")),
        (HS256, |k| set(k, "ext", true)),
    ];
    for (algorithm, change) in rows {
        let mut members = private_members(algorithm);
        change(&mut members);
        assert_eq!(read(&members).unwrap().algorithm(), algorithm);
    }
}

#[test]
fn a_name_is_kept_and_a_pair_without_one_is_named_by_its_thumbprint() {
    for algorithm in [RS256, ES512, Ed25519, HS256] {
        let mut members = private_members(algorithm);
        set(&mut members, "kid", "2026-07");
        assert_eq!(read(&members).unwrap().kid(), Some("2026-07"));
        members.remove("kid");
        let key = read(&members).unwrap();
        assert_eq!(key.kid(), key.public_jwk().map(|jwk| jwk.thumbprint()).as_deref(), "{algorithm}");
    }
}

#[test]
fn a_member_that_stands_twice_is_refused() {
    let json = Value::Object(private_members(ES256)).to_string();
    for more in [r#"{"d":"AAAA","#, r#"{"\u0064":"AAAA","#, r#"{"kid":"a","#] {
        let text = SigningKey::from_jwk(json.replacen('{', more, 1)).unwrap_err().to_string();
        assert!(text.contains("twice"), "{text}");
    }
}

#[test]
fn what_is_no_private_jwk_is_refused_with_what_to_do() {
    let key = signing_key(ES256);
    for (text, reason) in [
        (String::new(), "is not a JSON object"),
        ("[]".into(), "is not a JSON object"),
        (private_text(&key), "is a PEM, not a JWK; call SigningKey::from_pem"),
        (KeySet::from(&key).to_jwks(), "is a JWK Set; give one key of it"),
        (serde_json::to_string(&key.public_jwk()).unwrap(), "a verifier takes it, by Jwk::from_json"),
    ] {
        let text = SigningKey::from_jwk(&text).unwrap_err().to_string();
        assert!(text.starts_with("signing key: ") && text.ends_with(reason), "{text}");
    }
    let jwk = Value::Object(private_members(RS256)).to_string();
    assert!(SigningKey::from_pem(RS256, jwk).unwrap_err().to_string().contains("a JWK goes to `from_jwk`"));
}
