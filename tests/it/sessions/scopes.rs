//! A session's scope is fixed at its login; a refresh may narrow it.

use axum::{Router, body::Body, routing::get};
use http::Request;
use jwtower::{
    AccessToken, Algorithm, Issuer, Principal, Sessions,
    guard::{require, scope},
    issuer::KeyRing,
    session::{Accounts, BoxError, Login, Refresh},
    store::MemoryStore,
};
use jwtower_tests::{AUDIENCE, ISSUER};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::fixture::{User, Users, World};

fn scopes(principal: &Principal) -> Vec<&str> {
    principal.scopes().collect()
}

#[tokio::test]
async fn a_scope_narrows_and_never_widens() {
    let world = World::in_memory_with(Users::with_scope("read write")).await;
    let sessions = &world.sessions;
    let layer = sessions.auth_layer::<User>();
    let of =
        |token: &AccessToken| jwtower_tests::at_once(layer.authenticate(token.secret())).unwrap().principal();

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

/// Whoever it is has these claims.
struct Claimed(Value);

impl Accounts for Claimed {
    type Credentials = Value;
    type Claims = Value;

    fn account<'a>(&self, _: &'a Value) -> &'a str {
        ""
    }

    async fn find(&self, _: &Value) -> Result<Option<String>, BoxError> {
        Ok(None)
    }

    async fn check(&self, _: Option<&str>, _: &Value) -> Result<bool, BoxError> {
        Ok(false)
    }

    async fn claims(&self, _: &str) -> Result<Option<Value>, BoxError> {
        Ok(Some(self.0.clone()))
    }
}

#[tokio::test]
async fn a_narrowed_token_is_narrow_wherever_the_accounts_name_scopes() {
    for claims in [
        json!({ "scope": "read write" }),
        json!({ "scp": "read write" }),
        json!({ "scp": ["read", "write"] }),
        json!({ "scope": "read write", "scp": ["read", "write"] }),
        json!({ "scope": "read", "scp": ["write"] }),
    ] {
        let keys = KeyRing::generate(Algorithm::Ed25519).unwrap();
        let issuer = Issuer::builder().keys(keys).issuer(ISSUER).audience(AUDIENCE).build().unwrap();
        let sessions = Sessions::builder(issuer, MemoryStore::new(), Claimed(claims.clone()));
        let sessions = sessions.build().await.unwrap();
        let writing = Router::new()
            .route("/", get(|| async {}).layer(require(scope("write"))))
            .route_layer(sessions.auth_layer::<Value>());
        let status = async |token: &AccessToken| {
            let request = Request::get("/").header("authorization", format!("Bearer {}", token.secret()));
            let answer = writing.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
            answer.status().as_u16()
        };

        let all = sessions.login("u-1").await.unwrap();
        assert_eq!(
            (status(&all.access_token).await, all.scope.as_deref()),
            (200, Some("read write")),
            "{claims}"
        );
        let less = sessions.login_with("u-1", Login::new().scope("read")).await.unwrap();
        assert_eq!(
            (status(&less.access_token).await, less.scope.as_deref()),
            (403, Some("read")),
            "{claims}"
        );
        let less = sessions.refresh(&less.refresh_token).await.unwrap();
        assert_eq!(status(&less.access_token).await, 403, "{claims}");
        let once = sessions.refresh_with(&all.refresh_token, Refresh::new().scope("read")).await.unwrap();
        assert_eq!(status(&once.access_token).await, 403, "{claims}");
        let again = sessions.refresh(&all.refresh_token).await.unwrap();
        assert_eq!(status(&again.access_token).await, 200, "{claims}");
    }
}
