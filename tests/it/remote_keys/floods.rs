//! Names of keys that nobody has: anybody can make them up.

use std::time::Duration;

use jwtower::ErrorKind;
use tokio::time::Instant;

use super::provider::{Provider, code, key, layer, token};

/// A token that is signed by a key nobody published.
fn junk(number: usize) -> String {
    token(&key(&format!("junk-{number}")))
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_unknown_names_in_a_minute_are_at_most_three_fetches() {
    let good = key("a");
    let provider = Provider::of(&[&good]);
    let layer = layer(&provider.keys());
    assert_eq!(code(layer.authenticate(&token(&good)).await), "ok");
    assert_eq!(provider.fetches(), 1);
    let begin = Instant::now();
    let (mut unknown, mut later) = (0, 0);
    for number in 0..10_000 {
        match layer.authenticate(&junk(number)).await.unwrap_err() {
            error if error.code() == "unknown_key" => unknown += 1,
            error => {
                assert_eq!((error.kind(), error.code()), (ErrorKind::Unavailable, "key_pending"));
                assert!(
                    error.retry_after().is_some_and(|wait| wait.as_secs() <= 31),
                    "{:?}",
                    error.retry_after()
                );
                later += 1;
            }
        }
        if number % 100 > 0 {
            tokio::time::sleep(Duration::from_millis(6)).await;
        }
    }
    assert!(begin.elapsed() < Duration::from_secs(60), "{:?}", begin.elapsed());
    let extra = provider.fetches() - 1;
    println!(
        "10,000 unknown kids in 60 s: {extra} fetches beyond the first; {unknown} were 401, {later} were 503"
    );
    assert!(extra <= 3, "{extra}");
    assert_eq!((unknown, later), (3, 9_997));
    assert_eq!(code(layer.authenticate(&token(&good)).await), "ok");
}

#[tokio::test(start_paused = true)]
async fn a_new_key_is_accepted_with_its_first_token() {
    let (old, new) = (key("a"), key("b"));
    let provider = Provider::of(&[&old]);
    let layer = layer(&provider.keys());
    assert_eq!(code(layer.authenticate(&token(&old)).await), "ok");
    tokio::time::sleep(Duration::from_secs(100)).await;
    provider.publish(&[&old, &new]);
    let begin = Instant::now();
    assert_eq!(code(layer.authenticate(&token(&new)).await), "ok");
    println!("a new key in quiet: accepted after {:?} of virtual time", begin.elapsed());
    assert!(begin.elapsed() < Duration::from_secs(1));
    assert_eq!(provider.fetches(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_new_key_is_accepted_within_thirty_seconds_of_a_flood() {
    let (old, new) = (key("a"), key("b"));
    let provider = Provider::of(&[&old]);
    let layer = layer(&provider.keys());
    assert_eq!(code(layer.authenticate(&token(&old)).await), "ok");
    let flood = {
        let layer = layer.clone();
        tokio::spawn(async move {
            for number in 0.. {
                let _ = layer.authenticate(&junk(number)).await;
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        })
    };
    tokio::time::sleep(Duration::from_secs(47)).await;
    provider.publish(&[&new]);
    let (begin, token) = (Instant::now(), token(&new));
    loop {
        match layer.authenticate(&token).await {
            Ok(_) => break,
            // Nobody may say that it is bad.
            Err(error) => assert_eq!(error.code(), "key_pending"),
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    println!("a new key under a flood: accepted after {:?} of virtual time", begin.elapsed());
    assert!(begin.elapsed() <= Duration::from_secs(30));
    flood.abort();
}

#[tokio::test(start_paused = true)]
async fn unknown_names_again_and_again_are_one_fetch_in_thirty_seconds() {
    let (good, bad) = (key("a"), key("b"));
    let provider = Provider::of(&[&good]);
    let layer = layer(&provider.keys());
    assert_eq!(code(layer.authenticate(&token(&good)).await), "ok");
    let names = [token(&bad), junk(1), junk(2)];
    for second in 0..120 {
        for name in &names[..2] {
            assert_eq!(code(layer.authenticate(name).await), "unknown_key", "after {second} s");
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    // One for each name, and then one for both.
    assert!((5..=6).contains(&provider.fetches()), "{}", provider.fetches());
    // It was published late: what was unknown is asked for again.
    provider.publish(&[&good, &bad]);
    tokio::time::sleep(Duration::from_secs(30)).await;
    assert_eq!(code(layer.authenticate(&names[0]).await), "ok");
}

#[tokio::test(start_paused = true)]
async fn three_thousand_unknown_names_at_once_are_two_fetches() {
    let good = key("a");
    let provider = Provider::of(&[&good]);
    let layer = layer(&provider.keys());
    assert_eq!(code(layer.authenticate(&token(&good)).await), "ok");
    let tokens: Vec<_> = (0..3000).map(junk).collect();
    let tasks: Vec<_> = tokens
        .into_iter()
        .map(|token| {
            let layer = layer.clone();
            tokio::spawn(async move { code(layer.authenticate(&token).await) })
        })
        .collect();
    let mut counts = std::collections::BTreeMap::<_, usize>::new();
    for task in tasks {
        *counts.entry(task.await.unwrap()).or_default() += 1;
    }
    println!("3,000 unknown kids at once: {counts:?}, {} fetches beyond the first", provider.fetches() - 1);
    assert!(provider.fetches() <= 3, "{}", provider.fetches());
    assert_eq!(counts.values().sum::<usize>(), 3000);
    assert!(counts["unknown_key"] <= 256 && counts.len() == 2, "{counts:?}");
    assert_eq!(code(layer.authenticate(&token(&good)).await), "ok");
}

#[tokio::test(start_paused = true)]
async fn the_same_name_with_another_algorithm_is_asked_for_too() {
    let old = key("same");
    let new = jwtower::SigningKey::generate(jwtower::Algorithm::ES256).unwrap().with_kid("same").unwrap();
    let provider = Provider::of(&[&old]);
    let layer = layer(&provider.keys());
    assert_eq!(code(layer.authenticate(&token(&old)).await), "ok");
    assert_eq!(code(layer.authenticate(&token(&new)).await), "algorithm_mismatch");
    assert_eq!(provider.fetches(), 2);
    tokio::time::sleep(Duration::from_secs(31)).await;
    provider.publish(&[&new]);
    assert_eq!(code(layer.authenticate(&token(&new)).await), "ok");
    assert_eq!(
        code(layer.authenticate(&token(&old)).await),
        "algorithm_mismatch",
        "it was asked for meanwhile"
    );
}

#[tokio::test(start_paused = true)]
async fn while_no_fetch_is_allowed_a_name_is_401_if_it_was_looked_for_and_503_if_not() {
    let good = key("a");
    let provider = Provider::of(&[&good]);
    let layer = layer(&provider.keys());
    assert_eq!(code(layer.authenticate(&token(&good)).await), "ok");
    let names = [junk(1), junk(2), junk(3)];
    assert_eq!(code(layer.authenticate(&names[0]).await), "unknown_key");
    assert_eq!(code(layer.authenticate(&names[1]).await), "unknown_key");
    for _ in 0..25 {
        assert_eq!(code(layer.authenticate(&names[1]).await), "unknown_key");
        assert_eq!(code(layer.authenticate(&names[2]).await), "key_pending");
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    assert_eq!(provider.fetches(), 3);
}
