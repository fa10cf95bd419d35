//! What a configuration error says of the secret that it refuses: nothing but why.

use jwtower::{Algorithm, ConfigError, Issuer, KeySet, Secret, SigningKey, keys::Jwk};
use jwtower_tests::{Forge, encode};
use serde_json::json;

#[track_caller]
fn assert_silent(error: &ConfigError, secrets: &[&str]) {
    for text in [error.to_string(), format!("{error:?}"), format!("{error:#?}")] {
        for secret in secrets {
            assert!(!text.contains(secret), "{secret:?} is in {text}");
        }
    }
}

#[test]
fn a_refused_secret_is_not_repeated() {
    for text in [
        "hunter2",
        "correct horse battery staple for me",
        "MySuperSecretKeyForJwtTokens2024!",
        "{\"kty\":\"oct\",\"k\":\"Y2FuYXJ5LWNhbmFyeS1jYW5hcnk\"}",
        concat!(
            "-----BEGIN ",
            "PRIVATE KEY-----\nY2FuYXJ5LWNhbmFyeS1jYW5hcnk\n-----END ",
            "PRIVATE KEY-----\n"
        ),
        "canary*canary*canary*canary*canary",
    ] {
        for algorithm in [Algorithm::HS256, Algorithm::RS256] {
            assert_silent(
                &Secret::from_bytes(algorithm, text).expect_err(text),
                &[text, "Y2FuYXJ5", "canary"],
            );
            assert_silent(
                &Secret::from_base64(algorithm, text).expect_err(text),
                &[text, "Y2FuYXJ5", "canary"],
            );
        }
    }
}

#[test]
fn a_refused_pem_is_not_repeated() {
    let body = encode([7; 96]);
    for (begin, end) in [
        ("PRIVATE KEY", "PRIVATE KEY"),
        ("RSA PRIVATE KEY", "RSA PRIVATE KEY"),
        ("EC PRIVATE KEY", "EC PRIVATE KEY"),
        ("ENCRYPTED PRIVATE KEY", "ENCRYPTED PRIVATE KEY"),
        ("PRIVATE KEY", "PUBLIC KEY"),
        ("PUBLIC KEY", "PUBLIC KEY"),
        ("OPENSSH PRIVATE KEY", "OPENSSH PRIVATE KEY"),
    ] {
        let pem = format!("-----BEGIN {begin}-----\n{body}\n-----END {end}-----\n");
        for pem in [&*pem, &body, &format!("{pem}{pem}")] {
            for algorithm in [Algorithm::RS256, Algorithm::ES256, Algorithm::Ed25519, Algorithm::HS256] {
                assert_silent(&SigningKey::from_pem(algorithm, pem).expect_err(begin), &[&body]);
                assert_silent(&KeySet::from_pem(algorithm, pem).expect_err(begin), &[&body]);
            }
        }
    }
}

#[test]
fn refused_jwks_are_not_repeated() {
    let (forge, canary) = (Forge::new(), encode("canary-private-exponent-of-32-by"));
    let secrets = [forge.secret().secret(), &*canary];
    let pair = SigningKey::generate(Algorithm::Ed25519).expect("a key is made");
    let mut private = json!(pair.public_jwk());
    private["d"] = canary.as_str().into();
    let shared = json!({ "kty": "oct", "k": forge.secret().secret() });
    for jwk in [&private, &shared] {
        assert_silent(&Jwk::from_json(jwk.to_string()).expect_err("it is no public key"), &secrets);
        assert_silent(&SigningKey::from_jwk(jwk.to_string()).expect_err("it cannot sign"), &secrets);
        for set in [json!({ "keys": [jwk] }), json!([jwk]), json!({ "keys": jwk }), jwk.clone()] {
            assert_silent(&KeySet::from_jwks(set.to_string()).expect_err("nothing is usable"), &secrets);
        }
    }
    for text in [format!("{{\"keys\":[{{\"k\":\"{canary}\""), canary.clone(), format!("\"{canary}\"")] {
        assert_silent(&KeySet::from_jwks(&text).expect_err("it is no set"), &secrets);
        assert_silent(&Jwk::from_json(&text).expect_err("it is no key"), &secrets);
        assert_silent(&SigningKey::from_jwk(&text).expect_err("it is no key"), &secrets);
    }
}

#[test]
fn claims_that_cannot_be_signed_are_not_repeated() {
    let forge = Forge::new();
    let issuer = Issuer::builder().key(forge.secret()).issuer("me").audience("api").build();
    let issuer = issuer.expect("the settings are right");
    for claims in
        [json!("canary-claim"), json!(["canary-claim"]), json!({ "x": "canary-claim".repeat(2000) })]
    {
        assert_silent(
            &issuer.sign("canary-subject", &claims).expect_err("it is no set of claims"),
            &["canary"],
        );
    }
}
