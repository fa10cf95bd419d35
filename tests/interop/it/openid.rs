//! An API behind npm oidc-provider: found by its issuer, followed through rotations and outages.

use std::time::{Duration, Instant};

use base64_simd::URL_SAFE_NO_PAD;
use jwtower::{
    JwtAuthLayer, NoClaims, Verifier,
    jwe::{Curve, DecryptionKey, EncryptionKey, KeyManagement},
};

use crate::{
    api::{Api, Profile, hello, refused},
    provider::Provider,
};

/// The resources of the provider, one for each algorithm that signs.
const RESOURCES: [&str; 6] =
    ["urn:api:rs256", "urn:api:es256", "urn:api:eddsa", "urn:api:ps256", "urn:api:es384", "urn:api:ed25519"];

fn api(provider: &Provider) -> Api {
    Api::behind(&provider.issuer(), &RESOURCES, Profile::Rfc9068)
}

/// A token for each resource.
fn tokens(provider: &Provider) -> [String; 6] {
    RESOURCES.map(|resource| provider.token(resource))
}

#[tokio::test]
async fn its_tokens_in_six_algorithms_are_accepted_after_one_fetch() {
    let Some(provider) = Provider::start() else { return };
    let api = api(&provider);
    for token in tokens(&provider) {
        assert_eq!(api.get(&token).await, hello());
    }
    assert_eq!((provider.discoveries(), provider.jwks_fetches()), (1, 1));

    let other = Api::behind(&provider.issuer(), &["urn:api:opaque"], Profile::Rfc9068);
    assert_eq!(other.get(&provider.token(RESOURCES[0])).await, refused(401, "audience_mismatch"));
}

#[tokio::test]
async fn a_rotation_is_followed_without_a_refusal_and_retired_keys_end() {
    let Some(provider) = Provider::start() else { return };
    let api = api(&provider);
    let old = tokens(&provider);
    for token in &old {
        assert_eq!(api.get(token).await, hello());
    }

    provider.prepublish();
    for token in old.iter().chain(&tokens(&provider)) {
        assert_eq!(api.get(token).await, hello());
    }
    assert_eq!(provider.jwks_fetches(), 1);

    provider.promote();
    let new = tokens(&provider);
    let start = Instant::now();
    assert_eq!(api.get_many(&new[0], 100).await, vec![hello(); 100]);
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    for token in old.iter().chain(&new) {
        assert_eq!(api.get(token).await, hello());
    }
    assert_eq!((provider.discoveries(), provider.jwks_fetches()), (2, 2));

    provider.retire();
    assert_eq!(api.get(&old[0]).await, hello(), "nobody has looked yet");
    api.refreshed().await;
    assert_eq!(provider.jwks_fetches(), 3);
    for token in &new {
        assert_eq!(api.get(token).await, hello());
    }
    assert_eq!(api.get(&old[0]).await, refused(401, "unknown_key"));
}

#[tokio::test]
async fn a_rotation_without_notice_is_followed_with_the_first_new_token() {
    let Some(provider) = Provider::start() else { return };
    let api = api(&provider);
    let old = provider.token(RESOURCES[1]);
    assert_eq!(api.get(&old).await, hello());
    provider.rotate();
    for token in tokens(&provider) {
        assert_eq!(api.get(&token).await, hello());
    }
    assert_eq!(provider.jwks_fetches(), 2);
    assert_eq!(api.get(&old).await, refused(401, "unknown_key"));
}

#[tokio::test]
async fn a_provider_that_is_away_makes_503_at_first_and_later_only_for_new_keys() {
    let Some(mut provider) = Provider::start() else { return };
    let api = api(&provider);
    let early = provider.token(RESOURCES[2]);
    provider.stop();
    for _ in 0..3 {
        assert_eq!(api.get(&early).await, refused(503, "keys_unavailable"));
    }

    provider.restart();
    api.patient().await;
    let known = provider.token(RESOURCES[2]);
    assert_eq!(api.get(&known).await, hello());
    assert_eq!(api.get(&early).await, refused(401, "unknown_key"), "the restart made other keys");

    provider.stop();
    assert_eq!(api.get(&known).await, hello());
    assert_eq!(api.get(&made_up(&provider.issuer(), "new")).await, refused(503, "key_pending"));
    assert_eq!(api.get(&known).await, hello());

    provider.restart();
    api.patient().await;
    assert_eq!(api.get(&provider.token(RESOURCES[2])).await, hello());
}

#[tokio::test]
async fn made_up_names_of_keys_reach_the_provider_twice_at_most() {
    let Some(provider) = Provider::start() else { return };
    let api = api(&provider);
    let token = provider.token(RESOURCES[5]);
    assert_eq!(api.get(&token).await, hello());
    let mut counts = [0, 0];
    for name in 0..500 {
        match api.get(&made_up(&provider.issuer(), &name.to_string())).await {
            answer if answer == refused(401, "unknown_key") => counts[0] += 1,
            answer if answer == refused(503, "key_pending") => counts[1] += 1,
            answer => panic!("{answer:?}"),
        }
    }
    assert_eq!(counts, [2, 498]);
    assert_eq!((provider.discoveries(), provider.jwks_fetches()), (3, 3));
    assert_eq!(api.get(&token).await, hello());
}

/// A token of this issuer that nobody signed, with this name of a key.
fn made_up(issuer: &str, kid: &str) -> String {
    let encode = |text: &str| URL_SAFE_NO_PAD.encode_to_string(text);
    let header = encode(&format!(r#"{{"typ":"at+jwt","alg":"ES256","kid":"{kid}"}}"#));
    let payload = encode(&format!(r#"{{"iss":"{issuer}"}}"#));
    format!("{header}.{payload}.{}", encode(&"s".repeat(64)))
}

#[tokio::test]
async fn what_it_encrypts_to_us_is_decrypted_and_verified() {
    let Some(provider) = Provider::start() else { return };
    for key in [
        DecryptionKey::generate(KeyManagement::RsaOaep256),
        DecryptionKey::generate(KeyManagement::EcdhEsA256KW),
        DecryptionKey::generate_on(Curve::X25519, KeyManagement::EcdhEs),
    ] {
        let key = key.expect("a key");
        provider.encrypt_to(&EncryptionKey::from(&key).to_jwk().expect("a public half"));
        let token = provider.token("urn:api:encrypted");
        assert_eq!(token.split('.').count(), 5);

        let verifier = Verifier::<NoClaims>::builder().discover(&provider.issuer()).expect("a URL");
        let verifier = verifier.audience("urn:api:encrypted").rfc9068().decrypt_with(&key);
        let layer = JwtAuthLayer::new(verifier.build().expect("a verifier"));
        let claims = layer.authenticate(&token).await.expect("a good token");
        assert_eq!(claims.registered().subject(), Some("service"));

        let plain = provider.token(RESOURCES[1]);
        assert_eq!(layer.authenticate(&plain).await.expect_err("a plain token").code(), "plain_token");
    }
}
