//! A store or accounts that do not answer: 503, and nothing is lost.

use std::{sync::atomic::Ordering::SeqCst, time::Duration};

use jwtower::{AuthError, ErrorKind, session::EventKind};

use super::fixture::{SECOND, User, World};

fn unavailable<T>(result: Result<T, AuthError>) -> &'static str {
    let error = result.err().expect("it cannot have been done");
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert!(error.retry_after().is_some());
    error.code()
}

#[tokio::test]
async fn a_store_that_is_away_changes_nothing() {
    let world = World::in_memory().await;
    let sessions = &world.sessions;
    let pair = sessions.login("u-1").await.unwrap();
    world.store.all.store(true, SeqCst);
    assert_eq!(unavailable(sessions.login("u-1").await), "store_unavailable");
    assert_eq!(unavailable(sessions.refresh(&pair.refresh_token).await), "store_unavailable");
    assert_eq!(unavailable(sessions.logout_everywhere("u-1").await), "store_unavailable");
    assert_eq!(unavailable(sessions.logout(&pair.refresh_token).await), "store_unavailable");
    assert_eq!(unavailable(sessions.list("u-1").await), "store_unavailable");
    assert_eq!(unavailable(sessions.find(pair.session).await), "store_unavailable");
    let layer = sessions.auth_layer::<User>();
    assert!(layer.authenticate(pair.access_token.secret()).is_ok(), "no request of an API needs the store");
    world.store.all.store(false, SeqCst);
    assert!(sessions.refresh(&pair.refresh_token).await.is_ok());
    assert_eq!(world.happened(), [EventKind::Login, EventKind::Refresh]);
}

#[tokio::test]
async fn a_logout_that_could_not_be_written_holds_here_and_is_not_acknowledged() {
    let world = World::in_memory().await;
    let sessions = &world.sessions;
    let pair = sessions.login("u-1").await.unwrap();
    world.store.end.store(true, SeqCst);
    assert_eq!(unavailable(sessions.logout(&pair.refresh_token).await), "store_unavailable");
    let layer = sessions.auth_layer::<User>();
    assert!(layer.authenticate(pair.access_token.secret()).is_err(), "who wants out is out");
    assert!(sessions.refresh(&pair.refresh_token).await.is_err());
    world.store.end.store(false, SeqCst);
    sessions.logout(&pair.refresh_token).await.unwrap();
    assert_eq!(world.happened(), [EventKind::Login, EventKind::Logout]);
}

#[tokio::test]
async fn accounts_that_are_away_change_nothing() {
    let world = World::in_memory().await;
    let sessions = &world.sessions;
    let pair = sessions.login("u-1").await.unwrap();
    world.users.failing.store(true, SeqCst);
    assert_eq!(unavailable(sessions.refresh(&pair.refresh_token).await), "accounts_unavailable");
    assert_eq!(unavailable(sessions.login("u-1").await), "accounts_unavailable");
    world.users.failing.store(false, SeqCst);
    world.clock.advance(60 * SECOND);
    assert!(sessions.refresh(&pair.refresh_token).await.is_ok());
}

#[tokio::test]
async fn an_outage_longer_than_the_window_logs_nobody_out() {
    let world = World::in_memory().await;
    let World { sessions, clock, store, .. } = &world;
    let zero = sessions.login("u-1").await.unwrap();
    clock.advance(60 * SECOND);
    // The answer to this one got lost.
    let lost = sessions.refresh(&zero.refresh_token).await.unwrap();
    clock.advance(5 * SECOND);
    store.all.store(true, SeqCst);
    assert_eq!(unavailable(sessions.refresh(&zero.refresh_token).await), "store_unavailable");
    clock.advance(3600 * SECOND);
    store.all.store(false, SeqCst);
    let found = sessions.refresh(&zero.refresh_token).await.unwrap();
    assert_eq!(found.refresh_token.secret(), lost.refresh_token.secret());
}

#[tokio::test]
async fn a_restart_counts_as_an_outage() {
    let world = World::in_a_file().await;
    let zero = world.sessions.login("u-1").await.unwrap();
    world.clock.advance(60 * SECOND);
    // The process died before it could answer this one.
    let lost = world.sessions.refresh(&zero.refresh_token).await.unwrap();
    let World { clock, folder, kek, users, events, store, .. } = world;
    let file = folder.as_ref().unwrap().path().join("sessions.redb");
    drop((world.sessions, store));
    clock.advance(300 * SECOND);
    let reopened = super::fixture::reopened(&file, &clock, &users, &kek, &events).await;
    let found = reopened.refresh(&zero.refresh_token).await.unwrap();
    assert_eq!(found.refresh_token.secret(), lost.refresh_token.secret());
}

#[tokio::test(start_paused = true)]
async fn accounts_that_take_longer_than_half_a_window_are_as_good_as_away() {
    let world = World::in_memory().await;
    let pair = world.sessions.login("u-1").await.unwrap();
    *world.users.delay.lock().unwrap() = 4 * SECOND;
    assert!(world.sessions.refresh(&pair.refresh_token).await.is_ok());
    *world.users.delay.lock().unwrap() = 6 * SECOND;
    assert_eq!(unavailable(world.sessions.refresh(&pair.refresh_token).await), "accounts_unavailable");
    *world.users.delay.lock().unwrap() = Duration::ZERO;
    assert!(world.sessions.refresh(&pair.refresh_token).await.is_ok());
    assert!(!world.happened().contains(&EventKind::Reuse));
}
