//! Settings with which no sessions are made, and what is said then.

use std::time::Duration;

use jwtower::{Algorithm, ConfigError, issuer::KeyRing, session::SessionsBuilder, store::MemoryStore};

use super::fixture::{DAY, Faulty, SECOND, World, builder};

async fn refused(
    world: &World<MemoryStore>,
    set: impl FnOnce(SessionsBuilder<Faulty<MemoryStore>>) -> SessionsBuilder<Faulty<MemoryStore>>,
) -> ConfigError {
    let ring = KeyRing::generate(Algorithm::Ed25519).unwrap();
    let sessions = set(builder(&world.store, &world.clock, &world.users, ring, &world.events));
    sessions.build().await.expect_err("no sessions can be made so")
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_with_what_is_allowed() {
    type Set = fn(SessionsBuilder<Faulty<MemoryStore>>) -> SessionsBuilder<Faulty<MemoryStore>>;
    let rows: [(&str, &str, Set); 7] = [
        ("window", "999ms was given; from 1s to 60s", |set| set.window(Duration::from_millis(999))),
        ("window", "61s was given; from 1s to 60s", |set| set.window(61 * SECOND)),
        ("idle_limit", "600s was given; a session lives longer", |set| set.idle_limit(600 * SECOND)),
        ("absolute_limit", "at least the idle limit of 1209600s", |set| set.absolute_limit(13 * DAY)),
        ("absolute_limit", "at most a year", |set| set.absolute_limit(367 * DAY)),
        ("failed_logins", "0 was given, which lets nobody in; give 1 or more", |set| set.failed_logins(0)),
        ("max_revocations", "0 was given, which lets nobody out; give 1 or more", |set| {
            set.max_revocations(0)
        }),
    ];
    let world = World::in_memory().await;
    for (setting, problem, set) in rows {
        let error = refused(&world, set).await;
        assert_eq!(error.setting(), setting);
        assert!(error.to_string().contains(problem), "{error}");
    }
}

#[tokio::test]
async fn a_store_that_holds_more_revocations_than_there_is_room_for_is_told_with_both_numbers() {
    let world = World::in_memory().await;
    for _ in 0..5 {
        let pair = world.sessions.login("u-1").await.unwrap();
        world.sessions.logout(&pair.refresh_token).await.unwrap();
    }
    let error = refused(&world, |set| set.max_revocations(4)).await;
    assert_eq!(error.to_string(), "max_revocations: 4 was given, and the store holds 5; give 5 or more");
    world.store.all.store(true, std::sync::atomic::Ordering::SeqCst);
    let error = refused(&world, |set| set).await;
    assert_eq!(error.to_string(), "store: the store could not answer: it is away");
}
