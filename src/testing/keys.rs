//! Rules about sealed keys.

use super::fixture::{Bench, LIFE, answered, hold, random, same};
use crate::issuer::KeyStore;

pub(super) async fn check<S: KeyStore>(bench: &Bench<S>) {
    blobs(bench).await;
    time(bench).await;
}

impl<S: KeyStore> Bench<S> {
    async fn blob(&self, name: &str) -> (Vec<u8>, u64) {
        let keys = answered(self.store.load_keys(name).await);
        (keys.blob, keys.version)
    }

    async fn swap(&self, name: &str, expected: u64, blob: &[u8]) -> bool {
        answered(self.store.swap_keys(name, expected, blob.to_vec()).await)
    }
}

async fn blobs<S: KeyStore>(bench: &Bench<S>) {
    let (name, other) = (format!("ring/{:?}", random::<8>()), format!("ring/{:?}", random::<8>()));
    same(
        bench.blob(&name).await,
        (Vec::new(), 0),
        "where there are no keys, the blob is empty and its version 0",
    );

    let compares = "a key swap compares the version";
    hold(
        !bench.swap(&name, 1, b"early").await,
        compares,
        "a blob was written over version 0 that expected 1",
    );
    same(bench.blob(&name).await, (Vec::new(), 0), compares);

    // Any bytes, and more than a page of them.
    let large: Vec<u8> = (0..=u8::MAX).cycle().take(100_000).collect();
    for (version, blob) in [(0, b"first".to_vec()), (1, large), (2, Vec::new()), (3, b"last".to_vec())] {
        let rule = "a key swap of the current version writes the blob and counts up by one";
        hold(bench.swap(&name, version, &blob).await, rule, format_args!("version {version} was refused"));
        let (found, counted) = bench.blob(&name).await;
        hold(found == blob, rule, format_args!("{} bytes instead of {}", found.len(), blob.len()));
        same(counted, version + 1, rule);
        for stale in [0, version, version + 2] {
            hold(
                !bench.swap(&name, stale, b"stale").await,
                compares,
                format_args!("{stale} was written over {counted}"),
            );
        }
        hold(bench.blob(&name).await == (blob, counted), compares, "what a refused swap brought was written");
    }
    same(bench.blob(&other).await, (Vec::new(), 0), "a key swap concerns one name");
}

async fn time<S: KeyStore>(bench: &Bench<S>) {
    let before = answered(bench.store.load_keys("time").await).now;
    same(before, bench.now(), "the store's time is that of its clock");
    bench.clock.set_back(LIFE);
    let after = answered(bench.store.load_keys("time").await).now;
    hold(after >= before, "the store's time never goes back", format_args!("{after:?} after {before:?}"));
}
