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
