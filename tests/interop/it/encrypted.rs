//! Encrypted tokens in both directions: npm jose and jwcrypto encrypt to our keys, and we to theirs.
//!
//! With `--nocapture` the tests print what fits together: a line for each combination and direction.

mod combination;
mod matrix;
mod received;
mod refused;
mod sent;

use jwtower::jwe::DecryptionKey;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    AUDIENCE, ISSUER,
    encrypted::{combination::Combination, matrix::Matrix},
    peer::{Peer, node, python},
};

#[test]
fn jose_and_we_read_each_others_encrypted_tokens() {
    if let Some(peer) = node() {
        both_ways(peer, "jose");
    }
}

#[test]
fn jwcrypto_and_we_read_each_others_encrypted_tokens() {
    if let Some(peer) = python() {
        both_ways(peer, "jwcrypto");
    }
}

#[test]
fn what_jose_encrypts_in_another_way_is_refused() {
    if let Some(peer) = node() {
        refused::all(peer, "jose", &["RSA1_5"]);
    }
}

#[test]
fn what_jwcrypto_encrypts_in_another_way_is_refused() {
    if let Some(peer) = python() {
        refused::all(peer, "jwcrypto", &[]);
    }
}

/// One combination, with a key of ours and one of theirs.
struct Row {
    combination: Combination,
    ours: DecryptionKey,
    theirs: Theirs,
}

/// What `keys` says of a key of the peer; of a secret only the first.
#[derive(Deserialize)]
struct Theirs {
    private: Value,
    public: Option<Value>,
    pkcs8: Option<String>,
    spki: Option<String>,
}

fn both_ways(peer: &Peer, name: &str) {
    let combinations = Combination::all();
    let kinds: Vec<_> = combinations.iter().map(Combination::request).collect();
    let theirs: Vec<Theirs> = ask(peer, "keys", &json!(kinds));
    let rows: Vec<_> = combinations
        .into_iter()
        .zip(theirs)
        .map(|(combination, theirs)| Row { ours: combination.key(), combination, theirs })
        .collect();

    let mut matrix = Matrix::default();
    received::all(peer, &rows, &mut matrix);
    sent::all(peer, &rows, &mut matrix);
    println!("{}", matrix.lines(name));
    matrix.assert_complete();
}

/// Runs a script on a value, and reads the one that it prints.
fn ask<T: for<'de> Deserialize<'de>>(peer: &Peer, script: &str, input: &Value) -> T {
    serde_json::from_str(&peer.run(script, &[], &input.to_string())).expect("what was asked for")
}

/// What every token says.
fn claims() -> Value {
    json!({
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "alice",
        "client_id": "app",
        "jti": "1",
        "name": "Zoë ☃",
        "roles": ["admin", "editor"],
    })
}

/// Those of the claims that are not registered ones.
#[derive(Debug, PartialEq, Eq, Deserialize)]
struct User {
    name: String,
    roles: Vec<String>,
}

/// A shared secret as a JWK.
fn oct(key: &DecryptionKey) -> Value {
    json!({ "kty": "oct", "k": key.secret(), "alg": key.algorithm().name(), "kid": key.kid() })
}
