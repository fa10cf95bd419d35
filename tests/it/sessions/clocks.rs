//! Clocks that are set, forward and back.

use std::time::Duration;

use jwtower::{AuthError, Claims, session::EventKind};

use super::fixture::{SECOND, Store, User, World, reopened};

const HOUR: Duration = Duration::from_secs(3600);

fn code<T>(result: Result<T, AuthError>) -> &'static str {
    result.err().map_or("it passed", |error| error.code())
}

/// Enough logouts that the set of revocations and the store throw out what they think is over.
async fn sweep<S: Store>(world: &World<S>, logouts: usize) {
    for _ in 0..logouts {
        let pair = world.sessions.login("u-9").await.unwrap();
        world.sessions.logout(&pair.refresh_token).await.unwrap();
    }
}

async fn an_hour_forward_and_back<S: Store>(world: World<S>, logouts: usize) {
    let World { sessions, clock, .. } = &world;
    let layer = sessions.auth_layer::<User>();
    let out = sessions.login("u-1").await.unwrap();
    let everywhere = sessions.login("u-2").await.unwrap();
    let stays = sessions.login("u-3").await.unwrap();
    sessions.logout(&out.refresh_token).await.unwrap();
    sessions.logout_everywhere("u-2").await.unwrap();

    clock.set_forward(HOUR);
    sweep(&world, logouts).await;
    clock.set_back(HOUR);
    let after = world.restarted().await;
    for layer in [layer, after.auth_layer::<User>()] {
        assert_eq!(code(layer.authenticate(out.access_token.secret()).await), "session_revoked");
        assert_eq!(code(layer.authenticate(everywhere.access_token.secret()).await), "subject_revoked");
        assert!(layer.authenticate(stays.access_token.secret()).await.is_ok());
    }
}

#[tokio::test]
async fn a_clock_that_was_an_hour_ahead_revives_nobody_in_memory() {
    // Enough to touch every shard of the set.
    an_hour_forward_and_back(World::in_memory().await, 2000).await;
}

#[tokio::test]
async fn a_clock_that_was_an_hour_ahead_revives_nobody_in_a_file() {
    an_hour_forward_and_back(World::in_a_file().await, 20).await;
}

/// The store's time was an hour ahead, and stays so.
async fn logins_after_the_clock_was_set_back<S: Store>(world: World<S>) {
    let World { sessions, clock, .. } = &world;
    let layer = sessions.auth_layer::<User>();
    let before = sessions.login("u-1").await.unwrap();
    clock.set_back(HOUR);
    assert_eq!(code(layer.authenticate(before.access_token.secret()).await), "issued_in_future");

    let pair = sessions.login("u-1").await.unwrap();
    let claims: Claims<User> = layer.authenticate(pair.access_token.secret()).await.unwrap();
    let registered = claims.registered();
    assert_eq!(registered.auth_time(), registered.issued_at(), "nobody proved it in the future");
    clock.advance(60 * SECOND);
    let next = sessions.refresh(&before.refresh_token).await.unwrap();
    assert!(
        layer.authenticate(next.access_token.secret()).await.is_ok(),
        "who was logged in gets a token that passes"
    );
}

#[tokio::test]
async fn who_logs_in_after_the_clock_was_set_back_is_in() {
    logins_after_the_clock_was_set_back(World::in_memory().await).await;
    logins_after_the_clock_was_set_back(World::in_a_file().await).await;
}

#[tokio::test]
async fn a_window_closes_also_after_the_clock_was_set_back() {
    let world = World::in_memory().await;
    let World { sessions, clock, .. } = &world;
    let zero = sessions.login("u-1").await.unwrap();
    let one = sessions.refresh(&zero.refresh_token).await.unwrap();
    clock.set_back(HOUR);
    clock.advance(9 * SECOND);
    assert!(sessions.refresh(&zero.refresh_token).await.is_ok());
    clock.advance(2 * SECOND);
    assert_eq!(code(sessions.refresh(&zero.refresh_token).await), "refresh_token_reused");
    assert!(world.happened().contains(&EventKind::Reuse));
    assert_eq!(code(sessions.refresh(&one.refresh_token).await), "session_ended");
}

#[tokio::test]
async fn no_token_outlives_its_session_where_the_stores_time_is_ahead() {
    let world = World::in_memory().await;
    let World { sessions, clock, .. } = &world;
    let mut pair = sessions.login("u-1").await.unwrap();
    clock.set_back(HOUR);
    for _ in 0..9 {
        clock.advance(10 * 24 * HOUR - 10 * SECOND);
        pair = sessions.refresh(&pair.refresh_token).await.unwrap();
    }
    assert_eq!(pair.expires_in, 90 * SECOND);
    let layer = sessions.auth_layer::<User>();
    assert!(layer.authenticate(pair.access_token.secret()).await.is_ok());
}

#[tokio::test]
async fn a_file_that_was_written_in_the_future_goes_on_from_there() {
    let world = World::in_a_file().await;
    world.clock.set_forward(HOUR);
    let pair = world.sessions.login("u-1").await.unwrap();
    world.clock.set_back(HOUR);
    let World { clock, folder, kek, users, events, store, sessions } = world;
    drop((sessions, store));
    let file = folder.as_ref().unwrap().path().join("sessions.redb");
    let sessions = reopened(&file, &clock, &users, &kek, &events).await;
    clock.advance(60 * SECOND);
    let next = sessions.refresh(&pair.refresh_token).await.unwrap();
    assert!(sessions.auth_layer::<User>().authenticate(next.access_token.secret()).await.is_ok());
    clock.advance(60 * SECOND);
    assert_eq!(code(sessions.refresh(&pair.refresh_token).await), "refresh_token_reused");
}
