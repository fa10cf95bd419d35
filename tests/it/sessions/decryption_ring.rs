//! Sessions whose access tokens are encrypted to keys that rotate.

use jwtower::{
    Issuer, Sessions, TokenPair,
    issuer::{DecryptionRing, KeyRing, Schedule},
    jwe::KeyManagement,
    store::{MemoryStore, RedbStore},
};
use jwtower_tests::{AUDIENCE, ISSUER};
use tempfile::TempDir;

use super::fixture::{DAY, SECOND, Store, User, World};

/// Sessions with both rings in that store.
async fn encrypting(world: &World<MemoryStore>, store: &impl Store) -> (Sessions, DecryptionRing) {
    let (kek, schedule) = (&world.kek, Schedule::default());
    let signing = KeyRing::open(store, schedule, kek).await.unwrap();
    let ring = DecryptionRing::open(store, KeyManagement::EcdhEsA256KW, schedule, kek).await.unwrap();
    let issuer = Issuer::builder().keys(signing).encrypt_to(&ring).issuer(ISSUER).audience(AUDIENCE);
    let issuer = issuer.lifetime(8 * 3600 * SECOND).clock(world.clock.clone()).build().unwrap();
    let sessions = Sessions::builder(issuer, store.clone(), world.users.clone()).decrypt_with(&ring);
    (sessions.build().await.unwrap(), ring)
}

async fn refusal(sessions: &Sessions, pair: &TokenPair) -> Option<&'static str> {
    let layer = sessions.auth_layer::<User>();
    layer.authenticate(pair.access_token.secret()).await.err().map(|error| error.code())
}

#[tokio::test]
async fn tokens_of_before_a_restart_and_a_rotation_are_read_after_it() {
    let (world, folder) = (World::in_memory().await, TempDir::new().unwrap());
    let open = async || {
        let path = folder.path().join("keys.redb");
        let store = RedbStore::open_with_clock(path, world.clock.clone()).await.unwrap();
        encrypting(&world, &store).await
    };
    let (sessions, ring) = open().await;
    let first = ring.current_kid();
    let before = sessions.login("u-1").await.unwrap();
    assert_eq!(before.access_token.secret().split('.').count(), 5);
    ring.rotate().await.unwrap();
    let between = sessions.login("u-1").await.unwrap();
    assert_eq!(ring.current_kid(), first);
    drop((sessions, ring));

    world.clock.advance(2 * 3600 * SECOND);
    let (sessions, ring) = open().await;
    assert!(ring.is_durable());
    assert_ne!(ring.current_kid(), first);
    let after = sessions.refresh(&between.refresh_token).await.unwrap();
    for pair in [&before, &between, &after] {
        assert_eq!(refusal(&sessions, pair).await, None);
    }

    world.clock.advance(DAY + 60 * SECOND);
    ring.advance().await.unwrap();
    assert_eq!(ring.kids(), [ring.current_kid()]);
    assert_eq!(refusal(&sessions, &before).await, Some("unknown_key"));
    assert_eq!(refusal(&sessions, &after).await, Some("token_expired"));
}

#[tokio::test]
async fn a_withdrawn_key_refuses_its_tokens_at_once_and_users_refresh() {
    let world = World::in_memory().await;
    let (sessions, ring) = encrypting(&world, &world.store).await;
    let pair = sessions.login("u-1").await.unwrap();
    assert_eq!(refusal(&sessions, &pair).await, None);
    ring.withdraw(&ring.current_kid()).await.unwrap();
    assert_eq!(refusal(&sessions, &pair).await, Some("unknown_key"));
    let next = sessions.refresh(&pair.refresh_token).await.unwrap();
    assert_eq!(refusal(&sessions, &next).await, None);
}

#[tokio::test]
async fn sessions_that_encrypt_to_one_ring_and_decrypt_with_another_are_refused() {
    let world = World::in_memory().await;
    let signing = KeyRing::open(&world.store, Schedule::default(), &world.kek).await.unwrap();
    let [ring, other] = [(); 2].map(|()| DecryptionRing::generate(KeyManagement::EcdhEs).unwrap());
    let issuer = Issuer::builder().keys(signing).encrypt_to(&ring).issuer(ISSUER).audience(AUDIENCE);
    let issuer = issuer.clock(world.clock.clone()).build().unwrap();
    let builder = || Sessions::builder(issuer.clone(), world.store.clone(), world.users.clone());
    let error = builder().decrypt_with(&other).build().await.unwrap_err();
    assert_eq!(error.setting(), "decrypt_with");
    builder().decrypt_with(&ring).build().await.unwrap();
}

#[tokio::test]
async fn a_ring_that_a_restart_ends_does_not_go_with_a_store_that_survives_it() {
    let (world, folder) = (World::in_memory().await, TempDir::new().unwrap());
    let path = folder.path().join("keys.redb");
    let store = RedbStore::open_with_clock(path, world.clock.clone()).await.unwrap();
    let signing = KeyRing::open(&store, Schedule::default(), &world.kek).await.unwrap();
    let ring = DecryptionRing::generate(KeyManagement::A256KW).unwrap();
    let issuer = Issuer::builder().keys(signing).encrypt_to(&ring).issuer(ISSUER).audience(AUDIENCE);
    let sessions = Sessions::builder(issuer.build().unwrap(), store, world.users.clone()).decrypt_with(&ring);
    let error = sessions.build().await.unwrap_err();
    assert_eq!(error.setting(), "decrypt_with");
    assert!(error.to_string().contains("DecryptionRing::open(&store"), "{error}");
}
