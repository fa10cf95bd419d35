use serde_json::{Value, json};

use crate::{
    claims::{NoClaims, RegisteredClaims},
    keys::{Algorithm, SigningKey, base64url},
    verify::{Verifier, encrypted::check_replicated},
};

/// Whether the header may say this of a token with these claims.
fn agree(header: Value, claims: Value) -> bool {
    let key = SigningKey::generate(Algorithm::HS256).unwrap();
    let mut payload = json!({ "exp": 4_000_000_000_u32 });
    payload.as_object_mut().unwrap().extend(claims.as_object().unwrap().clone());
    let [head, payload] =
        [json!({ "alg": "HS256" }), payload].map(|part| base64url::encode(part.to_string()));
    let signature = base64url::encode(key.sign(format!("{head}.{payload}").as_bytes()).unwrap());
    let verifier =
        Verifier::<NoClaims>::builder().keys(&key).dangerous().any_issuer().dangerous().any_audience();
    let verified = verifier.build().unwrap().verify(&format!("{head}.{payload}.{signature}")).unwrap();
    let claims: &RegisteredClaims = verified.registered();
    check_replicated(header.as_object().unwrap(), claims).is_ok()
}

#[test]
fn what_a_header_repeats_is_what_the_claims_say() {
    let claims = json!({ "iss": "i", "sub": "s", "aud": ["a", "b"] });
    for header in [
        json!({}),
        json!({ "iss": "i" }),
        json!({ "sub": "s" }),
        json!({ "aud": ["a", "b"] }),
        json!({ "iss": "i", "sub": "s", "aud": ["a", "b"] }),
    ] {
        assert!(agree(header.clone(), claims.clone()), "{header}");
    }
    for header in [
        json!({ "iss": "I" }),
        json!({ "iss": "" }),
        json!({ "iss": null }),
        json!({ "sub": "alice" }),
        json!({ "sub": ["s"] }),
        json!({ "aud": "a" }),
        json!({ "aud": ["b", "a"] }),
        json!({ "aud": ["a"] }),
        json!({ "aud": ["a", "b", "c"] }),
        json!({ "aud": [] }),
        json!({ "iss": "i", "sub": "alice" }),
    ] {
        assert!(!agree(header.clone(), claims.clone()), "{header}");
    }
    assert!(agree(json!({ "aud": "a" }), json!({ "aud": ["a"] })));
    assert!(agree(json!({ "aud": ["a"] }), json!({ "aud": "a" })));
}

#[test]
fn what_a_header_repeats_stands_in_the_claims_too() {
    for header in [
        json!({ "iss": "i" }),
        json!({ "iss": null }),
        json!({ "iss": 5 }),
        json!({ "sub": {} }),
        json!({ "aud": [] }),
        json!({ "aud": null }),
        json!({ "aud": "a" }),
    ] {
        assert!(!agree(header.clone(), json!({})), "{header}");
    }
}
