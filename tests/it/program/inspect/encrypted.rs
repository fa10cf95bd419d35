//! Encrypted tokens, with and without their key.

use std::{fs, path::PathBuf};

use jwtower::{
    Algorithm, Issuer, NoClaims, Secret,
    jwe::{DecryptionKey, KeyManagement},
};
use jwtower_tests::{AUDIENCE, ISSUER, encode};
use serde_json::Value;
use tempfile::TempDir;

use super::{super::program, findings, report};

fn encrypted(key: &DecryptionKey) -> String {
    let secret = Secret::generate(Algorithm::HS256).unwrap();
    let issuer = Issuer::builder().key(&secret).encrypt_to(key).issuer(ISSUER).audience(AUDIENCE).build();
    issuer.unwrap().sign("alice", &NoClaims).unwrap().secret().to_owned()
}

/// The key as files: what `keygen` writes, and what else people have.
fn files(folder: &TempDir, key: &DecryptionKey) -> Vec<PathBuf> {
    let (name, text) = match key.secret() {
        Some(secret) => ("key.secret", secret.to_owned()),
        None => ("key.pem", key.to_pem().unwrap().secret().to_owned()),
    };
    let file = folder.path().join(name);
    fs::write(&file, format!("\n{text}\n")).unwrap();
    let mut files = vec![file];
    if let Some(secret) = key.secret() {
        let jwk = serde_json::json!({"kty": "oct", "k": secret, "alg": key.algorithm().name(), "use": "enc"});
        let file = folder.path().join("key.jwk");
        fs::write(&file, jwk.to_string()).unwrap();
        files.push(file);
    }
    files
}

#[test]
fn the_claims_of_an_encrypted_token_are_shown_with_its_key_alone() {
    for algorithm in KeyManagement::ALL {
        let key = DecryptionKey::generate(algorithm).unwrap();
        let token = encrypted(&key);
        let without = report(&token);
        assert_eq!(
            (&without["form"], &without["claims"]),
            (&"encrypted".into(), &Value::Null),
            "{algorithm}"
        );
        assert_eq!((&without["header"]["alg"], findings(&without)), (&algorithm.name().into(), vec![]));
        assert_eq!((&without["inner"], &without["bytes"]["tag"]), (&Value::Null, &16.into()));
        let text = program(["inspect"]).stdin(&token).run().stdout;
        assert!(
            text.contains("encrypted: only the recipient's key shows them") && !text.contains("alice"),
            "{text}"
        );
        assert!(text.contains("AES-GCM with 256 bits"), "{text}");

        let folder = TempDir::new().unwrap();
        for file in files(&folder, &key) {
            let file = file.to_str().unwrap();
            let outcome = program(["inspect", "--json", "--decrypt-key", file]).stdin(&token).run();
            assert_eq!((outcome.code, &*outcome.stderr), (0, ""), "{file}");
            let report: Value = serde_json::from_str(&outcome.stdout).unwrap();
            let inner = &report["inner"];
            assert_eq!(
                (&inner["claims"]["sub"], &inner["form"]),
                (&"alice".into(), &"signed".into()),
                "{file}"
            );
            assert_eq!((findings(inner), &inner["verified"]), (vec![], &false.into()), "{file}");
            let text = program(["inspect", "--decrypt-key", file]).stdin(&token).run().stdout;
            assert_eq!(text.matches("Nothing was verified").count(), 2, "{text}");
            assert!(text.contains("\"alice\""), "{text}");
        }
    }
}

#[test]
fn personal_data_that_only_the_recipient_reads_are_a_note() {
    let key = DecryptionKey::generate(KeyManagement::A256KW).unwrap();
    let secret = Secret::generate(Algorithm::HS256).unwrap();
    let issuer = Issuer::builder().key(&secret).encrypt_to(&key).issuer(ISSUER).audience(AUDIENCE).build();
    let claims = serde_json::json!({"email": "alice@example.com", "password": "hunter2"});
    let token = issuer.unwrap().sign("alice", &claims).unwrap();
    let folder = TempDir::new().unwrap();
    let file = files(&folder, &key).remove(0);
    let arguments = ["inspect", "--json", "--decrypt-key", file.to_str().unwrap()];
    let report: Value = serde_json::from_str(&program(arguments).stdin(token.secret()).run().stdout).unwrap();
    let found = findings(&report["inner"]);
    assert_eq!(found, ["warning secret_in_claim /claims/password", "note personal_data /claims/email"]);
}

#[test]
fn a_key_that_does_not_open_the_token_is_told_with_exit_code_1() {
    let token = encrypted(&DecryptionKey::generate(KeyManagement::EcdhEs).unwrap());
    let other = DecryptionKey::generate(KeyManagement::EcdhEs).unwrap();
    let folder = TempDir::new().unwrap();
    let file = files(&folder, &other).remove(0);
    let outcome = program(["inspect", "--json", "--decrypt-key", file.to_str().unwrap()]).stdin(&token).run();
    assert_eq!((outcome.code, &*outcome.stderr), (1, ""), "{outcome:?}");
    let report: Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(
        (findings(&report), &report["inner"]),
        (vec!["error decryption_failed".to_owned()], &Value::Null)
    );
}

#[test]
fn a_file_that_is_no_key_for_the_token_is_refused_without_a_word_of_it() {
    let token = encrypted(&DecryptionKey::generate(KeyManagement::RsaOaep256).unwrap());
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("key");
    for text in [
        "",
        "hunter2",
        "{\"kty\":\"oct\",\"k\":\"hunter2\"}",
        "-----BEGIN X-----\nhunter2\n-----END X-----",
        "{hunter2",
    ] {
        fs::write(&file, text).unwrap();
        let outcome = program(["inspect", "--decrypt-key", file.to_str().unwrap()]).stdin(&token).run();
        assert!(outcome.failure().starts_with(file.to_str().unwrap()), "{outcome:?}");
        assert!(!outcome.stderr.contains("hunter2"), "{outcome:?}");
    }
    fs::remove_file(&file).unwrap();
    let outcome = program(["inspect", "--decrypt-key", file.to_str().unwrap()]).stdin(&token).run();
    assert!(outcome.failure().contains("No such file"), "{outcome:?}");
}

#[test]
fn a_key_for_a_token_that_is_not_encrypted_is_not_read() {
    let token = jwtower_tests::Forge::new().sign(super::HEADER, "{}");
    let outcome = program(["inspect", "--decrypt-key", "no-such-file"]).stdin(token).run();
    assert_eq!(outcome.code, 0);
    assert_eq!(outcome.stderr, "jwtower: hint: the token is not encrypted, so the key was not used\n");
}

#[test]
fn algorithms_of_encryption_that_nobody_should_use_are_found() {
    let unsupported = "error unsupported_algorithm /header/alg";
    for (header, expected) in [
        (r#"{"alg":"dir","enc":"A256GCM","cty":"JWT"}"#, &[][..]),
        (r#"{"alg":"RSA1_5","enc":"A128GCM","cty":"JWT"}"#, &[unsupported]),
        (r#"{"alg":"RSA-OAEP","enc":"A128GCM","cty":"JWT"}"#, &[unsupported]),
        (r#"{"alg":"PBES2-HS256+A128KW","enc":"A128GCM","cty":"JWT"}"#, &[unsupported]),
        (r#"{"alg":"HS256","enc":"A128GCM","cty":"JWT"}"#, &[unsupported]),
        (r#"{"alg":"dir","enc":"A128CBC-HS256","cty":"JWT"}"#, &["error unsupported_algorithm /header/enc"]),
        (r#"{"alg":"dir","cty":"JWT"}"#, &["error invalid_header /header"]),
        (r#"{"alg":"dir","enc":1,"cty":"JWT"}"#, &["error invalid_header /header/enc"]),
        (r#"{"enc":"A256GCM","cty":"JWT"}"#, &["error invalid_header /header"]),
        (r#"{"alg":"dir","enc":"A256GCM"}"#, &["error not_nested"]),
        (
            r#"{"alg":"dir","enc":"A256GCM","cty":"JWT","zip":"DEF"}"#,
            &["error unsupported_header /header/zip"],
        ),
    ] {
        let token = format!("{}..{}.{}.{}", encode(header), encode([0; 12]), encode("x"), encode([0; 16]));
        assert_eq!(findings(&report(&token)), expected, "{header}");
    }
}
