//! `alg` is the attacker's to write: it never chooses how a token is verified (RFC 8725 §3.1).

use aws_lc_rs::hmac;
use jwtower::{Algorithm, KeySet};
use jwtower_tests::{Forge, encode};
use serde_json::json;

use super::{
    Answer::Invalid,
    Api, Row, Table, User, builder, good,
    pairs::{Ec, Ed, Rsa},
};

pub(super) fn rows() -> Vec<Row> {
    [names(), confusion(), listed(), other_families()].concat()
}

fn names() -> Vec<Row> {
    let forge = Forge::new();
    let api = Api::verifying(builder::<User>(forge.secret()).build().expect("the settings are right"));
    let signed = |alg: &str| forge.sign(json!({ "alg": alg }).to_string(), good());
    let mut table = Table::new("alg", api, signed("HS256"));
    for alg in [
        "none",
        "None",
        "NONE",
        "nOnE",
        "none ",
        "",
        "null",
        "hs256",
        "Hs256",
        "HS-256",
        "HS256 ",
        " HS256",
        "HS256\0",
        "HS25",
        "HS2566",
        "HMAC",
        "HmacSHA256",
        "SHA256",
        "HS1",
        "RS1",
        "RS",
        "ES256K",
        "Ed448",
        "ED25519",
        "eddsa",
        "dir",
        "A256GCM",
        "RSA-OAEP",
        "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
        "ΗS256",
        "undefined",
    ] {
        table.bad(&format!("{alg:?}"), signed(alg), Invalid("unsupported_algorithm"));
    }
    for alg in ["HS384", "HS512", "RS256", "PS256", "ES256", "EdDSA", "Ed25519"] {
        table.bad(&format!("{alg} for a key of HS256"), signed(alg), Invalid("algorithm_mismatch"));
    }
    let none = signed("none");
    let (unsigned, _) = none.rsplit_once('.').expect("a token has dots");
    table.bad("none without a signature", format!("{unsigned}."), Invalid("unsupported_algorithm"));
    table.into_rows()
}

/// A public key is public: who takes it for an HMAC secret lets everybody sign.
fn confusion() -> Vec<Row> {
    let (rsa, forge) = (Rsa::new(), Forge::new());
    let (pem, der) = (rsa.public_pem(), rsa.public_der());
    let key = KeySet::from_pem(Algorithm::RS256, &pem).expect("the PEM is right");
    let jwks = key.to_jwks();
    let jwk = serde_json::from_str::<serde_json::Value>(&jwks).expect("it is JSON")["keys"][0].to_string();
    let both = key.and(forge.secret()).expect("the keys differ");
    let twin = rsa.sign(r#"{"alg":"RS256"}"#, &good());

    let mut rows = Vec::new();
    let listed = builder::<User>(&key).algorithms([Algorithm::RS256]);
    for (subject, verifier, code) in [
        ("a public key as a secret", builder::<User>(&key), "algorithm_mismatch"),
        ("a public key as a secret, with HS256 in use", builder(&both), "bad_signature"),
        ("a public key as a secret, RS256 listed", listed, "algorithm_not_allowed"),
    ] {
        let api = Api::verifying(verifier.build().expect("the settings are right"));
        let mut table = Table::new(subject, api, &twin);
        let trimmed = pem.trim_end();
        let body: String = trimmed.lines().filter(|line| !line.starts_with('-')).collect();
        for (name, secret) in [
            ("the PEM", pem.as_bytes()),
            ("the PEM without its last line break", trimmed.as_bytes()),
            ("the PEM's base64", body.as_bytes()),
            ("the DER", &der),
            ("the JWK", jwk.as_bytes()),
            ("the JWK Set", jwks.as_bytes()),
            ("nothing", b""),
        ] {
            table.bad(name, hmac_signed(secret), Invalid(code));
        }
        rows.extend(table.into_rows());
    }
    rows
}

fn hmac_signed(secret: &[u8]) -> String {
    let signed = format!("{}.{}", encode(r#"{"alg":"HS256"}"#), encode(good()));
    let signature = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), signed.as_bytes());
    format!("{signed}.{}", encode(signature))
}

/// `.algorithms([..])` holds, whatever keys there are.
fn listed() -> Vec<Row> {
    let (ec, ed, forge) = (Ec::p256(), Ed::new(), Forge::new());
    let jwks = json!({ "keys": [ec.jwk(), ed.jwk()] }).to_string();
    let keys = KeySet::from_jwks(jwks).and_then(|keys| keys.and(forge.secret())).expect("the keys differ");
    let verifier = builder::<User>(keys).algorithms([Algorithm::ES256]).build();
    let mut table = Table::new(
        "only ES256 listed",
        Api::verifying(verifier.expect("the settings are right")),
        ec.sign(r#"{"alg":"ES256"}"#, &good()),
    );
    let hs256 = forge.sign(r#"{"alg":"HS256"}"#, good());
    table.bad("a good token of HS256", hs256, Invalid("algorithm_not_allowed"));
    for alg in ["EdDSA", "Ed25519"] {
        let token = ed.sign(&json!({ "alg": alg }).to_string(), &good());
        table.bad(&format!("a good token of {alg}"), token, Invalid("algorithm_not_allowed"));
    }
    let none = format!("{}.{}.", encode(r#"{"alg":"none"}"#), encode(good()));
    table.bad("none", none, Invalid("unsupported_algorithm"));
    table.into_rows()
}

/// A key of one algorithm, and tokens that name another of the same family.
fn other_families() -> Vec<Row> {
    let (rsa, p256, p384, ed) = (Rsa::new(), Ec::p256(), Ec::p384(), Ed::new());
    let rsa_key = KeySet::from_pem(Algorithm::RS256, rsa.public_pem()).expect("the PEM is right");
    let set = |jwk| KeySet::from_jwks(json!({ "keys": [jwk] }).to_string()).expect("the key is right");
    let header = |alg: &str| json!({ "alg": alg }).to_string();
    let api = |keys| Api::verifying(builder::<User>(keys).build().expect("the settings are right"));

    let mut of_rsa = Table::new("an RS256 key", api(rsa_key), rsa.sign(&header("RS256"), &good()));
    of_rsa.bad("alg PS256", rsa.sign_pss(&header("PS256"), &good()), Invalid("algorithm_mismatch"));
    of_rsa.bad("alg RS384", rsa.sign_with_sha384(&header("RS384"), &good()), Invalid("algorithm_mismatch"));
    of_rsa.bad("a PSS signature", rsa.sign_pss(&header("RS256"), &good()), Invalid("bad_signature"));
    of_rsa.bad("SHA-384", rsa.sign_with_sha384(&header("RS256"), &good()), Invalid("bad_signature"));

    let mut of_p256 = Table::new("a P-256 key", api(set(p256.jwk())), p256.sign(&header("ES256"), &good()));
    of_p256.bad("alg ES384", p256.sign(&header("ES384"), &good()), Invalid("algorithm_mismatch"));
    of_p256.bad("alg ES512", p256.sign(&header("ES512"), &good()), Invalid("algorithm_mismatch"));
    of_p256.bad("a P-384 signature", p384.sign(&header("ES256"), &good()), Invalid("bad_signature"));

    let mut of_p384 = Table::new("a P-384 key", api(set(p384.jwk())), p384.sign(&header("ES384"), &good()));
    of_p384.bad("alg ES256", p384.sign(&header("ES256"), &good()), Invalid("algorithm_mismatch"));
    of_p384.bad("a P-256 signature", p256.sign(&header("ES384"), &good()), Invalid("bad_signature"));

    let mut of_ed = Table::new("an Ed25519 key", api(set(ed.jwk())), ed.sign(&header("EdDSA"), &good()));
    let fully_specified = ed.sign(&header("Ed25519"), &good());
    of_ed.pair(
        "alg Ed448",
        fully_specified,
        ed.sign(&header("Ed448"), &good()),
        Invalid("unsupported_algorithm"),
    );
    of_ed.bad("alg ES256", ed.sign(&header("ES256"), &good()), Invalid("algorithm_mismatch"));

    [of_rsa, of_p256, of_p384, of_ed].into_iter().flat_map(Table::into_rows).collect()
}
