//! Private JWKs and secrets in JWKs: what is read, and what is not.

use KeyManagement::{A256KW, Dir, EcdhEs, EcdhEsA256KW, RsaOaep256};
use serde_json::{Value, json};

use super::support::{
    Members, Row, assert_refused, decrypts, json, private_jwk, public_half, random, set, with_number,
    x25519_jwk,
};
use crate::{
    jwe::{Curve, DecryptionKey, KeyManagement},
    keys::{Algorithm, base64url, tests::support::private_members},
};

fn dir() -> Members {
    private_jwk(Dir)
}

fn wrapping() -> Members {
    private_jwk(A256KW)
}

fn p256() -> Members {
    private_jwk(EcdhEs)
}

fn p256_wrapping() -> Members {
    private_jwk(EcdhEsA256KW)
}

fn x25519() -> Members {
    x25519_jwk(EcdhEs)
}

fn rsa() -> Members {
    private_jwk(RsaOaep256)
}

fn secret(members: &mut Members, bytes: &[u8]) {
    set(members, "k", base64url::encode(bytes));
}

/// The numbers of another key of the same kind.
fn take_from(members: &mut Members, other: &Members, names: &[&str]) {
    for name in names {
        set(members, name, other[*name].clone());
    }
}

/// The public numbers of a curve that is not taken, and a private one of its length.
fn on_curve(members: &mut Members, algorithm: Algorithm) {
    take_from(members, &private_members(algorithm), &["crv", "x", "y", "d"]);
}

/// A key on another curve of RFC 8037, or one that is not defined there.
fn octets(members: &mut Members, crv: &str, length: usize) {
    set(members, "crv", crv);
    set(members, "x", base64url::encode(random(length)));
    set(members, "d", base64url::encode(random(length)));
}

const FORM: [Row; 22] = [
    ("kty is missing", p256, |k| drop(k.remove("kty")), "it has no kty"),
    ("kty is a number", dir, |k| set(k, "kty", 1), "its kty is a number"),
    ("kty is unknown", p256, |k| set(k, "kty", "AKP"), "kty \"AKP\" is not RSA, EC, OKP or oct"),
    ("alg is missing", rsa, |k| drop(k.remove("alg")), "it has no alg; add one of RSA-OAEP-256"),
    ("alg is missing, of a curve", x25519, |k| drop(k.remove("alg")), "it has no alg"),
    ("alg is missing, of a secret", dir, |k| drop(k.remove("alg")), "it has no alg"),
    ("alg is null", rsa, |k| set(k, "alg", Value::Null), "its alg is null"),
    (
        "alg is for signing",
        p256,
        |k| set(k, "alg", "ES256"),
        "its alg \"ES256\" is not one of ECDH-ES, ECDH-ES+A256KW",
    ),
    ("alg is for another hash", rsa, |k| set(k, "alg", "RSA-OAEP"), "its alg \"RSA-OAEP\" is not"),
    ("alg is RSA1_5", rsa, |k| set(k, "alg", "RSA1_5"), "its alg \"RSA1_5\" is not"),
    ("alg is of a content", dir, |k| set(k, "alg", "A256GCM"), "its alg \"A256GCM\" is not"),
    ("alg is in other letters", rsa, |k| set(k, "alg", "rsa-oaep-256"), "its alg \"rsa-oaep-256\" is not"),
    ("use is sig", rsa, |k| set(k, "use", "sig"), "its use is \"sig\", not \"enc\""),
    ("use is sig, of a secret", wrapping, |k| set(k, "use", "sig"), "its use is \"sig\""),
    ("use is a list", rsa, |k| set(k, "use", json!(["enc"])), "its use is an array"),
    (
        "key_ops is for signing",
        p256,
        |k| set(k, "key_ops", json!(["sign"])),
        "key_ops does not hold \"decrypt\"",
    ),
    ("key_ops is for encrypting", rsa, |k| set(k, "key_ops", json!(["wrapKey"])), "does not hold"),
    ("key_ops is empty", p256, |k| set(k, "key_ops", json!([])), "does not hold"),
    ("key_ops is a string", p256, |k| set(k, "key_ops", "deriveKey"), "array of strings"),
    ("key_ops repeats", p256, |k| set(k, "key_ops", json!(["deriveKey", "deriveKey"])), "twice"),
    (
        "key_ops goes beyond use",
        rsa,
        |k| set(k, "key_ops", json!(["decrypt", "sign"])),
        "contradicts its use",
    ),
    ("kid is long", p256, |k| set(k, "kid", "k".repeat(257)), "has 257 bytes"),
];

const SECRETS: [Row; 16] = [
    ("k is missing", dir, |k| drop(k.remove("k")), "it has no k"),
    ("k is a number", dir, |k| set(k, "k", 1), "its k is a number"),
    ("k is padded", dir, |k| set(k, "k", format!("{}=", k["k"].as_str().unwrap())), "strict base64url"),
    ("k is empty", dir, |k| secret(k, &[]), "is not base64"),
    ("k has 15 bytes", dir, |k| secret(k, &random(15)), "has 15 bytes; dir takes a secret of 16 or 32 bytes"),
    ("k has 24 bytes", dir, |k| secret(k, &random(24)), "has 24 bytes; dir"),
    ("k has 33 bytes", dir, |k| secret(k, &random(33)), "has 33 bytes; dir"),
    (
        "k has 16 bytes",
        wrapping,
        |k| secret(k, &random(16)),
        "has 16 bytes; A256KW takes a secret of 32 bytes",
    ),
    ("k has 64 bytes", wrapping, |k| secret(k, &random(64)), "has 64 bytes; A256KW"),
    ("k is one byte again and again", dir, |k| secret(k, &[7; 32]), "repeats itself"),
    ("k counts", wrapping, |k| secret(k, &(0..32).collect::<Vec<u8>>()), "counts up or down"),
    ("k is words", dir, |k| secret(k, b"correct horse battery staple etc"), "is made of words"),
    (
        "k spells words",
        wrapping,
        |k| set(k, "k", "MySuperSecretKeyForEncryptedTokensInTests24"),
        "is made of words",
    ),
    (
        "k spells words, of dir",
        dir,
        |k| set(k, "k", "This-is-the-secret-of-our-encrypted-tokenss"),
        "is made of words",
    ),
    (
        "a secret for an agreement",
        dir,
        |k| set(k, "alg", "ECDH-ES"),
        "ECDH-ES takes a P-256 or X25519 key, not a secret",
    ),
    (
        "a secret for RSA",
        dir,
        |k| set(k, "alg", "RSA-OAEP-256"),
        "RSA-OAEP-256 takes an RSA key, not a secret",
    ),
];

const CURVES: [Row; 26] = [
    ("d is missing", p256, |k| *k = public_half(k), "it is a public key: it has no d; to encrypt, call"),
    ("d is missing, of X25519", x25519, |k| *k = public_half(k), "it is a public key"),
    ("d is null", p256, |k| set(k, "d", Value::Null), "its d is null"),
    ("d is padded", x25519, |k| set(k, "d", format!("{}=", k["d"].as_str().unwrap())), "strict base64url"),
    ("d is short", p256, |k| with_number(k, "d", |d| d.truncate(31)), "private number is not one of P-256"),
    ("d is long", p256, |k| with_number(k, "d", |d| d.insert(0, 0)), "private number is not one of P-256"),
    ("d is empty", p256, |k| set(k, "d", ""), "private number is not one of P-256"),
    ("d is zero", p256, |k| set(k, "d", base64url::encode([0; 32])), "private number is not one of P-256"),
    (
        "d is above the order",
        p256,
        |k| set(k, "d", base64url::encode([255; 32])),
        "private number is not one of P-256",
    ),
    ("d is another's", p256, |k| take_from(k, &p256(), &["d"]), "its d is not the private half"),
    (
        "d is short, of X25519",
        x25519,
        |k| with_number(k, "d", |d| d.truncate(31)),
        "private number is not one of X25519",
    ),
    (
        "d is long, of X25519",
        x25519,
        |k| with_number(k, "d", |d| d.push(0)),
        "private number is not one of X25519",
    ),
    (
        "d is another's, of X25519",
        x25519,
        |k| take_from(k, &x25519(), &["d"]),
        "its d is not the private half",
    ),
    ("x is missing", p256, |k| drop(k.remove("x")), "it has no x"),
    ("y is missing", p256, |k| drop(k.remove("y")), "it has no y"),
    ("x is short", p256, |k| with_number(k, "x", |x| x.truncate(31)), "its x has 31 bytes; P-256 has 32"),
    ("y is long", p256, |k| with_number(k, "y", |y| y.insert(0, 0)), "its y has 33 bytes; P-256 has 32"),
    (
        "x is short, of X25519",
        x25519,
        |k| with_number(k, "x", |x| x.truncate(31)),
        "its x has 31 bytes; X25519 has 32",
    ),
    (
        "x is with its form, of X25519",
        x25519,
        |k| with_number(k, "x", |x| x.insert(0, 4)),
        "its x has 33 bytes",
    ),
    ("crv is missing", p256, |k| drop(k.remove("crv")), "it has no crv; supported are P-256 and X25519"),
    ("crv is P-384", p256, |k| on_curve(k, Algorithm::ES384), "its curve \"P-384\" is not P-256 or X25519"),
    ("crv is P-521", p256_wrapping, |k| on_curve(k, Algorithm::ES512), "its curve \"P-521\" is not"),
    ("crv is secp256k1", p256, |k| set(k, "crv", "secp256k1"), "its curve \"secp256k1\" is not"),
    ("crv is Ed25519", x25519, |k| octets(k, "Ed25519", 32), "its curve \"Ed25519\" is not"),
    ("crv is X448", x25519, |k| octets(k, "X448", 56), "its curve \"X448\" is not"),
    ("kty and crv do not fit", x25519, |k| set(k, "kty", "EC"), "its curve \"X25519\" is not"),
];

const RSA: [Row; 14] = [
    ("d is missing, of RSA", rsa, |k| drop(k.remove("d")), "it is a public key"),
    ("only n and e", rsa, |k| *k = public_half(k), "it is a public key"),
    ("p is missing", rsa, |k| drop(k.remove("p")), "it has no p; write all of d, p, q, dp, dq and qi"),
    ("qi is missing", rsa, |k| drop(k.remove("qi")), "it has no qi"),
    ("oth", rsa, |k| set(k, "oth", json!([])), "more than two primes"),
    ("n is missing", rsa, |k| drop(k.remove("n")), "it has no n"),
    ("n has a zero before", rsa, |k| with_number(k, "n", |n| n.insert(0, 0)), "leading zero octet"),
    (
        "n of 1024 bits",
        rsa,
        |k| with_number(k, "n", |n| n.truncate(128)),
        "has 1024 bits; 2048 to 8192 are allowed",
    ),
    ("n of 8200 bits", rsa, |k| with_number(k, "n", |n| *n = n.repeat(5)[..1025].to_vec()), "2048 to 8192"),
    ("n is changed", rsa, |k| with_number(k, "n", |n| n[100] ^= 2), "do not belong to its n and e"),
    ("e is another", rsa, |k| set(k, "e", "Aw"), "do not belong to its n and e"),
    ("e is even", rsa, |k| set(k, "e", "AQAC"), "exponent is even"),
    ("d does not fit", rsa, |k| with_number(k, "d", |d| d[100] ^= 2), "do not belong to its n and e"),
    ("p does not fit", rsa, |k| with_number(k, "p", |p| p[100] ^= 2), "do not belong to its n and e"),
];

/// An algorithm for another kind of key.
const MISFITS: [Row; 5] = [
    (
        "RSA for ECDH-ES",
        rsa,
        |k| set(k, "alg", "ECDH-ES"),
        "its kty is \"RSA\", and ECDH-ES takes a P-256 or X25519",
    ),
    (
        "RSA for dir",
        rsa,
        |k| set(k, "alg", "dir"),
        "its kty is \"RSA\", and dir takes a secret of 16 or 32 bytes",
    ),
    (
        "P-256 for RSA",
        p256,
        |k| set(k, "alg", "RSA-OAEP-256"),
        "its kty is \"EC\", and RSA-OAEP-256 takes an RSA key",
    ),
    (
        "P-256 for A256KW",
        p256,
        |k| set(k, "alg", "A256KW"),
        "its kty is \"EC\", and A256KW takes a secret of 32",
    ),
    (
        "X25519 for RSA",
        x25519,
        |k| set(k, "alg", "RSA-OAEP-256"),
        "its kty is \"OKP\", and RSA-OAEP-256 takes an RSA",
    ),
];

#[test]
fn a_private_jwk_that_is_wrong_in_one_thing_is_refused_and_says_which() {
    for rows in [&FORM[..], &SECRETS, &CURVES, &RSA, &MISFITS] {
        assert_refused(rows, "decryption key: ", decrypts);
    }
}

#[test]
fn a_private_jwk_comes_back_with_its_name_and_algorithm() {
    for (members, curve) in [
        (dir(), None),
        (wrapping(), None),
        (p256(), Some(Curve::P256)),
        (p256_wrapping(), Some(Curve::P256)),
        (x25519(), Some(Curve::X25519)),
        (rsa(), None),
    ] {
        let mut named = members.clone();
        set(&mut named, "kid", "k1");
        let key = decrypts(&named).unwrap();
        assert_eq!((key.kid(), key.algorithm().name()), (Some("k1"), members["alg"].as_str().unwrap()));
        assert_eq!(key.curve(), curve);
        let mut nameless = members.clone();
        nameless.remove("kid");
        assert_eq!(decrypts(&nameless).unwrap().kid(), None);
        for (name, value) in
            [("use", json!(null)), ("key_ops", json!(["decrypt", "unwrapKey", "deriveBits"]))]
        {
            let mut other = members.clone();
            if value.is_null() {
                drop(other.remove(name))
            } else {
                set(&mut other, name, value)
            }
            set(&mut other, "x5t", "a member that nobody needs");
            decrypts(&other).unwrap();
        }
    }
}

#[test]
fn what_is_no_object_or_names_a_member_twice_is_refused() {
    for jwk in [dir(), p256(), rsa()] {
        let text = json(&jwk);
        for twice in [
            text.replacen('{', r#"{"kid":"a","#, 1).replacen('}', r#","kid":"a"}"#, 1),
            text.replacen('{', r#"{"x":"","\u0078":"","#, 1),
        ] {
            let refusal = DecryptionKey::from_jwk(&twice).unwrap_err().to_string();
            assert!(refusal.contains(" twice"), "{refusal}");
        }
        for other in
            [format!("[{text}]"), format!("{text}{text}"), text.replace('}', ""), format!("\"{text}\"")]
        {
            let refusal = DecryptionKey::from_jwk(&other).unwrap_err().to_string();
            assert_eq!(refusal, "decryption key: is not a JSON object");
        }
        let set = format!(r#"{{"keys":[{text}]}}"#);
        assert_eq!(
            DecryptionKey::from_jwk(set).unwrap_err().to_string(),
            "decryption key: is a JWK Set; give one key of it"
        );
    }
}
