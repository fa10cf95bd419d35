//! Rules about what happens at the same time.

use super::fixture::{Bench, CROWD, answered, hold, random, same, subject, together};
use crate::{
    issuer::KeyStore,
    session::{Rotation, SessionStore},
};

pub(super) async fn check_sessions<S: SessionStore>(bench: &Bench<S>) {
    one_swap_wins(bench).await;
    for _ in 0..CROWD {
        an_end_stays(bench).await;
        a_raise_ends_what_is_inserted(bench).await;
    }
    nothing_is_lost(bench).await;
}

async fn one_swap_wins<S: SessionStore>(bench: &Bench<S>) {
    let rule = "of the swaps of one version one wins";
    let record = bench.kept().await;
    let tasks = (1..=CROWD).map(|number| {
        let (store, id, version) = (bench.store.clone(), record.id(), record.version());
        async move {
            let rotation = Rotation::specimen(number);
            let swapped = answered(store.swap_session(id, version, &rotation).await);
            swapped.map(|now| (rotation, now))
        }
    });
    let winners: Vec<_> = together(tasks.collect()).await.into_iter().flatten().collect();
    let [(rotation, now)] = &*winners else {
        panic!("the store breaks a rule: {rule}; seen: {} won", winners.len());
    };
    let loaded = bench.load(record.id()).await.record;
    let version = loaded.map(|record| record.version());
    same(version, Some(record.rotated(rotation, *now).version()), "the swap that won is what is loaded");
}

async fn an_end_stays<S: SessionStore>(bench: &Bench<S>) {
    let record = bench.kept().await;
    let tasks = [true, false, false].map(|ends| {
        let (store, id, version) = (bench.store.clone(), record.id(), record.version());
        async move {
            if ends {
                answered(store.end_session(id).await);
            } else {
                answered(store.swap_session(id, version, &Rotation::specimen(1)).await);
            }
        }
    });
    together(tasks.into()).await;
    let loaded = bench.load(record.id()).await.record;
    let ended = loaded.is_some_and(|record| record.is_ended());
    hold(ended, "an end and a swap at the same time end the session", "it is alive");
}

async fn a_raise_ends_what_is_inserted<S: SessionStore>(bench: &Bench<S>) {
    let rule = "a session that is inserted while its generation is raised is refused, or below the new one";
    let tag = subject();
    // What a login would take at this moment.
    let record = bench.record(tag, bench.now().as_millis());
    let tasks = [true, false].map(|raises| {
        let (store, record) = (bench.store.clone(), record.clone());
        async move {
            if raises {
                answered(store.raise_generation(tag, 0).await);
                None
            } else {
                Some(answered(store.insert_session(&record, 0).await))
            }
        }
    });
    let kept = together(tasks.into()).await.into_iter().flatten().any(|kept| kept);
    let alive = answered(bench.store.list_sessions(tag).await).len();
    same(alive, 0, rule);
    let found = bench.load(record.id()).await.record.is_some();
    same(found, kept, "an insert tells whether the session was kept");
}

async fn nothing_is_lost<S: SessionStore>(bench: &Bench<S>) {
    let tag = subject();
    let tasks = (0..CROWD).map(|_| {
        let (store, record) = (bench.store.clone(), bench.record(tag, 0));
        async move { answered(store.insert_session(&record, 0).await) }
    });
    let kept = together(tasks.collect()).await.into_iter().filter(|kept| *kept).count();
    let listed = answered(bench.store.list_sessions(tag).await).len();
    same((kept, listed), (64, 64), "sessions that are inserted at the same time are all kept");

    let tasks = (0..CROWD).map(|_| {
        let store = bench.store.clone();
        async move { answered(store.raise_generation(tag, 0).await).value }
    });
    let mut raised = together(tasks.collect()).await;
    raised.sort_unstable();
    raised.dedup();
    same(raised.len(), 64, "raises at the same time exceed each other");
    let loaded = answered(bench.store.load_generation(tag).await).value;
    same(Some(&loaded), raised.last(), "the highest raise is what is loaded");
}

pub(super) async fn check_keys<S: KeyStore>(bench: &Bench<S>) {
    let name = format!("race {:?}", random::<8>());
    let tasks = (0..CROWD).map(|number| {
        let (store, name, blob) = (bench.store.clone(), name.clone(), number.to_be_bytes().to_vec());
        async move { answered(store.swap_keys(&name, 0, blob.clone()).await).then_some(blob) }
    });
    let winners: Vec<_> = together(tasks.collect()).await.into_iter().flatten().collect();
    same(winners.len(), 1, "of the key swaps of one version one wins");
    let keys = answered(bench.store.load_keys(&name).await);
    let rule = "the key swap that won is what is loaded";
    same((Some(&keys.blob), keys.version), (winners.first(), 1), rule);
}
