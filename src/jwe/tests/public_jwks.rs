//! Public JWKs and sets of them: what can be encrypted to, and what cannot.

use KeyManagement::{EcdhEs, RsaOaep256};
use serde_json::{Value, json};

use super::support::{
    Members, Row, assert_refused, encrypts, json, private_jwk, public_half, random, set, with_number,
    x25519_jwk,
};
use crate::{
    jwe::{ContentEncryption, DecryptionKey, DecryptionKeys, EncryptionKey, KeyManagement},
    keys::{Algorithm, base64url, tests::support::private_members},
};

fn p256() -> Members {
    public_half(&private_jwk(EcdhEs))
}

fn x25519() -> Members {
    public_half(&x25519_jwk(EcdhEs))
}

fn rsa() -> Members {
    public_half(&private_jwk(RsaOaep256))
}

fn another_curve(members: &mut Members, algorithm: Algorithm) {
    for (name, value) in
        private_members(algorithm).into_iter().filter(|(name, _)| ["crv", "x", "y"].contains(&&**name))
    {
        set(members, &name, value);
    }
}

fn octets(members: &mut Members, crv: &str, length: usize) {
    set(members, "crv", crv);
    set(members, "x", base64url::encode(random(length)));
}

const REFUSED: [Row; 44] = [
    ("kty is missing", p256, |k| drop(k.remove("kty")), "it has no kty"),
    ("kty is unknown", p256, |k| set(k, "kty", "AKP"), "kty \"AKP\" is not RSA, EC, OKP or oct"),
    (
        "a secret",
        p256,
        |k| *k = private_jwk(KeyManagement::Dir),
        "it is a secret (kty \"oct\"), which nobody publishes",
    ),
    ("alg is missing", rsa, |k| drop(k.remove("alg")), "it has no alg; add one of RSA-OAEP-256"),
    ("alg is missing, of a curve", x25519, |k| drop(k.remove("alg")), "it has no alg"),
    ("alg is null", rsa, |k| set(k, "alg", Value::Null), "its alg is null"),
    (
        "alg is for signing",
        p256,
        |k| set(k, "alg", "ES256"),
        "its alg \"ES256\" is not one of ECDH-ES, ECDH-ES+A256KW",
    ),
    ("alg is RSA1_5", rsa, |k| set(k, "alg", "RSA1_5"), "its alg \"RSA1_5\" is not"),
    ("alg is RSA-OAEP", rsa, |k| set(k, "alg", "RSA-OAEP"), "its alg \"RSA-OAEP\" is not"),
    ("alg is a shorter wrap", p256, |k| set(k, "alg", "ECDH-ES+A128KW"), "its alg \"ECDH-ES+A128KW\" is not"),
    (
        "alg is of a secret",
        p256,
        |k| set(k, "alg", "A256KW"),
        "its kty is \"EC\", and A256KW takes a secret of 32 bytes",
    ),
    (
        "alg is of RSA",
        x25519,
        |k| set(k, "alg", "RSA-OAEP-256"),
        "its kty is \"OKP\", and RSA-OAEP-256 takes an RSA key",
    ),
    (
        "alg is of a curve",
        rsa,
        |k| set(k, "alg", "ECDH-ES"),
        "its kty is \"RSA\", and ECDH-ES takes a P-256 or X25519 key",
    ),
    ("use is sig", rsa, |k| set(k, "use", "sig"), "its use is \"sig\", not \"enc\""),
    ("use is null", rsa, |k| set(k, "use", Value::Null), "its use is null"),
    (
        "key_ops is for decrypting",
        rsa,
        |k| set(k, "key_ops", json!(["decrypt", "unwrapKey"])),
        "does not hold \"encrypt\"",
    ),
    ("key_ops is for verifying", p256, |k| set(k, "key_ops", json!(["verify"])), "does not hold \"encrypt\""),
    ("key_ops is an object", rsa, |k| set(k, "key_ops", json!({})), "array of strings"),
    ("key_ops repeats", rsa, |k| set(k, "key_ops", json!(["encrypt", "encrypt"])), "twice"),
    (
        "key_ops goes beyond use",
        rsa,
        |k| set(k, "key_ops", json!(["encrypt", "verify"])),
        "contradicts its use",
    ),
    ("kid is a number", p256, |k| set(k, "kid", 1), "kid is a number"),
    ("kid is empty", p256, |k| set(k, "kid", ""), "has 0 bytes"),
    ("d", p256, |k| set(k, "d", base64url::encode(random(32))), "it holds the private member d"),
    ("d, of X25519", x25519, |k| *k = x25519_jwk(EcdhEs), "it holds the private member d"),
    ("d, of RSA", rsa, |k| *k = private_jwk(RsaOaep256), "it holds the private member d"),
    ("d is null", rsa, |k| set(k, "d", Value::Null), "it holds the private member d"),
    ("p", rsa, |k| set(k, "p", private_jwk(RsaOaep256)["p"].clone()), "it holds the private member p"),
    ("q", rsa, |k| set(k, "q", private_jwk(RsaOaep256)["q"].clone()), "it holds the private member q"),
    ("dp", rsa, |k| set(k, "dp", private_jwk(RsaOaep256)["dp"].clone()), "it holds the private member dp"),
    ("oth", rsa, |k| set(k, "oth", json!([])), "it holds the private member oth"),
    ("k", p256, |k| set(k, "k", base64url::encode(random(32))), "it holds the private member k"),
    ("x is missing", x25519, |k| drop(k.remove("x")), "it has no x"),
    ("x is padded", x25519, |k| set(k, "x", format!("{}=", k["x"].as_str().unwrap())), "strict base64url"),
    ("x is short", x25519, |k| with_number(k, "x", |x| x.truncate(31)), "its x has 31 bytes; X25519 has 32"),
    ("y is short", p256, |k| with_number(k, "y", |y| y.truncate(31)), "its y has 31 bytes; P-256 has 32"),
    (
        "x is compressed",
        p256,
        |k| with_number(k, "x", |x| x.insert(0, 2)),
        "its x has 33 bytes; P-256 has 32",
    ),
    ("crv is missing", x25519, |k| drop(k.remove("crv")), "it has no crv; supported are P-256 and X25519"),
    (
        "crv is P-384",
        p256,
        |k| another_curve(k, Algorithm::ES384),
        "its curve \"P-384\" is not P-256 or X25519",
    ),
    ("crv is P-521", p256, |k| another_curve(k, Algorithm::ES512), "its curve \"P-521\" is not"),
    ("crv is secp256k1", p256, |k| set(k, "crv", "secp256k1"), "its curve \"secp256k1\" is not"),
    ("crv is Ed25519", x25519, |k| octets(k, "Ed25519", 32), "its curve \"Ed25519\" is not"),
    ("crv is X448", x25519, |k| octets(k, "X448", 56), "its curve \"X448\" is not"),
    (
        "n of 1024 bits",
        rsa,
        |k| with_number(k, "n", |n| n.truncate(128)),
        "has 1024 bits; 2048 to 8192 are allowed",
    ),
    ("e is 1", rsa, |k| set(k, "e", "AQ"), "exponent is even, below 3"),
];

#[test]
fn a_public_jwk_that_is_wrong_in_one_thing_is_refused_and_says_which() {
    assert_refused(&REFUSED, "encryption key: ", encrypts);
}

#[test]
fn a_public_jwk_is_encrypted_to_under_its_name() {
    for (members, algorithm) in [(p256(), EcdhEs), (x25519(), EcdhEs), (rsa(), RsaOaep256)] {
        let mut members = members;
        set(&mut members, "kid", "theirs");
        set(&mut members, "x5c", json!(["a member that nobody needs"]));
        let key = encrypts(&members).unwrap();
        assert_eq!(
            (key.kid(), key.algorithm(), key.content()),
            (Some("theirs"), algorithm, ContentEncryption::A256GCM)
        );
        members.remove("x5c");
        let written: Value = serde_json::from_str(&key.to_jwk().unwrap()).unwrap();
        assert_eq!(written, Value::Object(members));
    }
}

#[test]
fn of_a_set_the_first_key_that_can_be_used_is_taken() {
    let named = |mut members: Members, kid: &str| {
        set(&mut members, "kid", kid);
        members
    };
    let mut signing = p256();
    set(&mut signing, "alg", "ES256");
    let mut signs = named(rsa(), "signs");
    set(&mut signs, "use", "sig");
    let unusable = [named(signing, "other"), signs, named(private_jwk(EcdhEs), "private")];
    let usable = [named(x25519(), "first"), named(rsa(), "second")];
    let all = [&unusable[..], &usable].concat();
    let key = EncryptionKey::from_jwks(json!({ "keys": all }).to_string()).unwrap();
    assert_eq!(key.kid(), Some("first"));

    let refusal = EncryptionKey::from_jwks(json!({ "keys": unusable }).to_string()).unwrap_err().to_string();
    for reason in ["no key that one can encrypt to", "alg \"ES256\"", "use is \"sig\"", "private member d"] {
        assert!(refusal.contains(reason), "{reason} is missing in {refusal}");
    }
    let empty = EncryptionKey::from_jwks(r#"{"keys":[]}"#).unwrap_err().to_string();
    assert!(empty.contains("it is empty"), "{empty}");
}

#[test]
fn what_is_no_set_or_a_set_too_large_is_refused() {
    let key = json(&x25519());
    for text in ["", "[]", "{}", "null", r#"{"keys":{}}"#, r#"{"keys":[]"#, r#"{"keys":[],"keys":[]}"#, &key]
    {
        let refusal = EncryptionKey::from_jwks(text).unwrap_err().to_string();
        assert!(refusal.contains("is not a JWK Set"), "{text}: {refusal}");
    }
    let set = |count: usize| format!(r#"{{"keys":[{}]}}"#, vec![&*key; count].join(","));
    EncryptionKey::from_jwks(set(100)).unwrap();
    let refusal = EncryptionKey::from_jwks(set(101)).unwrap_err().to_string();
    assert!(refusal.contains("has 101 keys; at most 100 are read"), "{refusal}");
    for odd in ["1", "null", "[]", r#""x""#, "{}"] {
        let set = format!(r#"{{"keys":[{odd},{key}]}}"#);
        EncryptionKey::from_jwks(set).unwrap();
    }
}

#[test]
fn a_recipient_publishes_public_halves_alone() {
    let secret = DecryptionKey::generate(KeyManagement::A256KW).unwrap().with_kid("secret").unwrap();
    let keys = DecryptionKeys::from(&secret);
    assert_eq!(keys.to_jwks(), r#"{"keys":[]}"#);
    assert_eq!(EncryptionKey::from(&secret).to_jwk(), None);

    let members = [private_jwk(EcdhEs), x25519_jwk(KeyManagement::EcdhEsA256KW), private_jwk(RsaOaep256)];
    let pairs: Vec<_> = members.iter().map(|jwk| DecryptionKey::from_jwk(json(jwk)).unwrap()).collect();
    let all = pairs.iter().try_fold(keys, |all, key| all.and(key)).unwrap();
    let published: Value = serde_json::from_str(&all.to_jwks()).unwrap();
    let expected: Vec<_> = members.iter().map(public_half).collect();
    assert_eq!(published, json!({ "keys": expected }));
    for (key, members) in published["keys"].as_array().unwrap().iter().zip(&members) {
        let names: Vec<_> = key.as_object().unwrap().keys().map(|name| &**name).collect();
        let expected: &[&str] = match members["kty"].as_str() {
            Some("EC") => &["alg", "crv", "kid", "kty", "use", "x", "y"],
            Some("OKP") => &["alg", "crv", "kid", "kty", "use", "x"],
            _ => &["alg", "e", "kid", "kty", "n", "use"],
        };
        assert_eq!(names, expected);
        assert_eq!((key["use"].as_str(), &key["alg"]), (Some("enc"), &members["alg"]));
    }
}
