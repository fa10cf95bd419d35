//! Real tokens in both directions: PyJWT and npm jose sign for us, and we sign for them; jwcrypto and npm jose
//! encrypt for us, and we for them. Real clients too: of WebSockets, event streams, gRPC and MCP; and real OpenID
//! providers, whose keys are fetched.
//!
//! Their signed tokens go through the example `resource_server` over loopback; ours go to their verifiers. Where
//! Python, Node or their packages are missing, the tests say so and pass; with `JWTOWER_INTEROP=require` in
//! the environment they fail.

mod api;
mod encrypted;
mod encrypting_server;
mod example;
mod grpc;
mod http;
mod killed;
mod mcp;
mod minted;
mod openid;
mod peer;
mod provider;
mod server;
mod short_lived;
mod twisted;
mod two_services;

use std::{fs, path::Path};

use jwtower::{AccessToken, Algorithm, Issuer, KeySet, Secret, SigningKey};
use serde_json::{Value, json};

use crate::{
    minted::{Grants, Minted},
    peer::{Peer, node, python},
    server::Server,
};

const ISSUER: &str = "https://issuer.test";
const AUDIENCE: &str = "urn:api:test";

#[test]
fn every_token_of_pyjwt_gets_the_answer_that_it_deserves() {
    // PyJWT does not know the name Ed25519 (RFC 9864).
    if let Some(peer) = python() {
        answers_are_right_for(peer, 13);
    }
}

#[test]
fn every_token_of_jose_gets_the_answer_that_it_deserves() {
    if let Some(peer) = node() {
        answers_are_right_for(peer, 14);
    }
}

#[test]
fn pyjwt_accepts_what_we_sign() {
    if let Some(peer) = python() {
        for algorithm in Algorithm::ALL {
            peer_accepts(
                peer,
                algorithm,
                if algorithm == Algorithm::Ed25519 { "EdDSA" } else { algorithm.name() },
            );
        }
    }
}

#[test]
fn jose_accepts_what_we_sign() {
    if let Some(peer) = node() {
        for algorithm in Algorithm::ALL {
            peer_accepts(peer, algorithm, algorithm.name());
        }
        peer_accepts(peer, Algorithm::Ed25519, "EdDSA");
    }
}

/// Sends every token of the peer to every route, on one server per set of keys.
fn answers_are_right_for(peer: &Peer, algorithms: usize) {
    let minted = Minted::by(peer, ISSUER, AUDIENCE);
    assert_eq!(minted.algorithms().len(), algorithms, "algorithms in which the peer signed");
    let mut wrong = Vec::new();
    for keys in minted.keys() {
        let server = Server::start(&minted.server_arguments(keys, ISSUER, AUDIENCE));
        assert_eq!(server.get("/healthz", None).status, 200);
        assert_eq!(server.get("/hello", None).status, 200);
        assert_eq!(server.get("/whoami", None).status, 401);
        for token in minted.tokens().filter(|token| token.keys == keys) {
            let passes = |allowed: bool| match (token.grants, allowed) {
                (Grants::Reject, _) => 401,
                (_, true) => 200,
                (_, false) => 403,
            };
            let whoami = server.get("/whoami", Some(&token.text));
            let rows = [
                ("GET /whoami", whoami.status, passes(true)),
                ("GET /hello", server.get("/hello", Some(&token.text)).status, passes(true)),
                (
                    "GET /admin",
                    server.get("/admin", Some(&token.text)).status,
                    passes(token.grants == Grants::Admin),
                ),
                (
                    "POST /posts",
                    server.post("/posts", &token.text).status,
                    passes(token.grants == Grants::Posts),
                ),
            ];
            let unexpected = rows.iter().filter(|(_, status, expected)| status != expected);
            wrong.extend(unexpected.map(|(route, status, expected)| {
                format!("{}: {route} answered {status} instead of {expected}", token.name)
            }));
            let subject =
                serde_json::from_str::<Value>(&whoami.body).ok().map(|claims| claims["sub"].clone());
            if token.grants != Grants::Reject && subject != Some(json!(token.subject)) {
                wrong.push(format!("{}: /whoami names another subject", token.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Signs one token under this name of the algorithm and hands it to the peer with the keys as we publish them.
fn peer_accepts(peer: &Peer, algorithm: Algorithm, name: &str) {
    let folder = peer.folder(&format!("ours-{name}"));
    let (keys, file, token) = if algorithm.is_symmetric() {
        let secret = Secret::generate(algorithm).expect("a secret");
        let file = written(&folder.join("secret"), secret.secret());
        (name, file, signed_by(&SigningKey::from(&secret), name))
    } else {
        let key = SigningKey::generate(algorithm).expect("a key");
        let file = written(&folder.join("jwks.json"), &KeySet::from(&key).to_jwks());
        ("jwks", file, signed_by(&key, name))
    };
    let output = peer.run("verify", &[keys, &file, ISSUER, AUDIENCE], token.secret());
    assert_eq!(output.trim(), format!("OK {name} alice"));
}

fn signed_by(key: &SigningKey, name: &str) -> AccessToken {
    let builder = Issuer::builder().key(key).issuer(ISSUER).audience(AUDIENCE);
    let builder = if name == "EdDSA" { builder.legacy_eddsa_name() } else { builder };
    let claims = json!({ "name": "Zoë ☃", "roles": ["admin"] });
    builder.build().and_then(|issuer| issuer.sign("alice", &claims)).expect("a token")
}

fn written(path: &Path, text: &str) -> String {
    fs::write(path, text).expect("a file");
    path.display().to_string()
}
