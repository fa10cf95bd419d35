//! What `verify` cannot use.

use jwtower::{Algorithm, KeySet, SigningKey};
use jwtower_tests::{Forge, HEADER, encode, good_claims, pem::PemPair};
use serde_json::{Value, json};

use super::{Files, TRUST, verify};
use crate::program::program;

#[test]
fn keys_that_cannot_be_used_are_one_line_without_them() {
    let (files, forge) = (Files::new(), Forge::new());
    let token = forge.sign(HEADER, Value::Object(good_claims()).to_string());
    let (rsa, ec) = (PemPair::generate(Algorithm::RS256), PemPair::generate(Algorithm::ES256));
    let key = SigningKey::generate(Algorithm::ES256).expect("a key");
    let private = json!({ "kty": "oct", "k": forge.secret().secret() });
    let files = |name: &str, text: &[u8]| files.write(name, text);
    let missing = files("x", b"") + "-is-not-there";
    let cases = [
        ("--secret-file", missing.clone(), "", "No such file"),
        ("--pem", missing.clone(), "", "No such file"),
        ("--jwks", missing.clone(), "", "No such file"),
        ("--jwks", "/".into(), "", "directory"),
        ("--decrypt-key", missing, "", "No such file"),
        ("--secret-file", files("short", b"aHVudGVyMg=="), "", "has 7 bytes; HS256 needs at least 32"),
        (
            "--secret-file",
            files("hs512", forge.secret().secret().as_bytes()),
            "HS512",
            "HS512 needs at least 64",
        ),
        ("--secret-file", files("words", b"hunter2 hunter2 hunter2"), "", "is not base64"),
        ("--secret-file", files("jwk", private.to_string().as_bytes()), "", "looks like JSON"),
        ("--secret-file", files("pair", rsa.private.as_bytes()), "", "looks like a PEM"),
        ("--secret-file", files("binary", b"\xff\xfe"), "", "it is not text"),
        (
            "--secret-file",
            files("rs256", forge.secret().secret().as_bytes()),
            "RS256",
            "secrets are for HS256",
        ),
        ("--secret-file", files("large", &[b'a'; 2_000_000]), "", "more than 1 MiB"),
        ("--pem", files("rsa", rsa.public.as_bytes()), "", "it is an RSA key, which may be for RS256, "),
        (
            "--pem",
            files("ec", ec.public.as_bytes()),
            "RS256",
            "holds a P-256 key, and RS256 takes an RSA key",
        ),
        ("--pem", files("hmac", ec.public.as_bytes()), "HS256", "HS256 takes a Secret"),
        ("--pem", files("private", ec.private.as_bytes()), "", "is a private key"),
        ("--pem", files("no-pem", b"hunter2"), "", "is not a PEM"),
        ("--jwks", files("no-json", b"hunter2"), "", "not JSON"),
        ("--jwks", files("empty", br#"{"keys":[]}"#), "", "JWK Set"),
        ("--jwks", files("secrets", json!({ "keys": [private] }).to_string().as_bytes()), "", "JWK Set"),
        ("--jwks", files("set", KeySet::from(&key).to_jwks().as_bytes()), "RS256", "no key is for [RS256]"),
        ("--jwks-url", "login.example.com".into(), "", "is neither https nor http"),
        ("--jwks-url", "http://203.0.113.1/jwks".into(), "", "plain http"),
        ("--jwks-url", "https://user:hunter2@login.example.com/".into(), "", "a user name or a password"),
    ];
    for (option, value, alg, said) in cases {
        let mut arguments = [&[option, &*value], &TRUST[..]].concat();
        if option == "--decrypt-key" {
            arguments.extend(["--jwks-url", "https://login.example.com"]);
        }
        if !alg.is_empty() {
            arguments.extend(["--alg", alg]);
        }
        let outcome = verify(&token, &arguments);
        let line = outcome.failure();
        assert!(line.contains(said), "{option} {value}: {line}");
        let begins = if value.starts_with('/') { format!("{option} {value}: ") } else { String::new() };
        assert!(line.starts_with(&begins) || line.starts_with("algorithms: "), "{line}");
        let secrets = ["hunter2", "aHVudGVy", forge.secret().secret(), &*token];
        let private = rsa.private.lines().chain(ec.private.lines()).filter(|line| line.len() == 64);
        assert!(!secrets.into_iter().chain(private).any(|secret| line.contains(secret)), "{line}");
    }
}

#[test]
fn a_secret_of_the_environment_that_is_none_is_not_repeated() {
    let token = Forge::new().sign(HEADER, "{}");
    for (name, value, said) in [
        ("HERE", "hunter2", "--secret-env HERE: secret: "),
        ("HERE", "", "--secret-env HERE: secret: "),
        ("NOT_HERE", "", "--secret-env NOT_HERE: there is no such variable"),
    ] {
        let arguments = [&["verify", "--secret-env", name], &TRUST[..]].concat();
        let outcome = program(arguments).env("HERE", value).stdin(&token).run();
        assert!(outcome.failure().starts_with(said) && !outcome.stderr.contains("hunter2"), "{outcome:?}");
    }
}

#[test]
fn keys_issuer_and_audience_must_be_given_once() {
    let issuer = ["--issuer", "me"];
    let audience = ["--audience", "api"];
    let file = ["--secret-file", "x"];
    for arguments in [
        [&issuer[..], &audience].concat(),
        [&file[..], &issuer].concat(),
        [&file[..], &audience].concat(),
        [&file[..], &issuer, &audience, &["--pem", "x"]].concat(),
        [&file[..], &issuer, &audience, &["--any-issuer"]].concat(),
        [&file[..], &issuer, &audience, &["--any-audience"]].concat(),
        [&file[..], &issuer, &audience, &issuer].concat(),
        [&file[..], &issuer, &audience, &["--quiet", "--json"]].concat(),
        [&file[..], &issuer, &audience, &["--secret", "hunter2"]].concat(),
        [&["--discover", "https://login.example.com"], &audience[..], &issuer].concat(),
        [&["--discover", "https://login.example.com"], &audience[..], &["--any-issuer"]].concat(),
        [
            &["--discover", "https://login.example.com"],
            &["--jwks-url", "https://login.example.com/x"],
            &audience[..],
        ]
        .concat(),
    ] {
        let outcome = verify(&encode("{}"), &arguments);
        assert_eq!((outcome.code, &*outcome.stdout), (2, ""), "{arguments:?}");
        assert!(outcome.stderr.starts_with("error: "), "{arguments:?}: {}", outcome.stderr);
    }
}

#[test]
fn values_that_cannot_be_used_are_one_line_that_says_what_can() {
    let token = Forge::new().sign(HEADER, "{}");
    let pem = PemPair::generate(Algorithm::Ed25519).private;
    let secret = pem.lines().nth(1).expect("a line");
    for (option, value, said) in [
        ("--alg", "none", "--alg: algorithm: \"none\" is not supported; write one of HS256, "),
        ("--alg", &*token, "--alg: algorithm: \"..\" is not supported; write one of HS256, "),
        ("--alg", &*pem, "--alg: algorithm: \"..\" is not supported; write one of HS256, "),
        ("--decrypt-alg", "RSA1_5", "--decrypt-alg: algorithm: \"RSA1_5\" falls to Bleichenbacher's attack"),
        ("--leeway", "1m", "--leeway: write whole seconds, such as 30"),
        ("--at", "yesterday", "--at: write a moment after 1970 as 2026-01-31T12:00:00Z, or in seconds"),
    ] {
        let value = format!("{option}={value}");
        let arguments = [&["--secret-file", "x", "--decrypt-key", "x", &*value], &TRUST[..]].concat();
        let outcome = verify(&token, &arguments);
        assert!(outcome.failure().starts_with(said), "{option}: {outcome:?}");
        let parts = token.split('.').chain([secret]);
        assert!(!parts.into_iter().any(|part| outcome.stderr.contains(part)), "{outcome:?}");
    }
}
