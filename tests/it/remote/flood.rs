//! Tokens that anybody can make up, and how little they make us ask.

use std::time::Duration;

use jwtower::Algorithm;
use jwtower_tests::{
    encode,
    hostile::{Answer, Hostile, KEYS},
};

use super::{
    fixture::{Api, Signer, answered, jwks},
    time::{asked, pass},
};

/// A token that nobody signed, from this issuer, with this name of a key.
fn made_up(issuer: &str, kid: &str) -> String {
    let header = encode(format!(r#"{{"alg":"EdDSA","kid":"{kid}"}}"#));
    let payload = encode(format!(r#"{{"iss":"{issuer}"}}"#));
    format!("{header}.{payload}.{}", encode([7; 64]))
}

#[tokio::test]
async fn a_thousand_made_up_names_cost_two_fetches_and_one_every_thirty_seconds() {
    let server = Hostile::start().await;
    let (signer, newcomer) = (Signer::of(&server), Signer::of(&server));
    server.publishes(&jwks([signer.jwk()]));
    let api = Api::of(&server);
    assert_eq!(api.get(&signer.token()).await, answered(200, ""));
    for fetch in [2, 3] {
        let answer = api.get(&made_up(&server.issuer(), &format!("first-{fetch}"))).await;
        assert_eq!((answer, server.requests(KEYS)), (answered(401, "unknown_key"), fetch));
    }
    for name in 0..1000 {
        let answer = api.get(&made_up(&server.issuer(), &name.to_string())).await;
        assert_eq!(answer, answered(503, "key_pending"), "{name}");
    }
    assert_eq!(api.get(&signer.token()).await, answered(200, ""));
    assert_eq!(server.all_requests(), 3);

    // A new key has to wait for its turn, and no longer.
    server.publishes(&jwks([signer.jwk(), newcomer.jwk()]));
    assert_eq!(api.get(&newcomer.token()).await, answered(503, "key_pending"));
    pass(Duration::from_secs(31)).await;
    assert_eq!(api.get(&newcomer.token()).await, answered(200, ""));
    assert_eq!(server.all_requests(), 4);
}

#[tokio::test]
async fn a_name_that_was_asked_for_is_not_asked_for_again() {
    let server = Hostile::start().await;
    let signer = Signer::of(&server);
    server.publishes(&jwks([signer.jwk()]));
    let (api, token) = (Api::of(&server), made_up(&server.issuer(), "nobody's"));
    assert_eq!(api.get(&signer.token()).await, answered(200, ""));
    for _ in 0..100 {
        assert_eq!(api.get(&token).await, answered(401, "unknown_key"));
    }
    assert_eq!(server.all_requests(), 2);
}

#[tokio::test]
async fn tokens_of_somebody_else_are_refused_without_a_question() {
    let server = Hostile::start().await;
    let api = Api::of(&server);
    for issuer in ["https://elsewhere.example.com", "", &server.issuer().to_uppercase()] {
        assert_eq!(api.get(&made_up(issuer, "any")).await, answered(401, "issuer_mismatch"), "{issuer}");
    }
    for token in ["", "a.b.c", "e30.e30.", "eyJhbGciOiJub25lIn0.e30."] {
        assert_eq!(api.get(token).await.0 / 100, 4, "{token}");
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_thousand_requests_at_once_lead_to_one_fetch_and_256_of_them_wait_for_it() {
    let server = Hostile::start().await;
    let (signer, newcomer) = (Signer::of(&server), Signer::of(&server));
    server.publishes(&jwks([signer.jwk()]));
    let api = Api::of(&server);
    assert_eq!(api.get(&signer.token()).await, answered(200, ""));

    let both = Answer::json(&jwks([signer.jwk(), newcomer.jwk()]));
    server.answers(KEYS, [both.late(Duration::from_millis(300))]);
    let answers = api.get_all(vec![newcomer.token(); 1000]).await;
    assert_eq!(answers, [(answered(200, ""), 256), (answered(503, "key_pending"), 744)]);
    assert_eq!((server.requests(KEYS), server.connections()), (2, 2));
}

#[tokio::test]
async fn known_keys_answer_at_once_while_others_wait() {
    let server = Hostile::start().await;
    let signer = Signer::of(&server);
    server.publishes(&jwks([signer.jwk()]));
    let api = Api::of(&server);
    assert_eq!(api.get(&signer.token()).await, answered(200, ""));

    server.answers(KEYS, [Answer::never()]);
    let waiting = tokio::spawn({
        let (api, token) = (api.clone(), made_up(&server.issuer(), "unknown"));
        async move { api.get(&token).await }
    });
    asked(&server, 2).await;
    let start = std::time::Instant::now();
    for _ in 0..100 {
        assert_eq!(api.get(&signer.token()).await, answered(200, ""));
    }
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    assert!(!waiting.is_finished());
    let late = super::time::without_delay(waiting).await.expect("it does not panic");
    assert_eq!(late, answered(503, "key_pending"));
}

#[tokio::test]
async fn another_algorithm_under_a_known_name_is_asked_for_once() {
    let server = Hostile::start().await;
    let signer = Signer::named(&server, Algorithm::Ed25519, "main");
    let other = Signer::named(&server, Algorithm::ES256, "main");
    server.publishes(&jwks([signer.jwk()]));
    let api = Api::of(&server);
    assert_eq!(api.get(&signer.token()).await, answered(200, ""));
    for _ in 0..10 {
        assert_eq!(api.get(&other.token()).await, answered(401, "algorithm_mismatch"));
    }
    assert_eq!(server.all_requests(), 2);
}
