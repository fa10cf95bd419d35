//! Where there is no runtime, or another one.

use std::time::Duration;

use super::provider::{Mode, Provider, code, key, layer, token, verifier};

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

#[test]
fn building_needs_no_runtime_and_verifying_without_one_is_503() {
    let key = key("a");
    let provider = Provider::of(&[&key]);
    let verifier = verifier(&provider.keys());
    assert_eq!(verifier.verify(&token(&key)).unwrap_err().code(), "keys_unavailable");
    assert_eq!(provider.fetches(), 0);
}

#[test]
fn the_set_goes_on_in_the_next_runtime() {
    let (first, second) = (key("a"), key("b"));
    let provider = Provider::of(&[&first]);
    let layer = layer(&provider.keys());
    assert_eq!(code(runtime().block_on(layer.authenticate(&token(&first)))), "ok");
    provider.publish(&[&second]);
    runtime().block_on(async {
        assert_eq!(code(layer.authenticate(&token(&second)).await), "ok");
    });
    assert_eq!(provider.fetches(), 2, "one in each runtime");
}

#[test]
fn a_fetch_that_was_cut_off_with_its_runtime_is_made_up_for_in_the_next_one() {
    let key = key("a");
    let provider = Provider::of(&[&key]);
    provider.set(Mode::Hangs);
    let layer = layer(&provider.keys());
    runtime().block_on(async {
        let token = token(&key);
        let cut_off = tokio::time::timeout(Duration::from_millis(50), layer.authenticate(&token));
        assert!(cut_off.await.is_err());
    });
    provider.publish(&[&key]);
    runtime().block_on(async {
        assert_eq!(code(layer.authenticate(&token(&key)).await), "ok", "it is nobody's failure");
    });
}

#[tokio::test(start_paused = true)]
async fn a_fetch_that_panics_is_one_that_fails() {
    let (first, second) = (key("a"), key("b"));
    let provider = Provider::of(&[&first]);
    let keys = provider.keys();
    let layer = layer(&keys);
    assert_eq!(code(layer.authenticate(&token(&first)).await), "ok");
    provider.set(Mode::Panics);
    let begin = tokio::time::Instant::now();
    assert_eq!(code(layer.authenticate(&token(&second)).await), "key_pending");
    assert!(begin.elapsed() < Duration::from_secs(1), "nobody waits for a task that is gone");
    for _ in 0..600 {
        assert_eq!(code(layer.authenticate(&token(&second)).await), "key_pending");
        assert_eq!(code(layer.authenticate(&token(&first)).await), "ok");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(provider.fetches() < 15, "{}", provider.fetches());
    provider.publish(&[&first, &second]);
    tokio::time::sleep(Duration::from_secs(31)).await;
    assert_eq!(code(layer.authenticate(&token(&second)).await), "ok");
}

#[test]
fn a_task_that_its_runtime_never_ran_is_replaced() {
    let (first, second) = (key("a"), key("b"));
    let provider = Provider::of(&[&first]);
    let keys = provider.keys();
    let (verifier, layer) = (verifier(&keys), layer(&keys));
    // It returns at once, so that the task is dropped before it has begun.
    let outcome = runtime().block_on(async { verifier.verify(&token(&first)).map(|_| ()) });
    assert_eq!(outcome.unwrap_err().code(), "keys_unavailable");
    assert_eq!(code(runtime().block_on(layer.authenticate(&token(&first)))), "ok");
    // The same where the keys are known already, and only a new one is not.
    runtime().block_on(async { verifier.verify(&token(&second)).unwrap_err() });
    provider.publish(&[&second]);
    assert_eq!(code(runtime().block_on(layer.authenticate(&token(&second)))), "ok");
}

#[test]
fn a_task_whose_runtime_is_there_and_does_not_run_is_replaced() {
    let (first, second) = (key("a"), key("b"));
    let provider = Provider::of(&[&first]);
    let keys = provider.keys();
    let layer = layer(&keys);
    let idle = runtime();
    idle.block_on(keys.ready()).unwrap();
    provider.publish(&[&second]);
    let begin = std::time::Instant::now();
    runtime().block_on(async {
        while code(layer.authenticate(&token(&second)).await) != "ok" {
            assert!(begin.elapsed() < Duration::from_secs(10));
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    });
    println!("a task that does not run is replaced after {:?}", begin.elapsed());
    drop(idle);
}

#[tokio::test(start_paused = true)]
async fn an_empty_answer_confirms_nothing_after_the_task_was_replaced() {
    let (first, second) = (key("a"), key("b"));
    let provider = Provider::of(&[&first]);
    let keys = provider.keys();
    let layer = layer(&keys);
    assert_eq!(code(layer.authenticate(&token(&first)).await), "ok");
    provider.set(Mode::Panics);
    assert_eq!(code(layer.authenticate(&token(&second)).await), "key_pending");
    provider.set(Mode::Answers(String::new()));
    let _ = layer.authenticate(&token(&second)).await;
    tokio::time::sleep(Duration::from_secs(30)).await;
    assert!(keys.status().error.is_some_and(|error| error.contains("JSON")), "{:?}", keys.status());
    tokio::time::sleep(Duration::from_secs(600 + 3600)).await;
    assert_eq!(code(layer.authenticate(&token(&first)).await), "keys_unavailable");
}
