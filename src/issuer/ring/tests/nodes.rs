use super::fixture::*;
use crate::issuer::{Issuer, KeyRing};

#[tokio::test(start_paused = true)]
async fn nodes_that_start_at_once_make_one_key() {
    let (store, kek) = (TestStore::new(), kek());
    let (a, b, c) = tokio::join!(open(&store, &kek), open(&store, &kek), open(&store, &kek));
    assert_eq!(a.kids(), b.kids());
    assert_eq!(b.kids(), c.kids());
    assert_eq!(store.blob().0, 1);
    verifier(&c).verify(sign(&a).secret()).unwrap();
}

#[tokio::test(start_paused = true)]
async fn nodes_on_one_store_converge() {
    let (store, kek) = (TestStore::new(), kek());
    let (a, b) = (open(&store, &kek).await, open(&store, &kek).await);
    a.rotate().await.unwrap();
    assert_ne!(a.kids(), b.kids());
    tokio::time::sleep(HOUR).await;
    assert_eq!(a.kids(), b.kids());
    for days in 0..200 {
        tokio::time::sleep(DAY).await;
        assert_eq!(a.kids(), b.kids(), "on day {days}");
        verifier(&a).verify(sign(&b).secret()).unwrap();
        verifier(&b).verify(sign(&a).secret()).unwrap();
    }
    let (version, _) = store.blob();
    assert!(version < 12, "each step is made by one node: {version} versions");

    a.withdraw(&a.current_kid()).await.unwrap();
    let token = sign(&b);
    b.advance().await.unwrap();
    assert_eq!(verifier(&b).verify(token.secret()).unwrap_err().code(), "unknown_key");
}

#[tokio::test(start_paused = true)]
async fn two_operators_do_not_undo_each_other() {
    let (store, kek) = (TestStore::new(), kek());
    let (a, b) = (open(&store, &kek).await, open(&store, &kek).await);
    let first = a.current_kid();
    let (due, withdrawn) = tokio::join!(a.rotate(), b.withdraw(&first));
    due.unwrap();
    withdrawn.unwrap();
    for ring in [&a, &b] {
        ring.advance().await.unwrap();
        assert!(!ring.kids().contains(&first));
    }
    assert_eq!(a.kids(), b.kids());
}

#[tokio::test(start_paused = true)]
async fn a_withdrawn_key_stays_away_when_the_store_loses_writes() {
    let (store, kek) = (TestStore::new(), kek());
    let (a, b) = (open(&store, &kek).await, open(&store, &kek).await);
    let (first, (version, blob)) = (a.current_kid(), store.blob());
    a.withdraw(&first).await.unwrap();
    b.advance().await.unwrap();
    let kids = a.kids();
    for restored in [(version, &*blob), (0, &[])] {
        store.forge(restored.0, restored.1);
        for _ in 0..3 {
            b.advance().await.unwrap();
            a.advance().await.unwrap();
        }
        assert_eq!((a.kids(), b.kids()), (kids.clone(), kids.clone()));
        assert_eq!(open(&store, &kek).await.kids(), kids);
    }
}

#[tokio::test(start_paused = true)]
async fn what_does_not_fit_is_refused_and_left_as_it_is() {
    let (store, kek) = (TestStore::new(), kek());
    let ring = open(&store, &kek).await;
    let (old_version, old) = store.blob();
    ring.rotate().await.unwrap();
    let (version, blob) = store.blob();
    assert_eq!((old_version, version), (1, 2));
    let mut flipped = blob.clone();
    flipped[40] ^= 1;
    for (name, store, setting) in [
        ("an older blob as the newest version", TestStore::forged(2, &old), "key store"),
        ("the newest blob as an older version", TestStore::forged(1, &blob), "key store"),
        ("a flipped bit", TestStore::forged(2, &flipped), "key store"),
        ("an empty blob", TestStore::forged(2, &[]), "key store"),
    ] {
        let before = store.blob();
        let error = KeyRing::open(&store, schedule(), &kek).await.unwrap_err();
        assert_eq!(error.setting(), setting, "{name}");
        assert_eq!(store.blob(), before, "{name}");
    }
    let error = KeyRing::open(&store, schedule(), &super::fixture::kek()).await.unwrap_err();
    assert!(error.to_string().contains("another key-encryption key"), "{error}");
    assert_eq!(store.blob(), (version, blob));
    open(&store, &kek).await;
}

#[tokio::test(start_paused = true)]
async fn how_long_tokens_live_is_known_to_other_nodes_and_after_a_restart() {
    let (store, kek) = (TestStore::new(), kek());
    let (a, b) = (open(&store, &kek).await, open(&store, &kek).await);
    let lifetime = |ring: &KeyRing, lifetime| {
        let issuer = Issuer::builder().keys(ring).issuer("me").audience("api").lifetime(lifetime);
        issuer.clock(clock()).build().unwrap()
    };
    let (long, short) = (lifetime(&a, 8 * HOUR), lifetime(&b, MINUTE));
    assert_eq!((long.longest_lifetime(), short.longest_lifetime()), (8 * HOUR, MINUTE));
    a.advance().await.unwrap();
    b.advance().await.unwrap();
    assert_eq!(short.longest_lifetime(), 8 * HOUR);
    drop((a, b, long, short));
    let after = lifetime(&open(&store, &kek).await, MINUTE);
    assert_eq!((after.lifetime(), after.longest_lifetime()), (MINUTE, 8 * HOUR));
}
