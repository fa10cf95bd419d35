//! What the owner of an access token sees of their sessions, and ends.

use std::time::{Duration, UNIX_EPOCH};

use http::{Method, Request};
use jwtower::{Clock, SessionId};
use serde_json::{Value, json};

use super::fixture::{PASSWORD, Pair, Service, json_request};

impl Service {
    async fn session_of(&self, pair: &Pair) -> String {
        let answer = self.ask(Method::GET, "/auth/session", &pair.access).await;
        answer.json()["session"]["id"].as_str().expect("it is a name").to_owned()
    }

    async fn listed(&self, pair: &Pair) -> Vec<Value> {
        let answer = self.ask(Method::GET, "/auth/sessions", &pair.access).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json().as_array().expect("it is a list").clone()
    }

    async fn end(&self, pair: &Pair, id: &str) -> (u16, String) {
        let answer = self.ask(Method::DELETE, &format!("/auth/sessions/{id}"), &pair.access).await;
        (answer.status, answer.body)
    }
}

#[tokio::test]
async fn a_session_tells_its_record_the_claims_and_how_long_the_token_lives() {
    let service = Service::new().await;
    let login = service.clock.now().duration_since(UNIX_EPOCH).expect("it is later").as_millis() as u64;
    let pair = service.login("alice").await;
    service.clock.advance(Duration::from_secs(100));
    let answer = service.ask(Method::GET, "/auth/session", &pair.access).await;
    assert_eq!((answer.status, answer.header("cache-control")), (200, "no-store"));
    assert_eq!(answer.header("content-type"), "application/json");
    let body = answer.json();
    assert_eq!(body["now"], login + 100_000);
    let left = body["expires"].as_u64().expect("it is a time") - login;
    assert!((569_000..=600_999).contains(&left), "{left}");
    assert_eq!((&body["claims"]["sub"], &body["claims"]["name"]), (&json!("u-1"), &json!("u-1")));
    assert_eq!(body["claims"]["sid"], body["session"]["id"]);
    assert_eq!((&body["session"]["created"], &body["session"]["last_used"]), (&json!(login), &json!(login)));
    assert!(body["session"]["expires"].as_u64() > body["now"].as_u64());
    assert!(!answer.body.contains(&pair.refresh) && !answer.body.contains(&pair.access));
}

#[tokio::test]
async fn the_list_holds_the_subjects_own_sessions_and_marks_one() {
    let service = Service::new().await;
    let (phone, laptop, bob) =
        (service.login("alice").await, service.login("alice").await, service.login("bob").await);
    let own = [service.session_of(&phone).await, service.session_of(&laptop).await];
    for (pair, id) in [(&phone, &own[0]), (&laptop, &own[1])] {
        let listed = service.listed(pair).await;
        let mut names: Vec<_> =
            listed.iter().map(|session| session["id"].as_str().expect("it is one")).collect();
        names.sort_unstable();
        let mut expected = own.iter().map(String::as_str).collect::<Vec<_>>();
        expected.sort_unstable();
        assert_eq!(names, expected);
        let current: Vec<_> = listed.iter().filter(|session| session["current"] == true).collect();
        assert_eq!((current.len(), current[0]["id"].as_str()), (1, Some(&**id)));
    }
    assert_eq!(service.listed(&bob).await.len(), 1);
}

#[tokio::test]
async fn a_session_of_ones_own_is_ended_by_its_name_and_its_tokens_count_no_more() {
    let service = Service::new().await;
    let (phone, laptop) = (service.login("alice").await, service.login("alice").await);
    let lost = service.session_of(&laptop).await;
    assert_eq!(service.end(&phone, &lost).await, (204, String::new()));
    assert!(!service.is_alive(&laptop).await);
    assert_eq!(service.listed(&phone).await.len(), 1);
    assert!(service.is_alive(&phone).await);
    // And the one that asks.
    let own = service.session_of(&phone).await;
    assert_eq!(service.end(&phone, &own).await.0, 204);
    assert_eq!(service.end(&phone, &own).await.0, 401);
}

#[tokio::test]
async fn a_session_of_somebody_else_is_as_unknown_as_one_that_never_was() {
    let service = Service::new().await;
    let (alice, bob) = (service.login("alice").await, service.login("bob").await);
    let theirs = service.session_of(&bob).await;
    let ended = service.login("alice").await;
    let gone = service.session_of(&ended).await;
    assert_eq!(service.end(&alice, &gone).await.0, 204);
    let body = r#"{"type":"about:blank","title":"Not Found","status":404,"code":"not_found"}"#;
    let never = "A".repeat(32);
    assert!(never.parse::<SessionId>().is_ok());
    for id in [&*theirs, &*gone, &*never, "x", "%20", "%ff", "u-2", &*"A".repeat(31), &*"A".repeat(5000)] {
        assert_eq!(service.end(&alice, id).await, (404, body.to_owned()), "{id}");
    }
    assert!(service.is_alive(&bob).await && service.is_alive(&alice).await);
}

#[tokio::test]
async fn a_logout_everywhere_ends_all_sessions_of_the_subject_and_nobody_elses() {
    let service = Service::new().await;
    let (phone, laptop, bob) =
        (service.login("alice").await, service.login("alice").await, service.login("bob").await);
    let answer = service.ask(Method::POST, "/auth/logout-everywhere", &phone.access).await;
    assert_eq!((answer.status, &*answer.body, answer.header("cache-control")), (204, "", "no-store"));
    for pair in [&phone, &laptop] {
        assert!(!service.is_alive(pair).await);
        assert_eq!(service.refresh(&pair.refresh).await.error().0, "invalid_grant");
    }
    assert!(service.is_alive(&bob).await);
    let new = service.login("alice").await;
    assert!(service.is_alive(&new).await);
    assert_eq!(service.listed(&new).await.len(), 1);
}

#[tokio::test]
async fn a_label_names_the_client_without_its_own_words() {
    let service = Service::new().await;
    let mut labels = Vec::new();
    for agent in [None, Some("Mozilla/5.0 (secret words)"), Some("curl/8.5.0")] {
        let mut request: Request<_> =
            json_request("/auth/login", json!({ "username": "alice", "password": PASSWORD }));
        if let Some(agent) = agent {
            request.headers_mut().insert("user-agent", agent.parse().expect("it is a header"));
        }
        let pair = service.send(request).await.pair();
        let answer = service.ask(Method::GET, "/auth/session", &pair.access).await;
        assert!(!answer.body.contains("Mozilla") && !answer.body.contains("words"));
        labels.push(answer.json()["session"]["label"].as_str().map(str::to_owned));
    }
    labels.dedup();
    assert_eq!(labels.len(), 3, "{labels:?}");
}
