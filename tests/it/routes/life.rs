//! Logging in, staying logged in, logging out.

use std::time::Duration;

use http::Method;
use serde_json::json;

use super::fixture::{PASSWORD, Service, form_request};

#[tokio::test]
async fn a_login_in_json_or_a_form_gives_the_members_of_the_standard_that_no_cache_keeps() {
    let service = Service::new().await;
    let json = service.post("/auth/login", json!({ "username": "alice", "password": PASSWORD })).await;
    let form = service.send(form_request("/auth/login", "username=alice&password=correct+horse")).await;
    for answer in [json, form] {
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("pragma"), "no-cache");
        let body = answer.json();
        let members: Vec<_> = body.as_object().expect("it is one").keys().cloned().collect();
        assert_eq!(members, ["access_token", "expires_in", "refresh_token", "scope", "token_type"]);
        assert_eq!((&body["token_type"], &body["scope"]), (&json!("Bearer"), &json!("read write")));
        assert!((570..=600).contains(&body["expires_in"].as_u64().expect("it is a number")));
        assert!(service.is_alive(&answer.pair()).await);
    }
}

#[tokio::test]
async fn a_session_is_refreshed_until_it_is_logged_out_and_then_neither_token_counts() {
    let service = Service::new().await;
    let mut pair = service.login("alice").await;
    for _ in 0..3 {
        service.clock.advance(Duration::from_secs(60));
        let answer = service.refresh(&pair.refresh).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert!(answer.pair().refresh != pair.refresh);
        pair = answer.pair();
        assert_eq!(service.ask(Method::GET, "/auth/session", &pair.access).await.status, 200);
    }
    let logout = service.post("/auth/logout", json!({ "refresh_token": pair.refresh })).await;
    assert_eq!((logout.status, &*logout.body, logout.header("cache-control")), (204, "", "no-store"));
    let session = service.ask(Method::GET, "/auth/session", &pair.access).await;
    assert_eq!((session.status, session.json()["code"].clone()), (401, json!("token_revoked")));
    let refreshed = service.refresh(&pair.refresh).await;
    assert_eq!((refreshed.status, &*refreshed.error().0), (400, "invalid_grant"));
    // A second click is no fault.
    let again = service.send(form_request("/auth/logout", &format!("refresh_token={}", pair.refresh))).await;
    assert_eq!(again.status, 204);
}

#[tokio::test]
async fn a_used_refresh_token_is_answered_for_ten_seconds_and_ends_the_session_later() {
    let service = Service::new().await;
    let first = service.login("alice").await;
    service.clock.advance(Duration::from_secs(60));
    let second = service.refresh(&first.refresh).await.pair();
    service.clock.advance(Duration::from_secs(9));
    let again = service.refresh(&first.refresh).await;
    assert_eq!((again.status, again.pair().refresh), (200, second.refresh.clone()));
    service.clock.advance(Duration::from_secs(2));
    assert_eq!(service.refresh(&first.refresh).await.error().0, "invalid_grant");
    assert_eq!(service.refresh(&second.refresh).await.error().0, "invalid_grant");
    assert_eq!(service.ask(Method::GET, "/auth/session", &second.access).await.status, 401);
}

#[tokio::test]
async fn another_user_agent_with_the_token_before_is_a_thief_also_within_the_window() {
    let service = Service::new().await;
    let send = async |agent: Option<&'static str>, token: &str| {
        let mut request = form_request("/auth/refresh", &format!("refresh_token={token}"));
        if let Some(agent) = agent {
            request.headers_mut().insert("user-agent", agent.parse().expect("it is a header"));
        }
        service.send(request).await
    };
    for (agent, thief) in [(Some("curl/8"), Some("wget/1")), (Some("curl/8"), None), (None, Some("wget/1"))] {
        let first = service.login("alice").await.refresh;
        service.clock.advance(Duration::from_secs(60));
        let second = send(agent, &first).await.pair().refresh;
        assert_eq!(send(agent, &first).await.pair().refresh, second, "the same client may repeat it");
        assert_eq!(send(thief, &first).await.error().0, "invalid_grant");
        assert_eq!(send(agent, &second).await.error().0, "invalid_grant");
    }
}

#[tokio::test]
async fn a_login_may_ask_for_less_and_a_refresh_for_less_again_but_never_for_more() {
    let service = Service::new().await;
    let login = async |scope: &str| {
        let body = json!({ "username": "alice", "password": PASSWORD, "scope": scope });
        service.post("/auth/login", body).await
    };
    assert_eq!(login("read write").await.json()["scope"], "read write");
    assert_eq!(login("").await.json()["scope"], "read write");
    assert_eq!(login("read admin").await.error().0, "invalid_scope");
    let reader = login("read").await;
    assert_eq!(reader.json()["scope"], "read");
    let refresh = async |scope: &str| {
        let body = json!({ "refresh_token": reader.pair().refresh, "scope": scope });
        service.post("/auth/refresh", body).await
    };
    assert_eq!(refresh("read write").await.error().0, "invalid_scope");
    assert_eq!(refresh("read").await.json()["scope"], "read");
    assert_eq!(refresh("").await.json()["scope"], "read");
}
