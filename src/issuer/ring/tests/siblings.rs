use super::fixture::*;
use crate::{
    issuer::{KeyRing, Schedule},
    keys::Algorithm,
};

fn secrets() -> Schedule {
    schedule().algorithm(Algorithm::HS256)
}

#[tokio::test(start_paused = true)]
async fn rings_of_one_vault_keep_apart_and_survive_together() {
    let (store, kek) = (TestStore::new(), kek());
    let ring = open(&store, &kek).await;
    let sibling = ring.sibling("refresh", secrets()).await.unwrap();
    assert_ne!(ring.kids(), sibling.kids());
    let tag = sibling.current().unwrap().sign(b"message").unwrap();
    drop(ring);

    let again = open(&store, &kek).await.sibling("refresh", secrets()).await.unwrap();
    assert_eq!(again.kids(), sibling.kids());
    let keys = again.keys();
    let key = keys.find(Some(&sibling.current_kid()), Algorithm::HS256).ok().unwrap();
    assert!(key.verify(b"message", &tag));
    again.rotate().await.unwrap();
    tokio::time::sleep(HOUR).await;
    assert_eq!(sibling.kids(), again.kids(), "it has a task of its own");
}

#[tokio::test(start_paused = true)]
async fn a_permanent_key_is_made_once() {
    let (store, kek) = (TestStore::new(), kek());
    let (a, b) = (open(&store, &kek).await, open(&store, &kek).await);
    let (one, other) = tokio::join!(a.permanent_key("tags"), b.permanent_key("tags"));
    let one = one.unwrap();
    assert_eq!(one, other.unwrap());
    assert_eq!(one, open(&store, &kek).await.permanent_key("tags").await.unwrap());
    assert_ne!(one, a.permanent_key("others").await.unwrap());
    assert_ne!(*one, [0; 32]);
}

#[tokio::test(start_paused = true)]
async fn a_generated_ring_has_relatives_in_memory() {
    let ring = KeyRing::generate(Algorithm::ES256).unwrap();
    let sibling = ring.sibling("refresh", secrets()).await.unwrap();
    assert_eq!(sibling.kids(), ring.sibling("refresh", secrets()).await.unwrap().kids());
    assert_eq!(ring.permanent_key("tags").await.unwrap(), ring.permanent_key("tags").await.unwrap());
    assert!(!sibling.is_durable());
    let other = KeyRing::generate(Algorithm::ES256).unwrap();
    assert_ne!(ring.permanent_key("tags").await.unwrap(), other.permanent_key("tags").await.unwrap());
}
