//! How long a set lives, and what a refresh changes.

use std::time::Duration;

use super::provider::{Provider, code, key, layer, token};

/// The times of the fetches after the first one.
async fn refreshes(provider: &Provider, count: usize) -> Vec<f64> {
    let begin = tokio::time::Instant::now();
    let mut times = Vec::new();
    let mut seen = provider.fetches();
    while times.len() < count {
        tokio::time::sleep(Duration::from_millis(500)).await;
        if provider.fetches() > seen {
            seen = provider.fetches();
            times.push(begin.elapsed().as_secs_f64());
        }
    }
    times
}

#[tokio::test(start_paused = true)]
async fn a_set_is_refreshed_at_eighty_per_cent_of_its_life_or_a_little_before() {
    for (cache_control, life) in [
        (None, 600.0),
        (Some("max-age=1800"), 1800.0),
        (Some("max-age=1"), 60.0),
        (Some("no-store"), 60.0),
        (Some("max-age=864000"), 3600.0),
    ] {
        let key = key("a");
        let provider = Provider::of(&[&key]);
        if let Some(value) = cache_control {
            provider.set_cache_control(value);
        }
        let keys = provider.keys();
        keys.ready().await.unwrap();
        let times = refreshes(&provider, 5).await;
        let mut last = 0.0;
        for time in &times {
            let part = (time - last) / life;
            assert!((0.71..=0.82).contains(&part), "{cache_control:?}: {times:?}");
            last = *time;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn services_that_start_together_do_not_refresh_together() {
    let key = key("a");
    let mut first = Vec::new();
    for _ in 0..8 {
        let provider = Provider::of(&[&key]);
        let keys = provider.keys();
        keys.ready().await.unwrap();
        first.push(refreshes(&provider, 1).await[0] as u64);
    }
    first.sort_unstable();
    first.dedup();
    assert!(first.len() > 3, "{first:?}");
}

#[tokio::test(start_paused = true)]
async fn a_removed_key_is_refused_from_the_next_refresh_on() {
    let (stays, goes) = (key("a"), key("b"));
    let provider = Provider::of(&[&stays, &goes]);
    let keys = provider.keys();
    let layer = layer(&keys);
    assert_eq!(code(layer.authenticate(&token(&goes)).await), "ok");
    provider.publish(&[&stays]);
    assert_eq!(code(layer.authenticate(&token(&goes)).await), "ok", "nobody has looked yet");
    refreshes(&provider, 1).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(keys.status().keys, 1);
    assert_eq!(code(layer.authenticate(&token(&goes)).await), "unknown_key");
    assert_eq!(code(layer.authenticate(&token(&stays)).await), "ok");
}

#[tokio::test(start_paused = true)]
async fn requests_with_known_keys_do_not_wait_for_a_refresh() {
    let (known, unknown) = (key("a"), key("b"));
    let provider = Provider::of(&[&known]);
    let layer = layer(&provider.keys());
    assert_eq!(code(layer.authenticate(&token(&known)).await), "ok");
    provider.set(super::provider::Mode::Hangs);
    let waiting = {
        let (layer, token) = (layer.clone(), token(&unknown));
        tokio::spawn(async move { code(layer.authenticate(&token).await) })
    };
    tokio::task::yield_now().await;
    for _ in 0..100 {
        assert_eq!(code(jwtower_tests::at_once(layer.authenticate(&token(&known)))), "ok");
    }
    assert_eq!(waiting.await.unwrap(), "key_pending");
}

#[tokio::test(start_paused = true)]
async fn a_set_that_nobody_uses_any_more_is_not_fetched() {
    let key = key("a");
    let provider = Provider::of(&[&key]);
    let keys = provider.keys();
    let other = keys.clone();
    keys.ready().await.unwrap();
    drop(keys);
    tokio::time::sleep(Duration::from_secs(3600)).await;
    let seen = provider.fetches();
    assert!(seen > 5, "a clone keeps it alive");
    drop(other);
    tokio::time::sleep(Duration::from_secs(36_000)).await;
    assert_eq!(provider.fetches(), seen);
}
