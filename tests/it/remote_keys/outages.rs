//! A provider that is away, or answers nonsense.

use std::time::Duration;

use jwtower::ErrorKind;

use super::provider::{Mode, Provider, code, key, layer, token};

#[tokio::test(start_paused = true)]
async fn the_last_good_set_serves_for_its_life_and_an_hour_and_then_it_is_503() {
    let key = key("a");
    let provider = Provider::of(&[&key]);
    let keys = provider.keys();
    let layer = layer(&keys);
    assert_eq!(code(layer.authenticate(&token(&key)).await), "ok");
    provider.set(Mode::Fails);
    tokio::time::sleep(Duration::from_secs(600 + 3600 - 10)).await;
    assert_eq!(code(layer.authenticate(&token(&key)).await), "ok");
    assert_eq!(keys.status().keys, 1);
    assert!(keys.status().error.is_some());
    tokio::time::sleep(Duration::from_secs(20)).await;
    let error = layer.authenticate(&token(&key)).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Unavailable, "keys_unavailable"));
    assert!(error.retry_after().is_some_and(|wait| wait.as_secs() <= 31), "{:?}", error.retry_after());
    assert_eq!(keys.status().keys, 0);
    provider.publish(&[&key]);
    tokio::time::sleep(Duration::from_secs(31)).await;
    assert_eq!(code(layer.authenticate(&token(&key)).await), "ok");
}

#[tokio::test(start_paused = true)]
async fn an_unusable_answer_never_replaces_a_good_set() {
    let key = key("a");
    let provider = Provider::of(&[&key]);
    let keys = provider.keys();
    let layer = layer(&keys);
    assert_eq!(code(layer.authenticate(&token(&key)).await), "ok");
    for body in [r#"{"keys":[]}"#, "{}", "", "<html>", r#"{"keys":[{"kty":"oct","k":"AAAA"}]}"#] {
        provider.set(Mode::Answers(body.into()));
        let seen = provider.fetches();
        tokio::time::sleep(Duration::from_secs(600)).await;
        assert!(provider.fetches() > seen, "{body}");
        assert!(keys.status().error.is_some(), "{body}");
        assert_eq!(keys.status().keys, 1, "{body}");
        assert_eq!(code(layer.authenticate(&token(&key)).await), "ok", "{body}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_unknown_name_during_an_outage_is_503_and_never_401() {
    let (known, new) = (key("a"), key("b"));
    let provider = Provider::of(&[&known]);
    let layer = layer(&provider.keys());
    assert_eq!(code(layer.authenticate(&token(&known)).await), "ok");
    provider.set(Mode::Fails);
    for _ in 0..1000 {
        let error = layer.authenticate(&token(&new)).await.unwrap_err();
        assert_eq!((error.kind(), error.code()), (ErrorKind::Unavailable, "key_pending"));
        assert!(error.retry_after().is_some());
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert_eq!(code(layer.authenticate(&token(&known)).await), "ok");
}

#[tokio::test(start_paused = true)]
async fn attempts_become_rarer_and_go_on() {
    let key = key("a");
    let provider = Provider::of(&[&key]);
    provider.set(Mode::Fails);
    let keys = provider.keys();
    keys.ready().await.unwrap_err();
    tokio::time::sleep(Duration::from_secs(10)).await;
    let early = provider.fetches();
    assert!((3..=8).contains(&early), "{early}");
    tokio::time::sleep(Duration::from_secs(3600)).await;
    let hour = provider.fetches() - early;
    assert!((3600 / 31..=3600 / 15).contains(&hour), "{hour}");
}

#[tokio::test(start_paused = true)]
async fn a_flood_does_not_hurry_an_outage() {
    let key = key("a");
    let provider = Provider::of(&[&key]);
    provider.set(Mode::Fails);
    let layer = layer(&provider.keys());
    for _ in 0..2000 {
        assert_eq!(code(layer.authenticate(&token(&key)).await), "keys_unavailable");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(provider.fetches() <= 15, "{} in 100 s", provider.fetches());
}
