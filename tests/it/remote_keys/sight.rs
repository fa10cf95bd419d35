//! What one can see: status, events and metrics.

use std::{collections::BTreeMap, time::Duration};

use metrics_util::debugging::{DebugValue, DebuggingRecorder, Snapshotter};
use tracing_subscriber::filter::LevelFilter;

use super::provider::{Mode, Provider, URL, code, key, layer, token};
use crate::log::Log;

/// The numbers of now, by name and labels.
fn numbers(snapshotter: &Snapshotter) -> BTreeMap<String, f64> {
    let numbers = snapshotter.snapshot().into_vec().into_iter().map(|(key, _, _, value)| {
        let key = key.key();
        let labels: Vec<_> = key.labels().map(|label| format!("{}={}", label.key(), label.value())).collect();
        let number = match value {
            DebugValue::Counter(number) => number as f64,
            DebugValue::Gauge(number) => number.into_inner(),
            DebugValue::Histogram(_) => panic!("there is no histogram"),
        };
        (format!("{} {}", key.name(), labels.join(" ")), number)
    });
    numbers.collect()
}

#[test]
fn metrics_count_fetches_and_say_how_many_keys_there_are() {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    metrics::with_local_recorder(&recorder, || {
        runtime.block_on(async {
            let key = key("a");
            let provider = Provider::of(&[&key]);
            let keys = provider.keys();
            keys.ready().await.unwrap();
            let first = numbers(&snapshotter);
            assert_eq!(first[&format!("jwtower_key_fetches_total source={URL} outcome=success")], 1.0);
            assert_eq!(first[&format!("jwtower_keys source={URL}")], 1.0);
            let fetched = first[&format!("jwtower_keys_fetched_timestamp_seconds source={URL}")];
            let next = first[&format!("jwtower_keys_next_refresh_timestamp_seconds source={URL}")];
            assert!((400.0..500.0).contains(&(next - fetched)), "{first:?}");

            provider.set(Mode::Fails);
            tokio::time::sleep(Duration::from_secs(600)).await;
            let later = numbers(&snapshotter);
            assert!(
                later[&format!("jwtower_key_fetches_total source={URL} outcome=failure")] > 1.0,
                "{later:?}"
            );
            assert_eq!(later[&format!("jwtower_keys source={URL}")], 1.0, "the last good set serves");
            tokio::time::sleep(Duration::from_secs(3700)).await;
            assert_eq!(numbers(&snapshotter)[&format!("jwtower_keys source={URL}")], 0.0);
        });
    });
}

#[tokio::test(start_paused = true)]
async fn events_name_the_source_and_nothing_that_a_token_says() {
    let (log, _guard) = Log::capture(LevelFilter::DEBUG);
    let key = key("a");
    let provider = Provider::of(&[&key]);
    let keys = provider.keys();
    keys.ready().await.unwrap();
    assert_eq!(log.take().trim(), format!("DEBUG jwtower: keys were fetched source={URL} keys=1"));

    provider.set(Mode::Fails);
    let stranger = super::provider::key("a-name-that-a-stranger-chose");
    assert_eq!(code(layer(&keys).authenticate(&token(&stranger)).await), "key_pending");
    let text = log.take();
    assert!(
        text.contains(&format!(" WARN jwtower: keys could not be fetched source={URL} error={URL}: ")),
        "{text}"
    );
    assert!(!text.contains("stranger"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn a_status_tells_how_the_keys_are_doing() {
    let key = key("a");
    let provider = Provider::of(&[&key]);
    let keys = provider.keys();
    let before = keys.status();
    assert_eq!((&*before.source, before.keys, before.fetched), (URL, 0, None));
    assert_eq!((before.error, before.next_refresh), (None, None));
    keys.ready().await.unwrap();
    provider.set(Mode::Answers("{}".into()));
    tokio::time::sleep(Duration::from_secs(600)).await;
    let after = keys.status();
    assert_eq!(after.keys, 1);
    assert!(after.fetched.is_some() && after.next_refresh.is_some());
    let error = after.error.unwrap();
    assert!(error.contains("no member `keys`"), "{error}");
}
