use serde_json::Map;

use super::fixture::*;
use crate::{
    claims::NoClaims,
    clock::Clock,
    issuer::{DecryptionRing, Grant, KeyRing},
    jwe::KeyManagement,
    token::SessionId,
};

#[tokio::test(start_paused = true)]
async fn nodes_that_start_at_once_make_one_key() {
    let (store, kek) = (TestStore::new(), kek());
    let (a, b, c) = tokio::join!(open(&store, &kek), open(&store, &kek), open(&store, &kek));
    assert_eq!(a.kids(), b.kids());
    assert_eq!(b.jwks(), c.jwks());
    assert_eq!(refusal(&verifier(&c), &encrypt(&a)), "");
}

#[tokio::test(start_paused = true)]
async fn nodes_on_one_store_read_each_other_all_the_time() {
    let (store, kek) = (TestStore::new(), kek());
    let a = open(&store, &kek).await;
    // Each reads the store every 12 minutes, and is ahead of the other for half of that.
    tokio::time::sleep(6 * MINUTE).await;
    let b = open(&store, &kek).await;
    let (of_a, of_b) = (verifier(&a), verifier(&b));
    let mut seen = Vec::from([a.current_kid()]);
    a.rotate().await.unwrap();
    for step in 0..30 * 12 {
        tokio::time::sleep(5 * MINUTE).await;
        for (ring, other) in [(&a, &of_b), (&b, &of_a)] {
            assert_eq!(refusal(other, &encrypt(ring)), "", "in step {step}");
            if !seen.contains(&ring.current_kid()) {
                seen.push(ring.current_kid());
            }
        }
    }
    assert_eq!(seen.len(), 2, "{seen:?}");
    assert_eq!(a.kids(), b.kids());
}

#[tokio::test(start_paused = true)]
async fn a_node_that_only_heard_of_the_next_key_reads_what_others_encrypt_to_it() {
    let (store, kek) = (TestStore::new(), kek());
    let (a, b) = (open(&store, &kek).await, open(&store, &kek).await);
    let first = a.current_kid();
    a.rotate().await.unwrap();
    b.advance().await.unwrap();
    let token = encrypt(&b);
    a.withdraw(&first).await.unwrap();
    assert_ne!(a.current_kid(), first);
    assert_eq!(b.current_kid(), first, "it has not read that yet");
    assert_eq!(refusal(&verifier(&b), &encrypt(&a)), "");
    assert_eq!(refusal(&verifier(&a), &token), "unknown_key");
    b.advance().await.unwrap();
    assert_eq!(refusal(&verifier(&b), &token), "unknown_key");
    assert_eq!(refusal(&verifier(&a), &encrypt(&b)), "");
}

#[tokio::test(start_paused = true)]
async fn rings_of_both_kinds_live_in_one_store() {
    let (store, kek) = (TestStore::new(), kek());
    let open_both = async || {
        let signing = KeyRing::open(&store, schedule(), &kek).await.unwrap();
        (signing, open(&store, &kek).await)
    };
    let (signing, decrypting) = open_both().await;
    signing.rotate().await.unwrap();
    assert_eq!((signing.kids().len(), decrypting.kids().len()), (2, 1));
    let kids = (signing.kids(), decrypting.kids());
    drop((signing, decrypting));
    let (signing, decrypting) = open_both().await;
    assert_eq!((signing.kids(), decrypting.kids()), kids);
}

#[tokio::test(start_paused = true)]
async fn without_its_store_a_node_decrypts_on_and_encrypts_until_the_poll() {
    let (store, kek) = (TestStore::new(), kek());
    let ring = open(&store, &kek).await;
    let (issuer, verifier) = (issuer(&ring), verifier(&ring));
    tokio::time::sleep(10 * HOUR).await;

    store.set_broken(true);
    tokio::time::sleep(46 * MINUTE).await;
    let last = issuer.sign("alice", &NoClaims).unwrap();
    assert_eq!(ring.cache_control(), "public, max-age=600");
    tokio::time::sleep(15 * MINUTE).await;
    assert_eq!(ring.cache_control(), "no-store");
    let error = issuer.sign("alice", &NoClaims).unwrap_err().to_string();
    assert!(error.contains("its store did not answer for too long"), "{error}");
    let now = clock().now().into();
    let refused = issuer.grant(&Grant {
        subject: "alice",
        session: SessionId::from_bytes([7; 24]),
        generation: 1,
        claims: Map::new(),
        now,
        not_after: now.plus(DAY),
        auth_time: now,
        acr: None,
        amr: &[],
        scope: None,
        client_id: None,
        audience: &[],
    });
    assert_eq!(refused.unwrap_err().code(), "keys_stale");
    tokio::time::sleep(6 * HOUR).await;
    assert_eq!(refusal(&verifier, &last), "");

    store.set_broken(false);
    tokio::time::sleep(13 * MINUTE).await;
    issuer.sign("alice", &NoClaims).unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_withdrawn_key_stays_away_when_the_store_loses_writes() {
    let (store, kek) = (TestStore::new(), kek());
    let ring = open(&store, &kek).await;
    let (first, (version, blob)) = (ring.current_kid(), store.blob_of("decryption-keys"));
    let old = encrypt(&ring);
    ring.withdraw(&first).await.unwrap();
    store.forge_of("decryption-keys", version, &blob);
    ring.advance().await.unwrap();
    assert!(!open(&store, &kek).await.kids().contains(&first));
    assert_eq!(refusal(&verifier(&ring), &old), "unknown_key");
}

#[tokio::test(start_paused = true)]
async fn what_does_not_fit_is_refused_and_left_as_it_is() {
    let (store, kek) = (TestStore::new(), kek());
    KeyRing::open(&store, schedule(), &kek).await.unwrap();
    let (version, blob) = store.blob();
    store.forge_of("decryption-keys", version, &blob);
    let opened = DecryptionRing::open(&store, KeyManagement::EcdhEs, schedule(), &kek).await;
    assert_eq!(opened.unwrap_err().setting(), "key store", "the blob of a signing ring");

    let store = TestStore::new();
    open(&store, &kek).await;
    let before = store.blob_of("decryption-keys");
    let other = super::super::fixture::kek();
    let opened = DecryptionRing::open(&store, KeyManagement::EcdhEs, schedule(), &other).await;
    assert!(opened.unwrap_err().to_string().contains("another key-encryption key"));
    assert_eq!(store.blob_of("decryption-keys"), before);
}
