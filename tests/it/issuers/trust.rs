use jwtower::{JwtAuthLayer, Verifier, verify::Issuers};
use jwtower_tests::AUDIENCE;

use super::provider::{A, B, Provider, authenticate, outcome};

#[test]
fn a_verifier_of_any_issuer_or_of_several_is_refused() {
    let forge = jwtower_tests::Forge::new();
    let any =
        Verifier::builder().keys(forge.secret()).dangerous().any_issuer().audience(AUDIENCE).build().unwrap();
    let several = Issuers::new();
    several.trust(Provider::new(A).verifier()).unwrap();
    let issuers = Issuers::new();
    for (verifier, word) in
        [(any, "any issuer"), (several.clone().into(), "several"), (Issuers::new().into(), "several")]
    {
        let error = issuers.trust(verifier).unwrap_err();
        assert_eq!(error.setting(), "issuer");
        assert!(error.to_string().contains(word), "{error}");
    }
    // Above all not itself.
    assert!(several.trust(several.clone().into()).is_err());
    assert!(issuers.issuers().is_empty());
    assert_eq!(several.issuers(), [A]);
}

#[test]
fn of_no_issuers_every_token_is_refused() {
    let verifier = Verifier::from(Issuers::new());
    assert_eq!(outcome(&verifier, &Provider::new(A).token(&[])), "unknown_issuer");
    assert_eq!(outcome(&verifier, "no.token"), "malformed_token");
}

#[tokio::test]
async fn whoever_is_trusted_and_distrusted_is_so_for_all_clones_from_the_next_token_on() {
    let (old, new, b) = (Provider::new(A), Provider::new(A), Provider::new(B));
    let (by_old, by_new, by_b) = (old.token(&[]), new.token(&[]), b.token(&[]));
    let issuers = Issuers::new();
    let layer = JwtAuthLayer::new(issuers.clone());
    let elsewhere = issuers.clone();
    let outcomes = async || {
        let verifier = Verifier::from(issuers.clone());
        let tokens = [&by_old, &by_new, &by_b];
        let codes = tokens.map(|token| outcome(&verifier, token));
        for (token, code) in tokens.into_iter().zip(codes) {
            assert_eq!(authenticate(&layer, token).await, code);
        }
        codes
    };
    assert_eq!(outcomes().await, ["unknown_issuer"; 3]);
    elsewhere.trust(old.verifier()).unwrap();
    assert_eq!(outcomes().await, ["good", "bad_signature", "unknown_issuer"]);
    elsewhere.trust(b.verifier()).unwrap();
    elsewhere.trust(new.verifier()).unwrap();
    assert_eq!(outcomes().await, ["bad_signature", "good", "good"]);
    assert_eq!(issuers.issuers(), [A, B]);
    assert!(elsewhere.distrust(A));
    assert_eq!(outcomes().await, ["unknown_issuer", "unknown_issuer", "good"]);
    assert!(!elsewhere.distrust(A) && !elsewhere.distrust("https://b.example.com/"));
    assert_eq!(issuers.issuers(), [B]);
}

#[test]
fn debug_names_the_issuers_and_no_key() {
    let issuers = Issuers::new();
    issuers.trust(Provider::new(B).verifier()).unwrap();
    issuers.trust(Provider::new(A).verifier()).unwrap();
    let printed = format!("{issuers:?}");
    assert_eq!(printed, format!("Issuers {{ trusted: [{A:?}, {B:?}], .. }}"));
    assert_eq!(format!("{:?}", Verifier::from(issuers)), printed);
}
