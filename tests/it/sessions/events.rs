//! What the application hears.

use std::sync::{Arc, Mutex};

use jwtower::{Algorithm, issuer::KeyRing, session::EventKind};
use tracing_subscriber::filter::LevelFilter;

use super::fixture::{SECOND, User, World, builder};
use crate::log::Log;

#[tokio::test]
async fn an_event_names_the_session_and_its_subject() {
    let world = World::in_memory().await;
    let heard = Arc::new(Mutex::new(Vec::new()));
    let listener = {
        let heard = Arc::clone(&heard);
        move |event: &jwtower::session::SessionEvent<'_>| {
            let subject = event.subject().map(str::to_owned);
            heard.lock().unwrap().push((event.kind(), subject, event.session()));
        }
    };
    let ring = KeyRing::generate(Algorithm::HS256).unwrap();
    let sessions = builder(&world.store, &world.clock, &world.users, ring, &world.events)
        .on_event(listener)
        .build()
        .await
        .unwrap();
    let pair = sessions.login("u-1").await.unwrap();
    sessions.refresh(&pair.refresh_token).await.unwrap();
    world.clock.advance(30 * SECOND);
    sessions.refresh(&pair.refresh_token).await.unwrap_err();
    sessions.logout_everywhere("u-1").await.unwrap();
    let subject = || Some("u-1".to_owned());
    let id = Some(pair.session);
    let expected = [
        (EventKind::Login, subject(), id),
        (EventKind::Refresh, subject(), id),
        (EventKind::Reuse, subject(), id),
        (EventKind::LogoutEverywhere, subject(), None),
    ];
    assert_eq!(*heard.lock().unwrap(), expected);
}

#[tokio::test]
async fn a_listener_that_panics_changes_nothing_and_is_told_of() {
    let world = World::in_memory().await;
    let ring = KeyRing::generate(Algorithm::HS256).unwrap();
    let sessions = builder(&world.store, &world.clock, &world.users, ring, &world.events)
        .on_event(|event| panic!("{} is too much", event.kind().name()))
        .build()
        .await
        .unwrap();
    let (log, _guard) = Log::capture(LevelFilter::ERROR);
    let zero = sessions.login("u-1").await.unwrap();
    let one = sessions.refresh(&zero.refresh_token).await.unwrap();
    assert_eq!(log.take().matches("the listener of session events panicked").count(), 2);
    world.clock.advance(30 * SECOND);
    assert_eq!(sessions.refresh(&zero.refresh_token).await.unwrap_err().code(), "refresh_token_reused");
    assert_eq!(sessions.refresh(&one.refresh_token).await.unwrap_err().code(), "session_ended");
    assert!(sessions.auth_layer::<User>().authenticate(one.access_token.secret()).await.is_err());

    let pair = sessions.login("u-1").await.unwrap();
    sessions.logout(&pair.refresh_token).await.unwrap();
    sessions.logout_everywhere("u-1").await.unwrap();
    assert!(log.take().contains("logout_everywhere"));
}
