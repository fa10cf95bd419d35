//! Logging out: one session, all of them, and a password that changes.

use std::{
    future::poll_fn,
    pin::pin,
    sync::atomic::Ordering::SeqCst,
    task::Poll,
    time::{Duration, Instant},
};

use jwtower::{AuthError, session::EventKind};

use super::fixture::{SECOND, User, World};

fn code<T>(result: Result<T, AuthError>) -> &'static str {
    result.err().map_or("it passed", |error| error.code())
}

#[tokio::test]
async fn logging_out_everywhere_ends_all_sessions_of_the_subject_and_no_others() {
    let world = World::in_memory().await;
    let sessions = &world.sessions;
    let layer = sessions.auth_layer::<User>();
    let (one, two) = (sessions.login("u-1").await.unwrap(), sessions.login("u-1").await.unwrap());
    let other = sessions.login("u-2").await.unwrap();
    assert_eq!(sessions.list("u-1").await.unwrap().len(), 2);

    // Not a millisecond passes: the clock stands still.
    sessions.logout_everywhere("u-1").await.unwrap();
    for pair in [&one, &two] {
        assert_eq!(code(layer.authenticate(pair.access_token.secret()).await), "subject_revoked");
        assert_eq!(code(sessions.refresh(&pair.refresh_token).await), "generation_moved");
    }
    assert!(sessions.list("u-1").await.unwrap().is_empty());
    assert!(sessions.find(one.session).await.unwrap().is_none());
    assert!(layer.authenticate(other.access_token.secret()).await.is_ok());
    assert!(sessions.refresh(&other.refresh_token).await.is_ok());

    let back = sessions.login("u-1").await.unwrap();
    assert!(layer.authenticate(back.access_token.secret()).await.is_ok(), "who logs in again is in");
    assert!(sessions.refresh(&back.refresh_token).await.is_ok());
}

#[tokio::test]
async fn an_old_password_that_was_checked_before_logout_everywhere_does_not_get_in() {
    let world = World::in_memory().await;
    let sessions = &world.sessions;
    let pending = sessions.begin("u-1").await.unwrap();
    sessions.logout_everywhere("u-1").await.unwrap();
    assert_eq!(code(pending.finish().await), "generation_moved");
    assert!(sessions.list("u-1").await.unwrap().is_empty());
    assert!(sessions.login("u-1").await.is_ok());
}

#[tokio::test]
async fn a_session_of_a_list_can_be_ended_by_its_name() {
    let world = World::in_memory().await;
    let sessions = &world.sessions;
    let here = sessions.login("u-1").await.unwrap();
    world.clock.advance(5 * SECOND);
    let there = sessions.login("u-1").await.unwrap();
    let ids: Vec<_> = sessions.list("u-1").await.unwrap().iter().map(|session| session.id()).collect();
    assert_eq!(ids, [there.session, here.session], "the last used comes first");
    sessions.revoke(there.session).await.unwrap();
    let layer = sessions.auth_layer::<User>();
    assert_eq!(code(layer.authenticate(there.access_token.secret()).await), "session_revoked");
    assert_eq!(code(sessions.refresh(&there.refresh_token).await), "session_ended");
    assert!(sessions.refresh(&here.refresh_token).await.is_ok());
    assert_eq!(sessions.list("u-1").await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_logout_is_known_after_a_restart_and_so_is_a_login() {
    let world = World::in_a_file().await;
    let (out, stays) =
        (world.sessions.login("u-1").await.unwrap(), world.sessions.login("u-2").await.unwrap());
    let everywhere = world.sessions.login("u-3").await.unwrap();
    world.sessions.logout(&out.refresh_token).await.unwrap();
    world.sessions.logout_everywhere("u-3").await.unwrap();
    let after = world.restarted().await;
    let layer = after.auth_layer::<User>();
    assert_eq!(code(layer.authenticate(out.access_token.secret()).await), "session_revoked");
    assert_eq!(code(layer.authenticate(everywhere.access_token.secret()).await), "subject_revoked");
    assert_eq!(code(after.refresh(&out.refresh_token).await), "session_ended");
    assert_eq!(code(after.refresh(&everywhere.refresh_token).await), "generation_moved");
    assert!(layer.authenticate(stays.access_token.secret()).await.is_ok());
    assert!(after.refresh(&stays.refresh_token).await.is_ok());
}

#[tokio::test]
async fn a_user_who_is_gone_is_logged_out_at_the_next_refresh() {
    let world = World::in_memory().await;
    let pair = world.sessions.login("u-1").await.unwrap();
    world.users.gone.store(true, SeqCst);
    assert_eq!(code(world.sessions.refresh(&pair.refresh_token).await), "subject_gone");
    world.users.gone.store(false, SeqCst);
    assert_eq!(code(world.sessions.refresh(&pair.refresh_token).await), "session_ended");
    assert_eq!(world.happened(), [EventKind::Login, EventKind::SubjectGone]);
    world.users.gone.store(true, SeqCst);
    assert_eq!(code(world.sessions.login("u-1").await), "subject_gone");
}

#[tokio::test]
async fn a_logout_that_was_cut_off_between_marking_and_answering_is_done_by_the_next_try() {
    let world = World::in_a_file().await;
    let pair = world.sessions.login("u-1").await.unwrap();
    world.store.append.store(true, SeqCst);
    assert_eq!(code(world.sessions.logout(&pair.refresh_token).await), "store_unavailable");
    world.store.append.store(false, SeqCst);

    // The process dies: the record is marked, and the list of revocations lacks it.
    let after = world.restarted().await;
    let layer = after.auth_layer::<User>();
    assert_eq!(code(after.refresh(&pair.refresh_token).await), "session_ended");
    after.logout(&pair.refresh_token).await.unwrap();
    assert_eq!(code(layer.authenticate(pair.access_token.secret()).await), "session_revoked");
    let later = world.restarted().await;
    assert_eq!(
        code(later.auth_layer::<User>().authenticate(pair.access_token.secret()).await),
        "session_revoked"
    );
}

/// Asks, and goes away before the answer.
async fn abandon(work: impl Future) {
    let mut work = pin!(work);
    let is_done = poll_fn(|context| Poll::Ready(work.as_mut().poll(context).is_ready())).await;
    assert!(!is_done, "the file takes a while");
}

#[tokio::test]
async fn who_logs_out_and_goes_away_is_logged_out() {
    let world = World::in_a_file().await;
    let sessions = &world.sessions;
    let layer = sessions.auth_layer::<User>();
    for way in ["logout", "revoke", "everywhere"] {
        let pair = sessions.login("u-1").await.unwrap();
        match way {
            "logout" => abandon(sessions.logout(&pair.refresh_token)).await,
            "revoke" => abandon(sessions.revoke(pair.session)).await,
            _ => abandon(sessions.logout_everywhere("u-1")).await,
        }
        let is_end = |kind: &EventKind| matches!(kind, EventKind::Logout | EventKind::LogoutEverywhere);
        let begun = Instant::now();
        while !world.happened().iter().any(is_end) {
            assert!(begun.elapsed() < Duration::from_secs(10), "{way} was not done");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        assert!(layer.authenticate(pair.access_token.secret()).await.is_err(), "{way}");
        assert!(sessions.refresh(&pair.refresh_token).await.is_err(), "{way}");
    }
}
