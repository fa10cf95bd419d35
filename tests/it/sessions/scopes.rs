//! A session's scope is fixed at its login; a refresh may narrow it.

use jwtower::{
    Principal,
    session::{Login, Refresh},
};

use super::fixture::{User, Users, World};

fn scopes(principal: &Principal) -> Vec<&str> {
    principal.scopes().collect()
}

#[tokio::test]
async fn a_scope_narrows_and_never_widens() {
    let world = World::in_memory_with(Users::with_scope("read write")).await;
    let sessions = &world.sessions;
    let layer = sessions.auth_layer::<User>();
    let of = |token: &jwtower::AccessToken| layer.authenticate(token.secret()).unwrap().principal();

    let all = sessions.login("u-1").await.unwrap();
    assert_eq!(all.scope.as_deref(), Some("read write"));
    assert_eq!(scopes(&of(&all.access_token)), ["read", "write"]);
    let less = sessions.login_with("u-1", Login::new().scope("read")).await.unwrap();
    assert_eq!(scopes(&of(&less.access_token)), ["read"]);
    assert_eq!(
        sessions.login_with("u-1", Login::new().scope("admin")).await.unwrap_err().code(),
        "scope_widened"
    );

    let once = sessions.refresh_with(&all.refresh_token, Refresh::new().scope("write")).await.unwrap();
    assert_eq!(scopes(&of(&once.access_token)), ["write"]);
    let again = sessions.refresh(&once.refresh_token).await.unwrap();
    assert_eq!(scopes(&of(&again.access_token)), ["read", "write"], "only that access token was narrowed");

    world.users.set_scope(Some("read write admin"));
    let wider = sessions.refresh_with(&less.refresh_token, Refresh::new().scope("read write")).await;
    assert_eq!(wider.unwrap_err().kind().public_code(), "invalid_scope");
    let same = sessions.refresh(&less.refresh_token).await.unwrap();
    assert_eq!(
        scopes(&of(&same.access_token)),
        ["read"],
        "an account that gained rights has to log in again"
    );

    world.users.set_scope(Some("write"));
    let lost = sessions.refresh(&again.refresh_token).await.unwrap();
    assert_eq!(scopes(&of(&lost.access_token)), ["write"], "what the account lost is gone");
    assert_eq!(lost.scope.as_deref(), Some("write"));
}
