//! Where there is no runtime, or another one.

use super::provider::{Provider, code, key, layer, token, verifier};

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
