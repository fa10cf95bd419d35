//! Nobody learns from a login who has an account.

use std::sync::atomic::Ordering;

use serde_json::json;

use super::fixture::{PASSWORD, Service, json_request, peer};

#[tokio::test]
async fn an_unknown_user_and_a_wrong_password_are_answered_alike_and_cost_alike() {
    let service = Service::new().await;
    let mut checks = 0;
    // Ten failures and the refusal that follows.
    for attempt in 0..12 {
        let login = async |username: &str, password: &str| {
            service.post("/auth/login", json!({ "username": username, "password": password })).await
        };
        let wrong = login("alice", "wrong").await;
        let unknown = login("nobody", "wrong").await;
        // The right password of nobody is no password either.
        let lucky = login("nobody2", PASSWORD).await;
        assert_eq!(wrong, unknown, "attempt {attempt}");
        assert_eq!(wrong, lucky, "attempt {attempt}");
        let expected = if attempt < 10 { (400, "invalid_grant") } else { (429, "too_many_attempts") };
        assert_eq!((wrong.status, &*wrong.error().0), expected);
        checks += if attempt < 10 { 3 } else { 0 };
        assert_eq!(service.users.checks.load(Ordering::SeqCst), checks);
    }
}

#[tokio::test]
async fn a_throttled_login_is_answered_alike_whether_the_password_is_right_or_not() {
    let service = Service::new().await;
    let login = async |password: &str| {
        let mut request = json_request("/auth/login", json!({ "username": "alice", "password": password }));
        request.extensions_mut().insert(peer("192.0.2.9"));
        service.send(request).await
    };
    for _ in 0..10 {
        assert_eq!(login("wrong").await.status, 400);
    }
    let wrong = login("wrong").await;
    assert_eq!((wrong.status, wrong), (429, login(PASSWORD).await));
}
