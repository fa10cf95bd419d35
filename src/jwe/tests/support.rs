//! Keys and their forms, for the tests.

use serde_json::{Map, Value};

use crate::{
    jwe::{Curve, DecryptionKey, EncryptionKey, KeyManagement},
    keys::{Algorithm, base64url, tests::support::private_members},
};

pub(super) type Members = Map<String, Value>;

/// Random bytes.
pub(super) fn random(length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    getrandom::fill(&mut bytes).unwrap();
    bytes
}

/// A fresh private JWK, but for RSA, of which there is one; P-256 where an algorithm has curves.
pub(super) fn private_jwk(algorithm: KeyManagement) -> Members {
    let mut members = match algorithm {
        KeyManagement::Dir | KeyManagement::A256KW => private_members(Algorithm::HS256),
        KeyManagement::EcdhEs | KeyManagement::EcdhEsA256KW => private_members(Algorithm::ES256),
        KeyManagement::RsaOaep256 => private_members(Algorithm::RS256),
    };
    members.insert("alg".into(), algorithm.name().into());
    members.insert("use".into(), "enc".into());
    members
}

/// A fresh private JWK on X25519.
pub(super) fn x25519_jwk(algorithm: KeyManagement) -> Members {
    let key = DecryptionKey::generate_on(Curve::X25519, algorithm).unwrap();
    let mut members = public_jwk(&key);
    // The private number is the last field of the structure.
    let der = key.private_bytes().unwrap();
    members.insert("d".into(), base64url::encode(&der[der.len() - 32..]).into());
    members
}

/// What a pair publishes.
pub(super) fn public_jwk(key: &DecryptionKey) -> Members {
    let text = EncryptionKey::from(key).to_jwk().unwrap();
    serde_json::from_str(&text).unwrap()
}

/// The same JWK less its private members.
pub(super) fn public_half(members: &Members) -> Members {
    let mut members = members.clone();
    members.retain(|name, _| !["d", "p", "q", "dp", "dq", "qi"].contains(&name.as_str()));
    members
}

pub(super) fn json(members: &Members) -> String {
    Value::Object(members.clone()).to_string()
}

pub(super) fn decrypts(members: &Members) -> Result<DecryptionKey, String> {
    DecryptionKey::from_jwk(json(members)).map_err(|error| error.to_string())
}

pub(super) fn encrypts(members: &Members) -> Result<EncryptionKey, String> {
    EncryptionKey::from_jwk(json(members)).map_err(|error| error.to_string())
}

pub(super) fn set(members: &mut Members, name: &str, value: impl Into<Value>) {
    members.insert(name.into(), value.into());
}

pub(super) fn with_number(members: &mut Members, name: &str, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = base64url::decode(members[name].as_str().unwrap()).unwrap();
    change(&mut bytes);
    set(members, name, base64url::encode(bytes));
}

/// How a key in a JWK is changed, and what is said to that.
pub(super) type Row = (&'static str, fn() -> Members, fn(&mut Members), &'static str);

/// Reads what a row makes of its JWK, which alone is accepted.
#[track_caller]
pub(super) fn assert_refused<K: std::fmt::Debug>(
    rows: &[Row],
    prefix: &str,
    read: impl Fn(&Members) -> Result<K, String>,
) {
    for (name, jwk, change, reason) in rows {
        let good = jwk();
        read(&good).unwrap_or_else(|refusal| panic!("before {name}: {refusal}"));
        let mut bad = good.clone();
        change(&mut bad);
        assert_ne!(good, bad, "{name}");
        match read(&bad) {
            Ok(key) => panic!("{name}: {key:?}"),
            Err(refusal) => {
                assert!(refusal.starts_with(prefix) && refusal.contains(reason), "{name}: {refusal}");
            }
        }
    }
}
