//! What the application hears.

use std::sync::{Arc, Mutex};

use jwtower::{Algorithm, issuer::KeyRing, session::EventKind};

use super::fixture::{SECOND, World, builder};

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
