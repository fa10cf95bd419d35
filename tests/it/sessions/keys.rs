//! Signing keys under sessions: rotation, withdrawal, and rings that do not fit their store.

use jwtower::{Algorithm, issuer::KeyRing};

use super::fixture::{User, World, builder};

#[tokio::test]
async fn a_durable_store_with_keys_that_do_not_survive_is_refused() {
    let world = World::in_a_file().await;
    let ring = KeyRing::generate(Algorithm::ES256).unwrap();
    let result = builder(&world.store, &world.clock, &world.users, ring, &world.events).build().await;
    let text = result.unwrap_err().to_string();
    assert!(text.contains("KeyRing::open"), "{text}");
}

#[tokio::test]
async fn a_withdrawn_key_refuses_its_tokens_at_once_and_users_refresh() {
    let world = World::in_memory().await;
    let sessions = &world.sessions;
    let layer = sessions.auth_layer::<User>();
    let ring = KeyRing::generate(Algorithm::Ed25519).unwrap();
    let rotating = builder(&world.store, &world.clock, &world.users, ring.clone(), &world.events);
    let rotating = rotating.build().await.unwrap();
    let own = rotating.auth_layer::<User>();
    let pair = rotating.login("u-1").await.unwrap();
    assert!(own.authenticate(pair.access_token.secret()).is_ok());
    assert!(layer.authenticate(pair.access_token.secret()).is_err(), "another ring's token");
    let leaked = ring.kids().first().unwrap().clone();
    ring.withdraw(&leaked).await.unwrap();
    assert!(own.authenticate(pair.access_token.secret()).is_err());
    let next = rotating.refresh(&pair.refresh_token).await.unwrap();
    assert!(own.authenticate(next.access_token.secret()).is_ok());
}
