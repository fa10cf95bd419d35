//! A store or accounts that do not answer: 503, and nothing is lost.

use std::{
    sync::atomic::{AtomicBool, Ordering::SeqCst},
    time::Duration,
};

use jwtower::{
    AuthError, ErrorKind,
    revocation::RevocationStore,
    session::{EventKind, Login},
    store::MemoryStore,
};
use serde_json::json;

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
    assert!(
        layer.authenticate(pair.access_token.secret()).await.is_ok(),
        "no request of an API needs the store"
    );
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
    assert!(layer.authenticate(pair.access_token.secret()).await.is_err(), "who wants out is out");
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
async fn a_store_that_hangs_is_given_up_after_half_a_window_whatever_it_is_asked() {
    let world = World::in_memory().await;
    let sessions = &world.sessions;
    for operation in ["load", "swap", "insert", "generation", "list", "end", "append", "raise"] {
        let pair = sessions.login("u-1").await.unwrap();
        let begun = tokio::time::Instant::now();
        *world.store.hanging.lock().unwrap() = operation;
        let code = match operation {
            "load" | "swap" => unavailable(sessions.refresh(&pair.refresh_token).await),
            "insert" | "generation" => unavailable(sessions.login("u-1").await),
            "list" => unavailable(sessions.list("u-1").await),
            "end" | "append" => unavailable(sessions.logout(&pair.refresh_token).await),
            _ => unavailable(sessions.logout_everywhere("u-1").await),
        };
        assert_eq!((code, begun.elapsed().as_secs()), ("store_unavailable", 5), "{operation}");
        *world.store.hanging.lock().unwrap() = "";
        sessions.logout(&pair.refresh_token).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_store_that_hung_was_away_unless_only_lists_are_slow() {
    for (operation, was_away) in [("load", true), ("generation", true), ("list", false)] {
        let world = World::in_memory().await;
        let World { sessions, clock, .. } = &world;
        let zero = sessions.login("u-1").await.unwrap();
        let lost = sessions.refresh(&zero.refresh_token).await.unwrap();
        clock.advance(5 * SECOND);
        *world.store.hanging.lock().unwrap() = operation;
        if operation == "load" {
            assert_eq!(unavailable(sessions.refresh(&zero.refresh_token).await), "store_unavailable");
        } else {
            assert_eq!(unavailable(sessions.list("u-1").await), "store_unavailable");
        }
        clock.advance(3600 * SECOND);
        *world.store.hanging.lock().unwrap() = "";
        match sessions.refresh(&zero.refresh_token).await {
            Ok(found) => assert!(was_away && found.refresh_token.secret() == lost.refresh_token.secret()),
            Err(error) => assert_eq!((was_away, error.code()), (false, "refresh_token_reused")),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_login_waits_half_a_minute_for_a_slow_hash_and_half_a_window_for_claims() {
    let world = World::in_memory().await;
    let log_in = || {
        let credentials = json!({ "username": "alice", "password": "correct-horse" });
        let login = Login::new().address("192.0.2.1".parse().unwrap());
        world.sessions.login_with_credentials(credentials.as_object().unwrap().clone(), login)
    };
    *world.users.hashing.lock().unwrap() = 29 * SECOND;
    assert!(log_in().await.is_ok());
    *world.users.hashing.lock().unwrap() = 31 * SECOND;
    for _ in 0..20 {
        assert_eq!(unavailable(log_in().await), "accounts_unavailable", "nobody judged it");
    }
    *world.users.hashing.lock().unwrap() = Duration::ZERO;
    *world.users.delay.lock().unwrap() = 6 * SECOND;
    assert_eq!(unavailable(log_in().await), "accounts_unavailable");
    *world.users.delay.lock().unwrap() = Duration::ZERO;
    assert!(log_in().await.is_ok());
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

#[tokio::test]
async fn a_theft_that_could_not_be_written_is_told_at_once_and_written_by_the_next_request() {
    type Fault = fn(&World<MemoryStore>) -> &AtomicBool;
    let faults: [Fault; 2] = [|world| &world.store.end, |world| &world.store.append];
    for fault in faults {
        let world = World::in_memory().await;
        let World { sessions, clock, .. } = &world;
        let zero = sessions.login("u-1").await.unwrap();
        let one = sessions.refresh(&zero.refresh_token).await.unwrap();
        clock.advance(60 * SECOND);
        fault(&world).store(true, SeqCst);
        assert_eq!(unavailable(sessions.refresh(&zero.refresh_token).await), "store_unavailable");
        assert!(world.happened().contains(&EventKind::Reuse), "the alarm does not wait for the store");
        assert_eq!(unavailable(sessions.refresh(&one.refresh_token).await), "store_unavailable");
        fault(&world).store(false, SeqCst);
        assert_eq!(sessions.refresh(&one.refresh_token).await.unwrap_err().code(), "session_ended");

        let after = world.restarted().await;
        assert_eq!(after.refresh(&one.refresh_token).await.unwrap_err().code(), "session_ended");
        let layer = after.auth_layer::<User>();
        assert!(
            layer.authenticate(one.access_token.secret()).await.is_err(),
            "the list of revocations has it"
        );
    }
}

#[tokio::test]
async fn a_session_whose_end_was_not_written_is_found_so_that_its_owner_can_try_again() {
    let world = World::in_memory().await;
    let pair = world.sessions.login("u-1").await.unwrap();
    world.store.append.store(true, SeqCst);
    assert_eq!(unavailable(world.sessions.revoke(pair.session).await), "store_unavailable");
    assert!(world.sessions.find(pair.session).await.unwrap().is_some());
    world.store.append.store(false, SeqCst);
    world.sessions.revoke(pair.session).await.unwrap();
    assert!(world.sessions.find(pair.session).await.unwrap().is_none());
}

#[tokio::test]
async fn logging_out_again_and_again_writes_once() {
    let world = World::in_memory().await;
    let pair = world.sessions.login("u-1").await.unwrap();
    for _ in 0..5 {
        world.clock.advance(SECOND);
        world.sessions.logout(&pair.refresh_token).await.unwrap();
    }
    assert_eq!(world.store.inner.load_revocations().await.unwrap().len(), 1);
    assert_eq!(world.happened(), [EventKind::Login, EventKind::Logout]);
}

#[tokio::test]
async fn a_full_set_of_revocations_is_told_and_the_next_start_can_read_it() {
    let world = World::in_memory().await;
    let ring = jwtower::issuer::KeyRing::generate(jwtower::Algorithm::HS256).unwrap();
    let builder =
        || super::fixture::builder(&world.store, &world.clock, &world.users, ring.clone(), &world.events);
    let sessions = builder().max_revocations(2).build().await.unwrap();
    for _ in 0..2 {
        let pair = sessions.login("u-1").await.unwrap();
        sessions.logout(&pair.refresh_token).await.unwrap();
    }
    let pair = sessions.login("u-1").await.unwrap();
    assert_eq!(unavailable(sessions.logout(&pair.refresh_token).await), "revocations_full");
    assert!(sessions.refresh(&pair.refresh_token).await.is_err(), "it cannot be refreshed all the same");
    assert!(builder().max_revocations(2).build().await.is_ok());
}

#[tokio::test]
async fn a_store_that_panics_is_as_good_as_away() {
    let world = World::in_memory().await;
    let sessions = &world.sessions;
    let pair = sessions.login("u-1").await.unwrap();
    world.store.panics.store(true, SeqCst);
    assert_eq!(unavailable(sessions.logout(&pair.refresh_token).await), "store_unavailable");
    assert_eq!(unavailable(sessions.revoke(pair.session).await), "store_unavailable");
    assert_eq!(unavailable(sessions.logout_everywhere("u-1").await), "store_unavailable");
    world.store.panics.store(false, SeqCst);
    sessions.logout(&pair.refresh_token).await.unwrap();
    assert_eq!(sessions.refresh(&pair.refresh_token).await.unwrap_err().code(), "session_ended");
}

#[tokio::test]
async fn a_logout_everywhere_that_was_cut_off_is_made_good_by_the_next_refresh() {
    let world = World::in_memory().await;
    let (one, two) = (world.sessions.login("u-1").await.unwrap(), world.sessions.login("u-1").await.unwrap());
    world.store.append.store(true, SeqCst);
    assert_eq!(unavailable(world.sessions.logout_everywhere("u-1").await), "store_unavailable");

    // The process dies: the store has the new generation, and no revocation.
    let after = world.restarted().await;
    assert_eq!(unavailable(after.refresh(&one.refresh_token).await), "store_unavailable");
    world.store.append.store(false, SeqCst);
    let after = world.restarted().await;
    assert_eq!(after.refresh(&one.refresh_token).await.unwrap_err().code(), "generation_moved");
    for sessions in [&after, &world.restarted().await] {
        let layer = sessions.auth_layer::<User>();
        for pair in [&one, &two] {
            let error = layer.authenticate(pair.access_token.secret()).await.unwrap_err();
            assert_eq!(error.code(), "subject_revoked");
        }
    }
    let stored = world.store.inner.load_revocations().await.unwrap().len();
    assert_eq!(after.refresh(&two.refresh_token).await.unwrap_err().code(), "generation_moved");
    assert_eq!(world.store.inner.load_revocations().await.unwrap().len(), stored, "once is enough");
}
