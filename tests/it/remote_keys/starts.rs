//! The first token.

use std::time::Duration;

use jwtower::ErrorKind;
use jwtower_tests::{ISSUER, at_once};

use super::provider::{LATENCY, Mode, Provider, code, key, layer, token, token_of, verifier};

#[tokio::test(start_paused = true)]
async fn nothing_is_fetched_before_the_first_token_and_that_waits_for_the_keys() {
    let key = key("a");
    let provider = Provider::of(&[&key]);
    let keys = provider.keys();
    let layer = layer(&keys);
    tokio::time::sleep(Duration::from_secs(3600)).await;
    assert_eq!(provider.fetches(), 0);
    let begin = tokio::time::Instant::now();
    assert_eq!(code(layer.authenticate(&token(&key)).await), "ok");
    assert!(begin.elapsed() < LATENCY * 2, "{:?}", begin.elapsed());
    assert_eq!(code(at_once(layer.authenticate(&token(&key)))), "ok", "the next one does not wait");
    assert_eq!(provider.fetches(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_thousand_first_requests_are_one_fetch() {
    let key = key("a");
    let provider = Provider::of(&[&key]);
    let layer = layer(&provider.keys());
    let token = token(&key);
    let tasks: Vec<_> = (0..1000)
        .map(|_| {
            let (layer, token) = (layer.clone(), token.clone());
            tokio::spawn(async move { layer.authenticate(&token).await })
        })
        .collect();
    let (mut passed, mut later) = (0, 0);
    for task in tasks {
        match task.await.unwrap() {
            Ok(_) => passed += 1,
            Err(error) => {
                assert_eq!((error.kind(), error.code()), (ErrorKind::Unavailable, "keys_unavailable"));
                assert!(error.retry_after().is_some());
                later += 1;
            }
        }
    }
    println!(
        "1,000 requests at once: {passed} waited and passed, {later} were 503, {} fetch",
        provider.fetches()
    );
    assert_eq!(provider.fetches(), 1);
    assert_eq!((passed, later), (256, 744), "that many may wait");
    assert_eq!(code(layer.authenticate(&token).await), "ok");
}

#[tokio::test(start_paused = true)]
async fn a_token_of_another_issuer_is_refused_without_a_fetch() {
    let key = key("a");
    let provider = Provider::of(&[&key]);
    let layer = layer(&provider.keys());
    for foreign in ["https://evil.example", "https://login.example.com/"] {
        assert_eq!(code(layer.authenticate(&token_of(&key, foreign)).await), "issuer_mismatch");
    }
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(provider.fetches(), 0);
    assert_eq!(code(layer.authenticate(&token_of(&key, ISSUER)).await), "ok");
}

#[tokio::test(start_paused = true)]
async fn ready_fetches_before_the_first_token_and_says_why_it_could_not() {
    let key = key("a");
    let provider = Provider::of(&[&key]);
    provider.set(Mode::Fails);
    let keys = provider.keys();
    let error = keys.ready().await.unwrap_err();
    assert!(error.to_string().starts_with("https://login.example.com/jwks.json: "), "{error}");
    let verifier = verifier(&keys);
    assert_eq!(verifier.ready().await.unwrap_err().code(), "keys_unavailable");
    assert_eq!(verifier.verify(&token(&key)).unwrap_err().code(), "keys_unavailable");
    provider.publish(&[&key]);
    keys.ready().await.unwrap();
    verifier.ready().await.unwrap();
    verifier.verify(&token(&key)).unwrap();
    let [status] = &*verifier.key_status() else { panic!("one issuer") };
    assert_eq!((status.keys, &status.error), (1, &None));
    assert!(status.fetched.is_some() && status.next_refresh > status.fetched);
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_hangs_costs_a_request_two_seconds_and_503() {
    let key = key("a");
    let provider = Provider::of(&[&key]);
    provider.set(Mode::Hangs);
    let keys = provider.keys();
    let layer = layer(&keys);
    let begin = tokio::time::Instant::now();
    let error = layer.authenticate(&token(&key)).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Unavailable, "keys_unavailable"));
    assert!(error.retry_after().is_some());
    assert_eq!(begin.elapsed().as_secs(), 2);
    // The fetch itself is given up after five, and the next attempt follows.
    tokio::time::sleep(Duration::from_secs(4)).await;
    assert!(keys.status().error.is_some_and(|error| error.contains("5s")), "{:?}", keys.status());
    provider.publish(&[&key]);
    keys.ready().await.unwrap();
    assert_eq!(code(layer.authenticate(&token(&key)).await), "ok");
}
