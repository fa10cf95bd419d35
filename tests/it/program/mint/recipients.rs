//! Tokens that are encrypted.

use jwtower::{
    Algorithm, NoClaims, Secret, Verifier,
    jwe::{DecryptionKey, DecryptionKeys, KeyManagement},
};
use jwtower_tests::{AUDIENCE, ISSUER};
use serde_json::json;

use super::{Files, mint, parts, token};
use crate::program::{decryption_keys, program};

/// What a sender has of a key, and the arguments beside it.
fn published(files: &Files, key: &DecryptionKey) -> Vec<(String, Vec<&'static str>)> {
    let told = vec!["--encrypt-alg", key.algorithm().name()];
    match key.secret() {
        Some(secret) => {
            let jwk = json!({ "kty": "oct", "alg": key.algorithm().name(), "k": secret }).to_string();
            vec![(files.write("secret", secret), told), (files.write("secret.jwk", jwk), Vec::new())]
        }
        None => {
            let set = DecryptionKeys::from(key).to_jwks();
            let jwk = serde_json::from_str::<serde_json::Value>(&set).expect("JSON")["keys"][0].to_string();
            vec![
                (files.write("set.json", set), Vec::new()),
                (files.write("public.jwk", &jwk), Vec::new()),
                (files.write("told.jwk", &jwk), told),
            ]
        }
    }
}

#[test]
fn tokens_to_keys_of_every_kind_pass_the_library_and_the_program() {
    let (files, secret) =
        (Files::new(), Secret::generate(Algorithm::HS256).expect("the system has randomness"));
    let signing = files.write("signing", secret.secret());
    for key in decryption_keys() {
        let name = key.algorithm().name();
        let private = files.private(&key);
        for (recipient, told) in published(&files, &key) {
            for content in ["A256GCM", "A128GCM"] {
                if (name, content) == ("dir", "A128GCM") {
                    continue;
                }
                let arguments =
                    ["--key", &*signing, "--encrypt-to", &*recipient, "--encrypt-content", content];
                let outcome = mint(&[&arguments[..], &told].concat());
                let token = token(&outcome);
                let [header, _] = parts(token);
                assert_eq!(
                    (&header["alg"], &header["enc"], &header["cty"]),
                    (&json!(name), &json!(content), &json!("JWT"))
                );

                let verifier = Verifier::<NoClaims>::builder().keys(&secret).decrypt_with(&key);
                let verifier = verifier.issuer(ISSUER).audience(AUDIENCE).build().expect("it is complete");
                assert!(verifier.verify(token).is_ok(), "{name} of {recipient}");

                let trust = ["--issuer", ISSUER, "--audience", AUDIENCE, "--decrypt-alg", name];
                let verify = ["verify", "--secret-file", &*signing, "--decrypt-key", &*private];
                let told = program([&verify[..], &trust].concat()).stdin(&outcome.stdout).run();
                assert_eq!((told.code, &*told.stderr), (0, ""), "{name} of {recipient}: {told:?}");
            }
        }
    }
}

#[test]
fn a_public_pem_tells_the_algorithm_of_rsa_alone() {
    let files = Files::new();
    let (signing, ..) = files.key(Algorithm::HS256);
    let (_, _, rsa) = files.key(Algorithm::RS256);
    let (_, _, ec) = files.key(Algorithm::ES256);
    let to = |recipient: &str, told: &[&str]| {
        mint(&[&["--key", &*signing, "--encrypt-to", recipient], told].concat())
    };
    assert_eq!(parts(token(&to(&rsa, &[])))[0]["alg"], "RSA-OAEP-256");
    assert_eq!(parts(token(&to(&ec, &["--encrypt-alg", "ECDH-ES"])))[0]["alg"], "ECDH-ES");
    assert!(to(&ec, &[]).failure().ends_with("it may be for ECDH-ES or ECDH-ES+A256KW; name its algorithm"));
}

#[test]
fn recipients_that_cannot_be_used_are_one_line_without_their_keys() {
    let files = Files::new();
    let (signing, ..) = files.key(Algorithm::HS256);
    let (private, _, public) = files.key(Algorithm::RS256);
    let dir = DecryptionKey::generate(KeyManagement::Dir).expect("a key is made");
    let dir = dir.secret().expect("a secret");
    let secret = files.write("dir", dir);
    let jwk = files.write("jwk", json!({ "kty": "oct", "alg": "dir", "k": dir }).to_string());
    let set = files.write("set", r#"{"keys":[]}"#);
    let words = files.write("words", "hunter2");
    let missing = files.path("missing");
    for (recipient, told, said) in [
        (&private, &[][..], "is a private key"),
        (&public, &["--encrypt-alg", "ECDH-ES"], "holds an RSA key"),
        (&public, &["--encrypt-alg", "dir"], "looks like a PEM"),
        (&secret, &[], "a secret may be for dir or A256KW; name its algorithm"),
        (&secret, &["--encrypt-alg", "RSA-OAEP-256"], "is not a PEM"),
        (&jwk, &["--encrypt-alg", "A256KW"], "the key is for dir, and A256KW was given"),
        (&jwk, &["--encrypt-content", "A128GCM"], "the secret is for A256GCM, by its length"),
        (&set, &[], "no key that one can encrypt to: it is empty"),
        (&words, &["--encrypt-alg", "dir"], ""),
        (&missing, &[], "No such file"),
    ] {
        let outcome = mint(&[&["--key", &*signing, "--encrypt-to", recipient], told].concat());
        let line = outcome.failure();
        assert!(line.starts_with(&format!("--encrypt-to {recipient}: ")) && line.contains(said), "{line}");
        let private = files.read("RS256.pem");
        let private = private.lines().filter(|line| !line.starts_with('-'));
        assert!(!["hunter2", dir].into_iter().chain(private).any(|part| line.contains(part)), "{line}");
    }
    for told in [&["--encrypt-alg", "RSA1_5", "--encrypt-to", &public][..], &["--encrypt-alg", "dir"]] {
        assert_eq!(mint(&[&["--key", &*signing], told].concat()).code, 2, "{told:?}");
    }
}
