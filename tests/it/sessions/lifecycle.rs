//! From login to the end of a session.

use std::time::Duration;

use jwtower::{
    AuthError, Claims, RefreshToken,
    session::{EventKind, Login, Refresh, Transport},
};
use serde_json::{Map, Value, json};

use super::fixture::{DAY, SECOND, Store, User, World};

fn copy(token: &RefreshToken) -> RefreshToken {
    RefreshToken::from(token.secret().to_owned())
}

fn credentials(username: &str, password: &str) -> Map<String, Value> {
    match json!({ "username": username, "password": password }) {
        Value::Object(members) => members,
        _ => unreachable!(),
    }
}

fn code<T>(result: Result<T, AuthError>) -> &'static str {
    result.err().map_or("it passed", |error| error.code())
}

async fn a_session_lives_and_ends<S: Store>(world: World<S>) {
    let World { sessions, clock, .. } = &world;
    let layer = sessions.auth_layer::<User>();
    let first = sessions.login("u-1").await.unwrap();
    assert!(first.expires_in <= Duration::from_secs(600) && first.expires_in > Duration::from_secs(500));
    let claims: Claims<User> = layer.authenticate(first.access_token.secret()).await.unwrap();
    assert_eq!(claims.name, "Alice");
    assert_eq!(claims.registered().subject(), Some("u-1"));
    assert_eq!(claims.registered().session(), Some(&*first.session.to_string()));
    assert!(claims.registered().auth_time().is_some());

    clock.advance(600 * SECOND);
    let second = sessions.refresh(&first.refresh_token).await.unwrap();
    assert_ne!(second.refresh_token.secret(), first.refresh_token.secret());
    assert_eq!(second.session, first.session);
    clock.advance(600 * SECOND);
    let third = sessions.refresh(&second.refresh_token).await.unwrap();
    assert!(layer.authenticate(third.access_token.secret()).await.is_ok());

    // An older token of the session is enough to log out.
    sessions.logout(&second.refresh_token).await.unwrap();
    assert_eq!(code(layer.authenticate(third.access_token.secret()).await), "session_revoked");
    assert_eq!(code(sessions.refresh(&third.refresh_token).await), "session_ended");
    sessions.logout(&third.refresh_token).await.unwrap();
    use EventKind::{Login, Logout, Refresh};
    assert_eq!(world.happened(), [Login, Refresh, Refresh, Logout], "the second logout found nothing to do");
}

#[tokio::test]
async fn a_session_lives_and_ends_in_memory() {
    a_session_lives_and_ends(World::in_memory().await).await;
}

#[tokio::test]
async fn a_session_lives_and_ends_in_a_file() {
    a_session_lives_and_ends(World::in_a_file().await).await;
}

#[tokio::test]
async fn the_credentials_decide_and_unknown_users_look_as_wrong_passwords_do() {
    let world = World::in_memory().await;
    let log_in =
        |name, password| world.sessions.login_with_credentials(credentials(name, password), Login::new());
    assert!(log_in("alice", "correct-horse").await.is_ok());
    let wrong = log_in("alice", "battery").await.unwrap_err();
    let asked = world.users.asked.load(std::sync::atomic::Ordering::SeqCst);
    let unknown = log_in("mallory", "correct-horse").await.unwrap_err();
    assert_eq!(wrong, unknown);
    assert_eq!(wrong.code(), "bad_credentials");
    assert_eq!(world.users.asked.load(std::sync::atomic::Ordering::SeqCst), asked + 1, "both were checked");
    let malformed = world.sessions.login_with_credentials(Map::new(), Login::new()).await.unwrap_err();
    assert_eq!(malformed.code(), "malformed_login");
}

#[tokio::test]
async fn failed_logins_are_counted_by_account_and_address() {
    let world = World::in_memory().await;
    let log_in = |address: &str, password| {
        world.sessions.login_with_credentials(
            credentials("alice", password),
            Login::new().address(address.parse().unwrap()),
        )
    };
    for _ in 0..10 {
        assert_eq!(code(log_in("192.0.2.1", "wrong").await), "bad_credentials");
    }
    let error = log_in("192.0.2.1", "correct-horse").await.unwrap_err();
    assert_eq!(error.code(), "too_many_logins");
    assert!(error.retry_after().unwrap() > Duration::from_secs(890));
    assert!(log_in("192.0.2.2", "correct-horse").await.is_ok(), "the account itself is not locked");
    let happened = world.happened();
    assert_eq!(happened.iter().filter(|kind| **kind == EventKind::LoginFailed).count(), 10);
    assert_eq!(happened[10..], [EventKind::LoginThrottled, EventKind::Login]);
    world.clock.advance(901 * SECOND);
    assert!(log_in("192.0.2.1", "correct-horse").await.is_ok());
}

#[tokio::test]
async fn a_token_of_another_transport_is_refused_and_changes_nothing() {
    let world = World::in_memory().await;
    let sessions = &world.sessions;
    let pair = sessions.login_with("u-1", Login::new().transport(Transport::Cookie)).await.unwrap();
    let error = sessions.refresh(&pair.refresh_token).await.unwrap_err();
    assert_eq!((error.code(), error.kind().public_code()), ("wrong_transport", "invalid_request"));
    let by_cookie = Refresh::new().transport(Transport::Cookie);
    assert!(sessions.refresh_with(&pair.refresh_token, by_cookie).await.is_ok());
}

#[tokio::test]
async fn a_session_ends_when_nobody_uses_it_and_when_its_time_is_over() {
    let world = World::in_memory().await;
    let World { sessions, clock, .. } = &world;
    let idle = sessions.login("u-1").await.unwrap();
    clock.advance(15 * DAY);
    assert_eq!(code(sessions.refresh(&idle.refresh_token).await), "session_expired");

    let mut pair = sessions.login("u-1").await.unwrap();
    let began = pair.session;
    for _ in 0..8 {
        clock.advance(11 * DAY);
        pair = sessions.refresh(&pair.refresh_token).await.unwrap();
    }
    clock.advance(2 * DAY - 60 * SECOND);
    let last = sessions.refresh(&pair.refresh_token).await.unwrap();
    assert_eq!(last.session, began);
    assert_eq!(last.expires_in, 60 * SECOND, "no access token outlives its session");
    clock.advance(61 * SECOND);
    let over = code(sessions.refresh(&last.refresh_token).await);
    assert!(["session_expired", "session_lost"].contains(&over), "{over}");
}

#[tokio::test]
async fn within_the_window_the_token_before_is_answered_and_afterwards_it_is_theft() {
    let world = World::in_memory().await;
    let World { sessions, clock, .. } = &world;
    let zero = sessions.login("u-1").await.unwrap();
    let one = sessions.refresh(&zero.refresh_token).await.unwrap();
    clock.advance(9 * SECOND);
    let again = sessions.refresh(&zero.refresh_token).await.unwrap();
    assert_eq!(again.refresh_token.secret(), one.refresh_token.secret());
    let same = sessions.refresh(&one.refresh_token).await.unwrap();
    assert_eq!(same.refresh_token.secret(), one.refresh_token.secret());
    clock.advance(2 * SECOND);
    assert_eq!(code(sessions.refresh(&zero.refresh_token).await), "refresh_token_reused");
    assert_eq!(code(sessions.refresh(&one.refresh_token).await), "session_ended");
    let layer = sessions.auth_layer::<User>();
    assert_eq!(code(layer.authenticate(one.access_token.secret()).await), "session_revoked");
    use EventKind::{ConcurrentRefresh, Login, Refresh, Reuse};
    assert_eq!(world.happened(), [Login, Refresh, ConcurrentRefresh, Refresh, Reuse]);
}

#[tokio::test]
async fn another_client_with_the_token_before_is_theft_at_once() {
    let world = World::in_memory().await;
    let sessions = &world.sessions;
    let zero = sessions.login_with("u-1", Login::new().label("firefox")).await.unwrap();
    let as_client = |label: &str| Refresh::new().label(label);
    sessions.refresh_with(&zero.refresh_token, as_client("firefox")).await.unwrap();
    let stolen = sessions.refresh_with(&zero.refresh_token, as_client("curl")).await;
    assert_eq!(code(stolen), "refresh_token_reused");
}

#[tokio::test]
async fn nothing_but_our_own_refresh_tokens_is_exchanged() {
    let world = World::in_memory().await;
    let other = World::in_memory().await;
    let pair = world.sessions.login("u-1").await.unwrap();
    let foreign = other.sessions.login("u-1").await.unwrap();
    let good = pair.refresh_token.secret();
    let loads = || world.store.loads.load(std::sync::atomic::Ordering::SeqCst);
    let before = loads();
    let mut bad = vec![
        String::new(),
        "jwtr_".into(),
        pair.access_token.secret().to_owned(),
        foreign.refresh_token.secret().to_owned(),
        good[..good.len() - 1].to_owned(),
        format!("{good}A"),
        format!(" {good}"),
        format!("{good}="),
        good.replace("jwtr_", "jwtx_"),
    ];
    for place in (5..good.len()).step_by(7) {
        let mut bytes = good.as_bytes().to_vec();
        bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
        bad.push(String::from_utf8(bytes).unwrap());
    }
    for token in bad {
        let token = RefreshToken::from(token);
        assert_eq!(code(world.sessions.refresh(&token).await), "invalid_refresh_token");
        assert_eq!(code(world.sessions.logout(&token).await), "invalid_refresh_token");
    }
    assert_eq!(loads(), before, "the store was not asked");
    let layer = world.sessions.auth_layer::<User>();
    assert_eq!(code(layer.authenticate(good).await), "malformed_token");
    assert_eq!(code(layer.authenticate(foreign.access_token.secret()).await), "unknown_key");
    assert!(world.sessions.refresh(&copy(&pair.refresh_token)).await.is_ok(), "nothing was lost");
}
