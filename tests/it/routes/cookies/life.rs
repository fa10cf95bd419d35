//! Sessions of browsers: tokens come and go in cookies.

use http::Method;
use serde_json::json;

use super::{
    super::fixture::{PASSWORD, Service, json_request},
    browser::{Browser, set_cookies},
};

#[tokio::test]
async fn a_login_with_cookies_keeps_its_tokens_out_of_the_body() {
    let service = Service::with_cookies().await;
    let mut browser = Browser::default();
    let answer = browser.login(&service).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let members: Vec<_> = answer.json().as_object().unwrap().keys().cloned().collect();
    assert_eq!(members, ["expires_in", "scope"]);
    assert_eq!(set_cookies(&answer).len(), 2);

    let session = browser.get(&service, "/auth/session").await.json();
    assert_eq!(session["session"]["transport"], "cookie");
}

#[tokio::test]
async fn a_refresh_by_cookie_is_answered_by_cookie_only() {
    let service = Service::with_cookies().await;
    let mut browser = Browser::logged_in(&service).await;
    let before = browser.cookie("__Host-refresh").unwrap().to_owned();
    let answer = browser.post(&service, "/auth/refresh").await;
    assert_eq!((answer.status, answer.json().get("refresh_token")), (200, None));
    assert_ne!(browser.cookie("__Host-refresh").unwrap(), before);
    assert_eq!(browser.get(&service, "/auth/session").await.status, 200);
}

#[tokio::test]
async fn cookie_and_body_together_are_refused_and_change_nothing() {
    let service = Service::with_cookies().await;
    let mut browser = Browser::logged_in(&service).await;
    let body = json!({ "refresh_token": browser.cookie("__Host-refresh").unwrap() });
    for path in ["/auth/refresh", "/auth/logout"] {
        let answer = browser.send(&service, Method::POST, path, Some(body.clone())).await;
        assert_eq!((answer.status, &*answer.error().0), (400, "invalid_request"), "{path}");
        assert_eq!(set_cookies(&answer), [], "{path}");
    }
    assert_eq!(browser.post(&service, "/auth/refresh").await.status, 200);
}

#[tokio::test]
async fn a_login_ends_the_session_that_it_replaces() {
    let service = Service::with_cookies().await;
    let mut browser = Browser::logged_in(&service).await;
    let mut before = browser.clone();
    assert_eq!(browser.login(&service).await.status, 200);
    assert_eq!(browser.get(&service, "/auth/sessions").await.json().as_array().unwrap().len(), 1);

    let lost = before.post(&service, "/auth/refresh").await;
    assert_eq!((lost.status, set_cookies(&lost)), (400, vec![]));
    assert_eq!(before.get(&service, "/auth/session").await.status, 401);
    assert_eq!(browser.post(&service, "/auth/refresh").await.status, 200);
}

#[tokio::test]
async fn a_logout_clears_the_cookies_of_the_session_that_it_ends_and_no_others() {
    let service = Service::with_cookies().await;
    let mut browser = Browser::logged_in(&service).await;
    let mut late = browser.clone();
    let answer = browser.post(&service, "/auth/logout").await;
    assert_eq!(answer.status, 204);
    assert_eq!(browser.header(), "");

    let answer = late.post(&service, "/auth/logout").await;
    assert_eq!((answer.status, set_cookies(&answer)), (204, vec![]));
    assert_eq!(late.get(&service, "/auth/session").await.status, 401);
}

#[tokio::test]
async fn a_client_without_cookies_is_served_as_ever() {
    let service = Service::with_cookies().await;
    let answer = service.post("/auth/login", json!({ "username": "alice", "password": PASSWORD })).await;
    assert_eq!(set_cookies(&answer), []);
    let pair = answer.pair();
    let answer = service.refresh(&pair.refresh).await;
    assert_eq!((answer.status, set_cookies(&answer)), (200, vec![]));
    let body = json!({ "refresh_token": answer.pair().refresh });
    let answer = service.send(json_request("/auth/logout", body)).await;
    assert_eq!((answer.status, set_cookies(&answer)), (204, vec![]));
    assert_eq!(service.ask(Method::GET, "/auth/session", &pair.access).await.status, 401);
}

#[tokio::test]
async fn a_navigation_without_an_access_token_comes_back_with_one_or_ends_at_the_login_page() {
    let service = Service::with_cookies().await;
    let mut browser = Browser::logged_in(&service).await;
    browser.lose("__Host-access");
    let answer = browser.navigate(&service, "/account").await;
    assert_eq!((answer.status, answer.header("location")), (303, "/auth/refresh?next=/account"));
    let answer = browser.navigate(&service, "/auth/refresh?next=/account").await;
    assert_eq!((answer.status, answer.header("location")), (303, "/account"));
    assert_eq!(browser.navigate(&service, "/account").await.body, "\"u-1\"");

    browser.post(&service, "/auth/logout").await;
    for path in ["/account", "/auth/refresh?next=/account"] {
        let answer = browser.navigate(&service, path).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/login?next=/account"), "{path}");
    }
}
