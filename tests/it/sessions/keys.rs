//! Signing keys under sessions: rotation, withdrawal, and rings that do not fit their store.

use std::time::Duration;

use jwtower::{
    Algorithm, Issuer, Sessions,
    issuer::{KeyRing, Schedule},
    store::RedbStore,
};
use jwtower_tests::{AUDIENCE, ISSUER};

use super::fixture::{SECOND, User, World, builder};

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
    assert!(own.authenticate(pair.access_token.secret()).await.is_ok());
    assert!(layer.authenticate(pair.access_token.secret()).await.is_err(), "another ring's token");
    let leaked = ring.kids().first().unwrap().clone();
    ring.withdraw(&leaked).await.unwrap();
    assert!(own.authenticate(pair.access_token.secret()).await.is_err());
    let next = rotating.refresh(&pair.refresh_token).await.unwrap();
    assert!(own.authenticate(next.access_token.secret()).await.is_ok());
}

/// After a restart with tokens of this life.
async fn restarted_with(world: &World<RedbStore>, lifetime: Duration) -> Sessions {
    let ring = KeyRing::open(&world.store, Schedule::default(), &world.kek).await.unwrap();
    let issuer = Issuer::builder().keys(ring).issuer(ISSUER).audience(AUDIENCE).lifetime(lifetime);
    let issuer = issuer.clock(world.clock.clone()).build().unwrap();
    Sessions::builder(issuer, world.store.clone(), world.users.clone()).build().await.unwrap()
}

#[tokio::test]
async fn a_logout_outlasts_the_tokens_of_before_the_lifetime_was_lowered() {
    let world = World::in_a_file().await;
    let (long, short) = (8 * 3600 * SECOND, 300 * SECOND);
    let before = restarted_with(&world, long).await;
    let out = before.login("u-1").await.unwrap();
    let everywhere = before.login("u-2").await.unwrap();
    drop(before);

    let sessions = restarted_with(&world, short).await;
    sessions.logout(&out.refresh_token).await.unwrap();
    sessions.logout_everywhere("u-2").await.unwrap();
    for _ in 0..7 {
        world.clock.advance(3600 * SECOND);
        // What the store thinks is over goes when something is written.
        sessions.login("u-3").await.unwrap();
        let layer = restarted_with(&world, short).await.auth_layer::<User>();
        for pair in [&out, &everywhere] {
            let error = layer.authenticate(pair.access_token.secret()).await.unwrap_err();
            assert!(["session_revoked", "subject_revoked"].contains(&error.code()), "{}", error.code());
        }
    }
}
