//! One set for several verifiers.

use jwtower::{Algorithm, JwtAuthLayer, NoClaims, SigningKey, Verifier};
use jwtower_tests::{AUDIENCE, ISSUER};

use super::provider::{Mode, Provider, code, jwks, key, token};

#[tokio::test(start_paused = true)]
async fn verifiers_with_lists_of_their_own_share_the_fetches() {
    let (ed, es) = (key("a"), SigningKey::generate(Algorithm::ES256).unwrap().with_kid("b").unwrap());
    let provider = Provider::of(&[&ed, &es]);
    let keys = provider.keys();
    let with = |algorithms: &[Algorithm]| {
        let builder = Verifier::<NoClaims>::builder().keys(&keys).issuer(ISSUER).audience(AUDIENCE);
        builder.algorithms(algorithms.iter().copied()).build().unwrap()
    };
    let (only_ed, only_es) = (with(&[Algorithm::Ed25519]), with(&[Algorithm::ES256]));
    keys.ready().await.unwrap();
    let late = with(&[Algorithm::ES256, Algorithm::Ed25519]);
    let judged =
        |verifier: &Verifier<NoClaims>, key| verifier.verify(&token(key)).map_err(|error| error.code());
    assert!(judged(&only_ed, &ed).is_ok() && judged(&only_es, &es).is_ok());
    assert_eq!(judged(&only_ed, &es).unwrap_err(), "algorithm_not_allowed");
    assert_eq!(judged(&only_es, &ed).unwrap_err(), "algorithm_not_allowed");
    assert!(judged(&late, &ed).is_ok() && judged(&late, &es).is_ok());
    assert_eq!(provider.fetches(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_rsa_key_without_an_algorithm_is_for_the_one_that_is_listed() {
    let key = SigningKey::generate(Algorithm::PS256).unwrap();
    let provider = Provider::of(&[&key]);
    let published = jwks(&[&key]);
    let open = published.replace(r#""alg":"PS256","#, "");
    assert_ne!(open, published);
    provider.set(Mode::Answers(open));
    let keys = provider.keys();
    let builder = || Verifier::<NoClaims>::builder().keys(&keys).issuer(ISSUER).audience(AUDIENCE);
    let (listed, usual) =
        (builder().algorithms([Algorithm::PS256]).build().unwrap(), builder().build().unwrap());
    keys.ready().await.unwrap();
    assert!(listed.verify(&token(&key)).is_ok());
    assert_eq!(code(JwtAuthLayer::new(usual).authenticate(&token(&key)).await), "algorithm_mismatch");
}
