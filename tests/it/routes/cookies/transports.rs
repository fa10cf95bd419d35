//! A token in the other's place: refused, and no session is lost by it.

use http::{Method, header::COOKIE};
use serde_json::json;

use super::{
    super::fixture::{Reach, Service, json_request},
    asks::{ALICE, Jar, LOGIN, LOGOUT, REFRESH, SESSION, post},
    browser::Browser,
    lines::{Cookies::Left, check},
};

#[tokio::test]
async fn a_token_that_came_by_the_other_way_is_refused_and_both_sessions_go_on() {
    for reach in Reach::ALL {
        let service = Service::for_browsers(reach).await;
        let (browser, program) = (Browser::logged_in(&service).await, service.login("alice").await);
        let body = json!({ "refresh_token": browser.refresh() });
        let in_body = service.send(json_request(REFRESH, body)).await;
        let mut thief = Browser::of(&service);
        thief.put_refresh(&program.refresh);
        let in_cookie = thief.post(&service, REFRESH).await;
        let on_the_way = thief.navigate(&service, REFRESH).await;
        for (name, answer) in
            [("in a body", &in_body), ("in a cookie", &in_cookie), ("on the way", &on_the_way)]
        {
            check(reach, name, answer, 400, Left);
        }
        for answer in [&in_body, &in_cookie] {
            let told = "the refresh token came by another way than its session's";
            assert_eq!(answer.error(), ("invalid_request".into(), told.into()));
        }
        assert_eq!(
            (&on_the_way.json()["code"], on_the_way.header("location")),
            (&json!("invalid_request"), "")
        );
        assert!(browser.is_logged_in(&service).await && service.is_alive(&program).await, "{reach:?}");
    }
}

#[tokio::test]
async fn a_token_in_a_cookie_and_one_in_a_body_are_one_too_many_and_end_nothing() {
    for reach in Reach::ALL {
        let service = Service::for_browsers(reach).await;
        let (mut browser, program) = (Browser::logged_in(&service).await, service.login("alice").await);
        for path in [REFRESH, LOGOUT] {
            for token in [browser.refresh().to_owned(), program.refresh.clone(), "jwtr_garbage".into()] {
                let body = Some(json!({ "refresh_token": token }));
                let answer = browser.send(&service, Method::POST, path, body).await;
                check(reach, path, &answer, 400, Left);
                let told = "the request carries more than one token";
                assert_eq!(answer.error(), ("invalid_request".into(), told.into()));
                assert!(browser.is_logged_in(&service).await && service.is_alive(&program).await, "{path}");
            }
        }
    }
}

#[tokio::test]
async fn an_access_token_in_a_cookie_and_one_as_bearer_are_one_too_many() {
    for reach in Reach::ALL {
        let service = Service::for_browsers(reach).await;
        let browser = Browser::logged_in(&service).await;
        let bearer = format!("Bearer {}", browser.access());
        for (method, path) in [(Method::GET, SESSION), (Method::POST, "/auth/logout-everywhere")] {
            let request = browser.request(method, path, None);
            let answer = browser.clone().with(&service, request, &[("authorization", &bearer)]).await;
            check(reach, path, &answer, 400, Left);
            assert_eq!(answer.json()["code"], "invalid_request");
        }
        assert!(browser.is_logged_in(&service).await);
    }
}

#[tokio::test]
async fn the_other_kind_of_token_in_a_cookie_is_none() {
    let service = Service::with_cookies().await;
    let browser = Browser::logged_in(&service).await;
    let mut swapped = Browser::of(&service);
    swapped.put_access(browser.refresh());
    swapped.put_refresh(browser.access());
    for path in [REFRESH, LOGOUT] {
        assert_eq!(swapped.post(&service, path).await.error().0, "invalid_grant", "{path}");
    }
    assert_eq!(swapped.get(&service, SESSION).await.status, 401);
    assert!(browser.is_logged_in(&service).await);
}

/// HTTP/2 may spread the cookies over several lines (RFC 9113 §8.2.3).
#[tokio::test]
async fn cookies_on_lines_of_their_own_are_found_among_others() {
    let service = Service::with_cookies().await;
    for (ask, status) in [(post(REFRESH), 200), (post(LOGOUT), 204), (post(LOGIN).json(ALICE), 200)] {
        let browser = Jar::Good.browser(&service).await;
        let session = browser.session();
        let mut request = ask.request(&service, &browser).await;
        request.headers_mut().remove(COOKIE);
        let lines = ["theme=dark", &*browser.header(), "x=__Host-refresh=y; __host-refresh=z"];
        for part in lines.iter().flat_map(|line| line.split("; ")) {
            request.headers_mut().append(COOKIE, part.parse().expect("it is a header"));
        }
        assert_eq!(service.send(request).await.status, status, "{}", ask.path);
        assert_eq!(service.has(session).await, ask.path == REFRESH, "{}", ask.path);
    }
}
