//! Encrypted tokens.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use jwtower::{
    Issuer,
    jwe::{DecryptionKey, KeyManagement},
};
use jwtower_tests::{AUDIENCE, Forge, HEADER, ISSUER, encode, good_claims};
use serde_json::{Value, json};

use super::{Files, Outcome, TRUST, report, steps, verify};
use crate::program::decryption_keys;

/// Somebody who signs, and the files of a run.
struct Sender {
    files: Files,
    forge: Forge,
    secret: String,
}

impl Sender {
    fn new() -> Self {
        let (files, forge) = (Files::new(), Forge::new());
        let secret = files.write("secret", forge.secret().secret());
        Self { files, forge, secret }
    }

    /// A good token, encrypted by the library.
    fn token(&self, key: &DecryptionKey) -> String {
        let issuer =
            Issuer::builder().key(self.forge.secret()).encrypt_to(key).issuer(ISSUER).audience(AUDIENCE);
        let token =
            issuer.build().expect("it is complete").sign("alice", &json!({})).expect("it can be signed");
        token.secret().to_owned()
    }

    fn verify(&self, token: &str, arguments: &[&str]) -> Outcome {
        verify(token, &[&["--secret-file", &*self.secret, "--json"], &TRUST[..], arguments].concat())
    }
}

#[test]
fn tokens_to_keys_of_every_kind_are_decrypted_and_verified() {
    let sender = Sender::new();
    for key in decryption_keys() {
        let token = sender.token(&key);
        let (file, name) = (sender.files.private(&key), key.algorithm().name());
        let outcome = sender.verify(&token, &["--decrypt-key", &file, "--decrypt-alg", name]);
        assert_eq!(report(&outcome)["subject"], "alice", "{name}");

        // An RSA key has one algorithm alone.
        let untold = sender.verify(&token, &["--decrypt-key", &file]);
        match key.algorithm() {
            KeyManagement::RsaOaep256 => assert_eq!(untold.code, 0, "{untold:?}"),
            _ => assert!(untold.failure().contains("name its algorithm"), "{name}: {untold:?}"),
        }
    }
}

#[test]
fn a_jwk_says_its_algorithm() {
    let sender = Sender::new();
    let key = DecryptionKey::generate(KeyManagement::Dir).expect("a key is made");
    let jwk = json!({ "kty": "oct", "alg": "dir", "k": key.secret() }).to_string();
    let (token, file) = (sender.token(&key), sender.files.write("jwk", jwk));
    assert_eq!(sender.verify(&token, &["--decrypt-key", &file]).code, 0);
    assert_eq!(sender.verify(&token, &["--decrypt-key", &file, "--decrypt-alg", "dir"]).code, 0);
    let other = sender.verify(&token, &["--decrypt-key", &file, "--decrypt-alg", "A256KW"]);
    assert!(other.failure().ends_with("the key is for dir, and A256KW was given"), "{other:?}");
}

/// A content in an envelope with any header, encrypted with the secret alone.
fn sealed(key: &DecryptionKey, header: &Value, content: &str) -> String {
    let secret =
        base64_simd::URL_SAFE_NO_PAD.decode_to_vec(key.secret().expect("a secret")).expect("base64url");
    let cipher = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &secret).expect("32 bytes"));
    let (header, mut bytes) = (encode(header.to_string()), content.as_bytes().to_vec());
    let tag = cipher.seal_in_place_separate_tag(
        Nonce::assume_unique_for_key([7; 12]),
        Aad::from(header.as_bytes()),
        &mut bytes,
    );
    format!("{header}..{}.{}.{}", encode([7; 12]), encode(bytes), encode(tag.expect("it is sealed")))
}

#[test]
fn what_is_wrong_with_an_envelope_or_with_what_is_in_it_is_told_at_its_step() {
    let sender = Sender::new();
    let key = DecryptionKey::generate(KeyManagement::Dir).expect("a key is made");
    let other = DecryptionKey::generate(KeyManagement::Dir).expect("a key is made");
    let file = sender.files.private(&key);
    let good = Value::Object(good_claims()).to_string();
    let signed = sender.forge.sign(HEADER, &good);
    let header = |more: Value| {
        let mut header = json!({ "alg": "dir", "enc": "A256GCM", "cty": "JWT" });
        header.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        header
    };
    let put = |more: Value, content: &str| sealed(&key, &header(more), content);
    let expired = sender.forge.sign(HEADER, r#"{"exp":1}"#);
    for (code, step, token, said) in [
        ("plain_token", "encryption", signed.clone(), "Without --decrypt-key"),
        (
            "header_too_large",
            "encryption",
            sender.forge.sign(format!(r#"{{"x":"{}"}}"#, "y".repeat(5000)), &good),
            "",
        ),
        ("decryption_failed", "encryption", sender.token(&other), "another key"),
        ("not_nested", "encryption", put(json!({ "cty": "text" }), &signed), "cty: JWT"),
        ("not_nested", "encryption", put(json!({}), &good), "sign it, to encrypt that"),
        (
            "unknown_key",
            "encryption",
            sealed(&key, &header(json!({ "kid": "other" })), &signed),
            "kid \"other\"",
        ),
        ("algorithm_mismatch", "encryption", put(json!({ "alg": "A256KW" }), &signed), "alg \"A256KW\""),
        (
            "unsupported_algorithm",
            "encryption",
            put(json!({ "alg": "RSA1_5" }), &signed),
            "known are dir, A256KW",
        ),
        ("unsupported_header", "encryption", put(json!({ "zip": "DEF" }), &signed), ""),
        ("malformed_token", "form", sealed(&key, &header(json!({})), &signed) + "=", "Copy it whole"),
        ("token_expired", "time", put(json!({}), &expired), "It ended 1970-01-01"),
        (
            "header_claim_mismatch",
            "envelope",
            put(json!({ "iss": "me" }), &signed),
            "as they are in the signed token",
        ),
    ] {
        let named = key_named(&sender.files, &key);
        let file = if code == "unknown_key" { &named } else { &file };
        let outcome = sender.verify(&token, &["--decrypt-key", file, "--decrypt-alg", "dir"]);
        let json = report(&outcome);
        assert_eq!(json["code"], code, "{step}: {json}");
        let failed = steps(&json).into_iter().find(|(_, outcome)| *outcome == "failed");
        assert_eq!(failed, Some((step, "failed")), "{code}");
        assert!(json["advice"].as_str().is_some_and(|advice| advice.contains(said)), "{code}: {json}");
    }
    assert_eq!(
        sender
            .verify(
                &put(json!({ "iss": ISSUER }), &signed),
                &["--decrypt-key", &file, "--decrypt-alg", "dir"]
            )
            .code,
        0
    );
}

/// The same key in a JWK that names it.
fn key_named(files: &Files, key: &DecryptionKey) -> String {
    let jwk = json!({ "kty": "oct", "alg": "dir", "kid": "mine", "k": key.secret() });
    files.write("named.jwk", jwk.to_string())
}
