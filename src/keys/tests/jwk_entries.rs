use serde_json::{Map, Value, json};

use super::support::{jwks, public_members};
use crate::keys::{Algorithm, Jwk, KeySet, base64url};

type Members = Map<String, Value>;
type Change = fn(&mut Members);
type Row = (&'static str, Algorithm, Change, &'static str);

fn set(members: &mut Members, name: &str, value: impl Into<Value>) {
    members.insert(name.into(), value.into());
}

fn number(members: &Members, name: &str) -> Vec<u8> {
    base64url::decode(members[name].as_str().unwrap()).unwrap()
}

fn with_number(members: &mut Members, name: &str, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = number(members, name);
    change(&mut bytes);
    set(members, name, base64url::encode(bytes));
}

/// An RSA modulus of that many bits, odd, of no use but for its size.
fn modulus(bits: usize) -> String {
    let mut bytes = vec![0xb7; bits.div_ceil(8)];
    bytes[0] = 1 << ((bits - 1) % 8);
    base64url::encode(bytes)
}

const REFUSED: [Row; 62] = [
    ("kty is missing", Algorithm::RS256, |k| drop(k.remove("kty")), "no kty"),
    ("kty is unknown", Algorithm::RS256, |k| set(k, "kty", "AKP"), "kty \"AKP\""),
    ("kty has another case", Algorithm::RS256, |k| set(k, "kty", "rsa"), "kty \"rsa\""),
    ("kty is a number", Algorithm::RS256, |k| set(k, "kty", 1), "kty is a number"),
    ("kty is of another key", Algorithm::ES256, |k| set(k, "kty", "RSA"), "no n"),
    ("a secret", Algorithm::RS256, |k| *k = oct(), "see Secret"),
    ("a secret that calls itself RSA", Algorithm::RS256, |k| set(k, "k", "AAAA"), "private member k"),
    ("n is missing", Algorithm::RS256, |k| drop(k.remove("n")), "no n"),
    ("e is missing", Algorithm::RS256, |k| drop(k.remove("e")), "no e"),
    ("n is empty", Algorithm::RS256, |k| set(k, "n", ""), "its n is empty"),
    ("n is null", Algorithm::RS256, |k| set(k, "n", Value::Null), "n is null"),
    ("n is padded", Algorithm::RS256, |k| pad(k, "n"), "not strict base64url"),
    ("n is in the other alphabet", Algorithm::RS256, |k| set(k, "n", "+/+/"), "not strict base64url"),
    ("n has a leading zero", Algorithm::RS256, |k| with_number(k, "n", |n| n.insert(0, 0)), "leading zero"),
    ("n is even", Algorithm::RS256, |k| with_number(k, "n", |n| n[255] &= 0xfe), "modulus is even"),
    ("n has 1024 bits", Algorithm::RS256, |k| set(k, "n", modulus(1024)), "1024 bits"),
    ("n has 2047 bits", Algorithm::RS256, |k| set(k, "n", modulus(2047)), "2047 bits"),
    ("n has 8193 bits", Algorithm::RS256, |k| set(k, "n", modulus(8193)), "8193 bits"),
    ("e is empty", Algorithm::RS256, |k| set(k, "e", ""), "its e is empty"),
    ("e has a leading zero", Algorithm::RS256, |k| set(k, "e", "AAEAAQ"), "leading zero"),
    ("e is 1", Algorithm::RS256, |k| set(k, "e", "AQ"), "exponent"),
    ("e is even", Algorithm::RS256, |k| set(k, "e", "AQAA"), "exponent"),
    ("e has 34 bits", Algorithm::RS256, |k| set(k, "e", "AgAAAAE"), "exponent"),
    ("e has 80 bits", Algorithm::RS256, |k| set(k, "e", "AQAAAAAAAAAAAQ"), "exponent"),
    ("alg is of another family", Algorithm::RS256, |k| set(k, "alg", "ES256"), "takes a P-256 key"),
    ("alg is HMAC", Algorithm::RS256, |k| set(k, "alg", "HS256"), "takes a secret"),
    ("alg is none", Algorithm::RS256, |k| set(k, "alg", "none"), "alg \"none\""),
    ("alg is for encryption", Algorithm::RS256, |k| set(k, "alg", "RSA-OAEP"), "alg \"RSA-OAEP\""),
    ("alg has another case", Algorithm::RS256, |k| set(k, "alg", "rs256"), "alg \"rs256\""),
    ("alg is a list", Algorithm::RS256, |k| set(k, "alg", json!(["RS256"])), "alg is an array"),
    ("alg is of another curve", Algorithm::ES256, |k| set(k, "alg", "ES384"), "takes a P-384 key"),
    ("alg is not a curve's", Algorithm::ES512, |k| set(k, "alg", "ES521"), "alg \"ES521\""),
    ("alg is Ed448", Algorithm::Ed25519, |k| set(k, "alg", "Ed448"), "alg \"Ed448\""),
    ("use is enc", Algorithm::RS256, |k| set(k, "use", "enc"), "use is \"enc\""),
    ("use has another case", Algorithm::RS256, |k| set(k, "use", "SIG"), "use is \"SIG\""),
    ("use is true", Algorithm::RS256, |k| set(k, "use", true), "use is a boolean"),
    ("key_ops is for signing", Algorithm::RS256, |k| set(k, "key_ops", json!(["sign"])), "\"verify\""),
    ("key_ops is empty", Algorithm::RS256, |k| set(k, "key_ops", json!([])), "\"verify\""),
    ("key_ops is a string", Algorithm::RS256, |k| set(k, "key_ops", "verify"), "array of strings"),
    (
        "key_ops holds a number",
        Algorithm::RS256,
        |k| set(k, "key_ops", json!(["verify", 1])),
        "array of strings",
    ),
    ("key_ops repeats", Algorithm::RS256, |k| set(k, "key_ops", json!(["verify", "verify"])), "twice"),
    (
        "key_ops goes beyond use",
        Algorithm::RS256,
        |k| set(k, "key_ops", json!(["verify", "encrypt"])),
        "contradicts",
    ),
    ("kid is a number", Algorithm::RS256, |k| set(k, "kid", 7), "kid is a number"),
    ("kid is empty", Algorithm::RS256, |k| set(k, "kid", ""), "has 0 bytes"),
    ("kid is long", Algorithm::RS256, |k| set(k, "kid", "k".repeat(257)), "has 257 bytes"),
    ("d is there", Algorithm::RS256, |k| set(k, "d", "AAAA"), "private member d"),
    ("a prime is there", Algorithm::RS256, |k| set(k, "p", "AAAA"), "private member p"),
    ("other primes are there", Algorithm::RS256, |k| set(k, "oth", json!([])), "private member oth"),
    ("d is there, of EC", Algorithm::ES256, |k| set(k, "d", "AAAA"), "private member d"),
    ("d is there, of OKP", Algorithm::Ed25519, |k| set(k, "d", Value::Null), "private member d"),
    ("crv is missing", Algorithm::ES256, |k| drop(k.remove("crv")), "no crv"),
    ("crv is unknown", Algorithm::ES256, |k| set(k, "crv", "P-224"), "curve \"P-224\""),
    ("crv is secp256k1", Algorithm::ES256, |k| set(k, "crv", "secp256k1"), "ES256K"),
    ("crv is another", Algorithm::ES256, |k| set(k, "crv", "P-384"), "x has 32 bytes; P-384 has 48"),
    ("x is missing", Algorithm::ES384, |k| drop(k.remove("x")), "no x"),
    ("y is missing", Algorithm::ES384, |k| drop(k.remove("y")), "no y"),
    ("x is short", Algorithm::ES512, |k| with_number(k, "x", |x| *x = x.split_off(1)), "x has 65 bytes"),
    ("y is long", Algorithm::ES512, |k| with_number(k, "y", |y| y.insert(0, 0)), "y has 67 bytes"),
    ("the point is elsewhere", Algorithm::ES256, |k| with_number(k, "y", |y| y[31] ^= 1), "not on P-256"),
    ("crv is Ed448", Algorithm::Ed25519, |k| set(k, "crv", "Ed448"), "Ed448 is not supported"),
    ("crv is X25519", Algorithm::Ed25519, |k| set(k, "crv", "X25519"), "X25519 agrees on keys"),
    ("x is short, of OKP", Algorithm::Ed25519, |k| with_number(k, "x", |x| x.truncate(31)), "x has 31 bytes"),
];

fn oct() -> Members {
    let mut members = Members::new();
    set(&mut members, "kty", "oct");
    set(&mut members, "kid", "shared");
    set(&mut members, "k", base64url::encode([7; 32]));
    members
}

fn pad(members: &mut Members, name: &str) {
    let padded = base64_simd::URL_SAFE.encode_to_string(number(members, name));
    assert!(padded.ends_with('='));
    set(members, name, padded);
}

fn read(members: &Members) -> Result<Jwk, String> {
    Jwk::from_json(Value::Object(members.clone()).to_string()).map_err(|error| error.to_string())
}

#[test]
fn an_entry_that_cannot_be_used_is_refused_and_skipped() {
    let good = public_members(Algorithm::ES256);
    for (name, algorithm, change, reason) in REFUSED {
        let mut members = public_members(algorithm);
        read(&members).unwrap();
        change(&mut members);
        let text = read(&members).map(drop).unwrap_err();
        assert!(text.contains(reason), "{name}: {text}");
        let keys = KeySet::from_jwks(jwks(&[members.clone(), good.clone()])).unwrap();
        assert_eq!(keys.kids().collect::<Vec<_>>(), [good["kid"].as_str()], "{name}");
        let text = KeySet::from_jwks(jwks(&[members])).unwrap_err().to_string();
        assert!(text.contains("no usable key") && text.contains(reason), "{name}: {text}");
    }
}

#[test]
fn harmless_members_are_ignored() {
    let rows: [(Algorithm, Change); 10] = [
        (Algorithm::RS256, |k| drop(k.remove("use"))),
        (Algorithm::RS256, |k| drop(k.remove("alg"))),
        (Algorithm::RS256, |k| drop(k.remove("kid"))),
        (Algorithm::RS256, |k| set(k, "key_ops", json!(["verify"]))),
        (Algorithm::RS256, |k| set(k, "key_ops", json!(["sign", "verify"]))),
        (Algorithm::RS256, |k| set(k, "x5c", json!(["MIIB"]))),
        (Algorithm::RS256, |k| set(k, "e", "Aw")),
        (Algorithm::RS256, |k| set(k, "n", modulus(8192))),
        (Algorithm::Ed25519, |k| set(k, "alg", "EdDSA")),
        (Algorithm::ES256, |k| set(k, "kid", "k".repeat(256))),
    ];
    for (algorithm, change) in rows {
        let mut members = public_members(algorithm);
        change(&mut members);
        read(&members).unwrap();
        assert_eq!(KeySet::from_jwks(jwks(&[members])).unwrap().len(), 1);
    }
}

#[test]
fn a_member_that_stands_twice_is_refused_however_it_is_spelt() {
    let json = Value::Object(public_members(Algorithm::ES256)).to_string();
    for more in [r#"{"alg":"ES256","#, r#"{"\u0061lg":"ES256","#, r#"{"kid":"a","kid":"b","#] {
        let text = Jwk::from_json(json.replacen('{', more, 1)).unwrap_err().to_string();
        assert!(text.contains("twice"), "{text}");
    }
}

#[test]
fn what_is_not_an_object_is_not_a_jwk() {
    for json in ["", "null", "[]", "\"RSA\"", "{", "{}x", "{\"kty\":}", "\u{feff}{}"] {
        assert!(Jwk::from_json(json).unwrap_err().to_string().contains("not a JSON object"), "{json}");
    }
}

#[test]
fn the_algorithm_of_a_jwk_follows_its_curve_and_stays_open_for_rsa() {
    for algorithm in Algorithm::ALL.into_iter().filter(|algorithm| !algorithm.is_symmetric()) {
        let mut members = public_members(algorithm);
        assert_eq!(read(&members).unwrap().algorithm(), Some(algorithm));
        members.remove("alg");
        assert_eq!(
            read(&members).unwrap().algorithm(),
            Some(algorithm).filter(|algorithm| !algorithm.is_rsa())
        );
    }
}

#[test]
fn the_thumbprint_does_not_depend_on_how_the_jwk_is_written() {
    let members = public_members(Algorithm::ES384);
    let thumbprint = read(&members).unwrap().thumbprint();
    let mut bare = members.clone();
    for name in ["kid", "alg", "use"] {
        bare.remove(name);
    }
    let reversed: Vec<_> = bare.iter().rev().map(|(name, value)| format!("{name:?} : {value}")).collect();
    let again = Jwk::from_json(format!(" {{ {} }} ", reversed.join(" , "))).unwrap();
    assert_eq!(again.thumbprint(), thumbprint);
    assert_eq!(members["kid"], thumbprint);
}
