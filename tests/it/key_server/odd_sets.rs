//! Sets of keys that are not as they should be.

use jwtower::Algorithm;
use jwtower_tests::hostile::{Hostile, KEYS};
use serde_json::{Value, json};

use super::fixture::{Api, Signer, answered, jwks};

/// A key's entry with other members; `null` removes one.
fn changed(signer: &Signer, members: Value) -> Value {
    let mut entry = signer.jwk();
    let Value::Object(members) = members else { return members };
    for (name, value) in members {
        match value {
            Value::Null => entry.as_object_mut().expect("an object").remove(&name),
            value => entry.as_object_mut().expect("an object").insert(name, value),
        };
    }
    entry
}

#[tokio::test]
async fn one_broken_key_among_ten_harms_none_of_the_others() {
    for members in [
        json!({ "x": "AA" }),
        json!({ "x": "not base64url!" }),
        json!({ "x": null }),
        json!({ "x": 7 }),
        json!({ "kty": null }),
        json!({ "kty": "AKP", "alg": "ML-DSA-44" }),
        json!({ "kty": ["OKP"] }),
        json!({ "crv": "X25519" }),
        json!({ "use": "enc" }),
        json!({ "key_ops": ["sign"] }),
        json!({ "alg": "RS256" }),
        json!({ "kid": 7 }),
        json!("a text"),
        json!(7),
        json!([]),
    ] {
        let server = Hostile::start().await;
        let signers: Vec<_> = (0..10).map(|_| Signer::of(&server)).collect();
        let (broken, sound) = signers.split_first().expect("there are ten");
        let others = sound.iter().map(Signer::jwk);
        server.publishes(&jwks(std::iter::once(changed(broken, members.clone())).chain(others)));
        let api = Api::of(&server);
        for signer in sound {
            assert_eq!(api.get(&signer.token()).await, answered(200, ""), "{members}");
        }
        assert_eq!(server.requests(KEYS), 1);
        assert_eq!(api.get(&broken.token()).await, answered(401, "unknown_key"), "{members}");
    }
}

#[tokio::test]
async fn of_two_keys_with_one_name_neither_counts_unless_their_types_differ() {
    let server = Hostile::start().await;
    let named = |algorithm| Signer::named(&server, algorithm, "main");
    let (one, two, other) = (named(Algorithm::ES256), named(Algorithm::ES256), Signer::of(&server));
    server.publishes(&jwks([one.jwk(), two.jwk(), other.jwk()]));
    let api = Api::of(&server);
    assert_eq!(api.get(&other.token()).await, answered(200, ""));
    for signer in [&one, &two] {
        assert_eq!(api.get(&signer.token()).await, answered(401, "unknown_key"));
    }

    let (one, two) = (named(Algorithm::RS256), named(Algorithm::Ed25519));
    server.publishes(&jwks([one.jwk(), two.jwk()]));
    let api = Api::of(&server);
    for signer in [&one, &two] {
        assert_eq!(api.get(&signer.token()).await, answered(200, ""));
    }
}

#[tokio::test]
async fn a_hundred_keys_are_taken_and_one_more_is_not() {
    let server = Hostile::start().await;
    let signers: Vec<_> = (0..101).map(|_| Signer::of(&server)).collect();
    let set = |count: usize| jwks(signers.iter().take(count).map(Signer::jwk));
    server.publishes(&set(100));
    assert_eq!(Api::of(&server).get(&signers[99].token()).await, answered(200, ""));
    server.publishes(&set(101));
    assert_eq!(Api::of(&server).get(&signers[99].token()).await, answered(503, "keys_unavailable"));
}

#[tokio::test]
async fn a_secret_in_the_set_verifies_nothing() {
    let server = Hostile::start().await;
    let signer = Signer::of(&server);
    let hmac = Signer::named(&server, Algorithm::HS256, "shared");
    let secret = json!({ "kty": "oct", "kid": "shared", "alg": "HS256", "k": "A".repeat(64) });
    server.publishes(&jwks([signer.jwk(), secret]));
    let api = Api::of(&server);
    assert_eq!(api.get(&signer.token()).await, answered(200, ""));
    assert_eq!(api.get(&hmac.token()).await, answered(401, "unknown_key"));
}
