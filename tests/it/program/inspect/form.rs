//! What is found about the form of a token, its size and its signature.

use jwtower::{Algorithm, Issuer, NoClaims, Secret, SigningKey};
use jwtower_tests::{AUDIENCE, Forge, ISSUER, encode, pem::PemPair};
use serde_json::{Value, json};

use super::{HEADER, assert_found, claims_with, findings, report};

#[test]
fn findings_about_the_form() {
    let forge = Forge::new();
    let good = forge.sign(HEADER, claims_with(json!({})));
    let [header, claims, signature] = good.split('.').collect::<Vec<_>>()[..] else { unreachable!() };
    let malformed = "error malformed_token";
    let unsigned = encode(r#"{"alg":"none","typ":"at+jwt"}"#);
    for (token, expected) in [
        (format!("{header}.{claims}."), &["error no_signature"][..]),
        (format!("{unsigned}.{claims}."), &["error unsigned /header/alg"]),
        (format!("{header}.{claims}.{}", &signature[..20]), &["error signature_length"]),
        (format!("{header}.{claims}.{signature}="), &[malformed]),
        (format!("{header}=.{claims}.{signature}"), &["error malformed_token /header"]),
        (format!("{header}.{claims}.!{signature}"), &[malformed, "error no_signature"]),
        (format!("{header}.{claims}"), &[malformed]),
        (format!("{header}.{claims}.{signature}.x"), &[malformed]),
        (header.to_owned(), &[malformed]),
        (claims.to_owned(), &[malformed, "note untyped"]),
    ] {
        assert_found(&forge, &token, expected);
    }
    // What can be read of a cut part is shown.
    let cut = &claims[..claims.len() - 3];
    let found = findings(&report(&format!("{header}.{cut}.{signature}")));
    assert!(found.contains(&"error invalid_payload /claims".to_owned()), "{found:?}");
}

#[test]
fn large_tokens_are_named_by_what_they_are_too_large_for() {
    let forge = Forge::new();
    let of = |bytes: usize| {
        let token = |filler: usize| forge.sign(HEADER, claims_with(json!({"x": "a".repeat(filler)})));
        (0..).map(|more| token(bytes * 3 / 4 - 500 + more)).find(|token| token.len() >= bytes).unwrap()
    };
    for (bytes, expected) in [
        (4090, &[][..]),
        (4097, &["note large_for_cookies"]),
        (8193, &["warning large_for_headers"]),
        (16 * 1024 - 4, &["warning large_for_headers"]),
        (16 * 1024 + 1, &["error token_too_large"]),
    ] {
        assert_found(&forge, &of(bytes), expected);
    }
}

#[test]
fn signatures_of_every_algorithm_have_the_expected_length() {
    for algorithm in Algorithm::ALL {
        let issuer = Issuer::builder().issuer(ISSUER).audience(AUDIENCE);
        let issuer = match algorithm.is_symmetric() {
            true => issuer.key(&Secret::generate(algorithm).unwrap()).build(),
            false => issuer
                .key(SigningKey::from_pem(algorithm, PemPair::generate(algorithm).private).unwrap())
                .build(),
        };
        let report = report(issuer.unwrap().sign("alice", &NoClaims).unwrap().secret());
        assert_eq!(
            (report["verified"].clone(), findings(&report)),
            (Value::Bool(false), vec![]),
            "{algorithm}"
        );
    }
}
