use std::time::Duration;

use jwtower::{Algorithm, Issuer, NoClaims, Secret, SigningKey, Verifier, verify::Issuers};
use jwtower_tests::{AUDIENCE, good_claims};
use serde_json::{Value, json};

use super::provider::{A, B, Provider, outcome};

fn both(a: &Provider, b: &Provider) -> Verifier<super::provider::User> {
    let issuers = Issuers::new();
    issuers.trust(a.verifier()).unwrap();
    issuers.trust(b.verifier()).unwrap();
    issuers.into()
}

#[test]
fn a_key_of_one_issuer_verifies_no_token_of_another() {
    let (a, b) = (Provider::new(A), Provider::new(B));
    let verifier = both(&a, &b);
    assert_eq!((outcome(&verifier, &a.token(&[])), outcome(&verifier, &b.token(&[]))), ("good", "good"));
    let says = |issuer: &str| [("iss", json!(issuer))];
    for (forger, victim) in [(&a, B), (&b, A)] {
        assert_eq!(outcome(&verifier, &forger.token(&says(victim))), "bad_signature");
    }
}

#[test]
fn nor_does_it_by_its_name_or_its_algorithm() {
    let key = |algorithm, kid: &str| SigningKey::generate(algorithm).unwrap().with_kid(kid).unwrap();
    let of_a = key(Algorithm::Ed25519, "one");
    let issuers = Issuers::<NoClaims>::new();
    for (issuer, key) in [(A, &of_a), (B, &key(Algorithm::Ed25519, "two"))] {
        issuers.trust(Verifier::builder().keys(key).issuer(issuer).audience("api").build().unwrap()).unwrap();
    }
    let verifier = Verifier::from(issuers.clone());
    let code = |key: &SigningKey, issuer: &str| {
        let issuer = Issuer::builder().key(key).issuer(issuer).audience("api").build().unwrap();
        let token = issuer.sign("alice", &NoClaims).unwrap();
        verifier.verify(token.secret()).map_or_else(|error| error.code(), |_| "good")
    };
    assert_eq!((code(&of_a, A), code(&of_a, B)), ("good", "unknown_key"));
    for (keys, expected) in [
        (key(Algorithm::Ed25519, "one"), "bad_signature"),
        (key(Algorithm::ES256, "one"), "algorithm_mismatch"),
    ] {
        issuers.trust(Verifier::builder().keys(&keys).issuer(B).audience("api").build().unwrap()).unwrap();
        assert_eq!(code(&of_a, B), expected);
    }
}

#[test]
fn each_issuer_has_settings_of_its_own() {
    let (a, b) = (Provider::new(A), Provider::new(B));
    let issuers = Issuers::new();
    issuers
        .trust(
            a.builder()
                .audience("for a")
                .check(|token| token.registered().session().is_none())
                .build()
                .unwrap(),
        )
        .unwrap();
    let strict = b.builder().audience("for b").required_claims(["tenant"]).leeway(Duration::ZERO);
    issuers.trust(strict.build().unwrap()).unwrap();
    let verifier = Verifier::from(issuers);
    let expired = good_claims()["iat"].as_u64().unwrap() - 30;
    for (claims, of_a, of_b) in [
        (&[][..], "good", "missing_claim"),
        (&[("tenant", json!(1))], "good", "good"),
        (&[("aud", json!("for a")), ("tenant", json!(1))], "good", "audience_mismatch"),
        (&[("aud", json!("for b")), ("tenant", json!(1))], "audience_mismatch", "good"),
        (&[("sid", json!("s")), ("tenant", json!(1))], "check_failed", "good"),
        (&[("exp", json!(expired)), ("tenant", json!(1))], "good", "token_expired"),
    ] {
        let outcomes = (outcome(&verifier, &a.token(claims)), outcome(&verifier, &b.token(claims)));
        assert_eq!(outcomes, (of_a, of_b), "{claims:?}");
    }
}

#[test]
fn each_issuer_has_algorithms_of_its_own() {
    let [hs256, hs512] = [Algorithm::HS256, Algorithm::HS512].map(|alg| Secret::generate(alg).unwrap());
    let keys = jwtower::KeySet::from(&hs256).and(&hs512).unwrap();
    let issuers = Issuers::<NoClaims>::new();
    for (issuer, algorithm) in [(A, Algorithm::HS256), (B, Algorithm::HS512)] {
        let builder = Verifier::builder().keys(&keys).issuer(issuer).audience(AUDIENCE);
        issuers.trust(builder.algorithms([algorithm]).build().unwrap()).unwrap();
    }
    let verifier = Verifier::from(issuers);
    for (issuer, secret, expected) in [
        (A, &hs256, "good"),
        (A, &hs512, "algorithm_not_allowed"),
        (B, &hs256, "algorithm_not_allowed"),
        (B, &hs512, "good"),
    ] {
        let issuer = Issuer::builder().key(secret).issuer(issuer).audience(AUDIENCE).build().unwrap();
        let token = issuer.sign("alice", &NoClaims).unwrap();
        let code = verifier.verify(token.secret()).map_or_else(|error| error.code(), |_| "good");
        assert_eq!(code, expected);
    }
}

#[test]
fn a_token_without_one_known_issuer_is_nobodys() {
    let (a, b) = (Provider::new(A), Provider::new(B));
    let verifier = both(&a, &b);
    let mut claims = good_claims();
    claims.remove("iss");
    let nobodys = Value::Object(claims).to_string();
    let saying = |issuers: &str| nobodys.replacen('{', &format!("{{{issuers},"), 1);
    for (payload, by_a, by_b) in [
        (nobodys.clone(), "unknown_issuer", "unknown_issuer"),
        (saying(r#""iss":"https://c.example.com""#), "unknown_issuer", "unknown_issuer"),
        (saying(r#""iss":"https://a.example.com/""#), "unknown_issuer", "unknown_issuer"),
        (saying(r#""iss":"HTTPS://a.example.com""#), "unknown_issuer", "unknown_issuer"),
        (saying(r#""iss":"""#), "unknown_issuer", "unknown_issuer"),
        (saying(r#""iss":null"#), "invalid_payload", "invalid_payload"),
        (saying(r#""iss":["https://a.example.com"]"#), "invalid_payload", "invalid_payload"),
        (saying(r#""x":{"iss":"https://a.example.com"}"#), "unknown_issuer", "unknown_issuer"),
        (saying(r#""iss":"https://a.example.com""#), "good", "bad_signature"),
        (saying(r#""\u0069ss":"https://\u0061.example.com""#), "good", "bad_signature"),
        // Two issuers: whoever is named first judges, and refuses what it signed itself.
        (saying(&format!(r#""iss":"{A}","iss":"{B}""#)), "duplicate_claim", "bad_signature"),
        (saying(&format!(r#""iss":"{B}","iss":"{A}""#)), "bad_signature", "duplicate_claim"),
        (saying(&format!(r#""iss":"{A}","\u0069ss":"{A}""#)), "duplicate_claim", "bad_signature"),
    ] {
        let outcomes = (outcome(&verifier, &a.sign(&payload)), outcome(&verifier, &b.sign(&payload)));
        assert_eq!(outcomes, (by_a, by_b), "{payload}");
    }
}

#[test]
fn the_form_of_a_token_is_judged_before_its_issuer() {
    let (a, b) = (Provider::new(A), Provider::new(B));
    let verifier = both(&a, &b);
    let good = a.token(&[]);
    let (start, signature) = good.rsplit_once('.').unwrap();
    for (token, code) in [
        (String::new(), "malformed_token"),
        (start.to_owned(), "malformed_token"),
        (format!("{good}.{signature}"), "malformed_token"),
        (format!("{good}.{signature}.{signature}"), "encrypted_token"),
        (format!("{start}.{}", "A".repeat(16 * 1024)), "token_too_large"),
        (good.replacen('.', ".=", 1), "malformed_token"),
        (a.sign("[]"), "invalid_payload"),
        (a.sign([b'{', 0xff, b'}']), "invalid_payload"),
    ] {
        assert_eq!(outcome(&verifier, &token), code, "{token:.60}");
    }
}
