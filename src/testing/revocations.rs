//! Rules about revocations.

use std::time::Duration;

use super::fixture::{Bench, CROWD, MILLISECOND, answered, hold, random, together};
use crate::{
    clock::Timestamp,
    revocation::{Grain, Revocation, RevocationStore},
};

/// How long the revocations matter that the checks make.
const LIFE: Duration = Duration::from_secs(720);

pub(super) async fn check<S: RevocationStore>(bench: &Bench<S>) {
    every_grain_is_kept(bench).await;
    the_longest_counts(bench).await;
    none_is_lost(bench).await;
    they_stay_while_they_matter(bench).await;
}

impl<S: RevocationStore> Bench<S> {
    async fn append(&self, entry: &Revocation) {
        answered(self.store.append_revocation(entry).await);
    }

    /// Others may be there too, also such as do not matter any more.
    async fn hold_loaded(&self, entries: &[Revocation], rule: &str) {
        let loaded = answered(self.store.load_revocations().await);
        for entry in entries {
            hold(
                loaded.contains(entry),
                rule,
                format_args!("{} revocations without {entry:?}", loaded.len()),
            );
        }
    }

    fn until(&self) -> Timestamp {
        self.now().plus(LIFE)
    }
}

fn revocation(grain: Grain, until: Timestamp) -> Revocation {
    Revocation { issuer: format!("https://{:?}.example.com", random::<8>()), grain, until }
}

fn token(until: Timestamp) -> Revocation {
    revocation(Grain::Token("a \"quoted\"\u{0} jti".to_owned()), until)
}

async fn every_grain_is_kept<S: RevocationStore>(bench: &Bench<S>) {
    let (subject, until) = ("alice".to_owned(), bench.until());
    let grains = [
        Grain::Token("jti".to_owned()),
        Grain::Session("sid".to_owned()),
        Grain::Generation { subject: subject.clone(), generation: u64::MAX },
        Grain::Watermark { subject, issued_at: bench.now() },
    ];
    let entries = grains.map(|grain| revocation(grain, until));
    for entry in &entries {
        bench.append(entry).await;
    }
    bench.hold_loaded(&entries, "a revocation is loaded as it was added, whatever its grain").await;
    for entry in &entries {
        bench.append(entry).await;
    }
    bench.hold_loaded(&entries, "a revocation may be added twice").await;
}

async fn the_longest_counts<S: RevocationStore>(bench: &Bench<S>) {
    let short = token(bench.until());
    let long = Revocation { until: short.until.plus(LIFE), ..short.clone() };
    for order in [[&short, &long], [&long, &short]] {
        for entry in order {
            bench.append(entry).await;
        }
        let kept = [long.clone()];
        bench.hold_loaded(&kept, "of two revocations of the same token the longer one is kept").await;
    }
}

async fn none_is_lost<S: RevocationStore>(bench: &Bench<S>) {
    let entries: Vec<_> = (0..CROWD).map(|_| token(bench.until())).collect();
    let tasks = entries.iter().map(|entry| {
        let (store, entry) = (bench.store.clone(), entry.clone());
        async move { answered(store.append_revocation(&entry).await) }
    });
    together(tasks.collect()).await;
    bench.hold_loaded(&entries, "revocations that are added at the same time are all kept").await;
}

async fn they_stay_while_they_matter<S: RevocationStore>(bench: &Bench<S>) {
    let entry = token(bench.until());
    bench.append(&entry).await;
    bench.clock.advance(LIFE - MILLISECOND);
    // What does not matter any more is often forgotten when something is written.
    bench.append(&token(bench.until())).await;
    bench.hold_loaded(&[entry], "a revocation is loaded as long as it matters").await;
}
