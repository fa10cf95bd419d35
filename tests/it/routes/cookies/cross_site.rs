//! Requests that another site's page could make: refused wherever cookies are used or changed, and to no effect.

use std::sync::atomic::Ordering;

use http::{HeaderName, HeaderValue};
use serde_json::json;

use super::{
    super::fixture::{ORIGIN, Reach, Service, form_request, json_request},
    asks::{ALICE, Ask, EVERYWHERE, Jar, LOGIN, LOGOUT, REFRESH, SESSION, delete, get, post},
    browser::{Browser, credentials},
    lines::{Cookies::Left, check},
};

const SITE: &str = "sec-fetch-site";
const OTHER: &str = "https://attacker.example";

/// What a request says of where it comes from, and whether that is enough.
const WORDS: &[(&[(&str, &str)], bool)] = &[
    (&[(SITE, "same-origin")], true),
    (&[(SITE, "none")], true),
    (&[(SITE, "same-site")], false),
    (&[(SITE, "cross-site")], false),
    (&[(SITE, "Same-Origin")], false),
    (&[(SITE, "")], false),
    (&[(SITE, "same-origin"), (SITE, "same-origin")], false),
    (&[(SITE, "same-origin"), (SITE, "cross-site")], false),
    (&[("origin", ORIGIN)], true),
    (&[("origin", OTHER)], false),
    (&[("origin", "null")], false),
    (&[("origin", "")], false),
    (&[("origin", "http://app.example.com")], false),
    (&[("origin", ORIGIN), ("origin", ORIGIN)], false),
    (&[("origin", ORIGIN), ("origin", OTHER)], false),
    (&[(SITE, "same-site"), ("origin", ORIGIN)], true),
    (&[(SITE, "cross-site"), ("origin", ORIGIN)], true),
    (&[(SITE, "same-site"), ("origin", OTHER)], false),
    (&[(SITE, "cross-site"), ("origin", "null")], false),
    (&[("referer", "https://app.example.com/form")], false),
    (&[], false),
];

/// What uses or changes cookies, the status of a good one, and where a refusal says why.
fn asks() -> Vec<(Ask, Jar, u16, &'static str)> {
    vec![
        (post(LOGIN).json(ALICE), Jar::None, 200, "error"),
        (post(LOGIN).json(ALICE), Jar::Good, 200, "error"),
        (post(LOGIN).form("username=alice&password=correct+horse&cookies=true"), Jar::Good, 200, "error"),
        (post(REFRESH), Jar::Good, 200, "error"),
        (post(LOGOUT), Jar::Good, 204, "error"),
        (post(EVERYWHERE), Jar::Good, 204, "code"),
        (delete("/auth/sessions/$own"), Jar::Good, 204, "code"),
        (delete("/auth/sessions/$another"), Jar::Good, 204, "code"),
        (post("/account"), Jar::Good, 200, "code"),
        (get(SESSION).header("upgrade", "websocket"), Jar::Good, 200, "code"),
        (get("/auth/refresh").header("upgrade", "websocket"), Jar::Good, 303, "code"),
    ]
}

#[tokio::test]
async fn what_could_come_from_another_site_is_403_and_changes_nothing() {
    for reach in Reach::ALL {
        let service = Service::for_browsers(reach).await;
        for (ask, jar, good, place) in asks() {
            for (words, is_enough) in WORDS {
                let mut browser = jar.browser(&service).await;
                let mut request = ask.request(&service, &browser).await;
                request.headers_mut().remove(SITE);
                for (name, value) in *words {
                    request
                        .headers_mut()
                        .append(HeaderName::from_static(name), HeaderValue::from_static(value));
                }
                let name = format!("{} {}, {jar:?}, {reach:?}: {words:?}", request.method(), ask.path);
                let (sessions, checks) =
                    (service.count("u-1").await, service.users.checks.load(Ordering::SeqCst));
                let answer = service.send(request).await;
                if *is_enough {
                    assert_eq!(answer.status, good, "{name}: {}", answer.body);
                    browser.keep(&answer);
                    continue;
                }
                check(reach, &name, &answer, 403, Left);
                assert_eq!(answer.json()[place], "cross_site", "{name}");
                assert_eq!(answer.header("www-authenticate"), "", "{name}");
                assert_eq!(service.count("u-1").await, sessions, "{name}");
                assert_eq!(
                    service.users.checks.load(Ordering::SeqCst),
                    checks,
                    "{name}: no password is compared"
                );
                assert!(matches!(jar, Jar::None) || browser.is_logged_in(&service).await, "{name}");
            }
        }
    }
}

#[tokio::test]
async fn another_site_cannot_use_up_the_guesses_of_its_visitors() {
    let service = Service::with_cookies().await;
    let wrong = || Some(credentials("alice", "wrong"));
    let browser = Browser::of(&service);
    for _ in 0..30 {
        let request = browser.request(http::Method::POST, LOGIN, wrong());
        let answer = browser.clone().with(&service, request, &[(SITE, "cross-site")]).await;
        assert_eq!((answer.status, &*answer.error().0), (403, "cross_site"));
    }
    assert_eq!(service.users.checks.load(Ordering::SeqCst), 0);
    assert_eq!(browser.clone().login(&service).await.status, 200);
}

/// A refusal must not tell another site's page whether its visitor has an account, or a session.
#[tokio::test]
async fn what_another_site_hears_does_not_depend_on_who_visits_it() {
    let service = Service::with_cookies().await;
    let mut heard = Vec::new();
    for (username, password) in [("alice", "correct horse"), ("alice", "wrong"), ("nobody", "wrong")] {
        for jar in [Jar::None, Jar::Good, Jar::Ended, Jar::Garbage] {
            let browser = jar.browser(&service).await;
            let request = browser.request(http::Method::POST, LOGIN, Some(credentials(username, password)));
            let answer = browser.clone().with(&service, request, &[(SITE, "cross-site")]).await;
            heard.push((answer.status, answer.body));
        }
    }
    heard.dedup();
    assert_eq!(heard.len(), 1, "{heard:?}");
}

#[tokio::test]
async fn who_brings_a_token_of_their_own_is_never_asked_where_it_comes_from() {
    for reach in Reach::ALL {
        let service = Service::for_browsers(reach).await;
        for (words, _) in WORDS {
            let said = |mut request: http::Request<axum::body::Body>| {
                for (name, value) in *words {
                    request
                        .headers_mut()
                        .append(HeaderName::from_static(name), HeaderValue::from_static(value));
                }
                service.send(request)
            };
            let bearer = |method: &str, path: &str, access: &str| {
                let request = http::Request::builder().method(method).uri(path);
                let request = request.header("authorization", format!("Bearer {access}"));
                said(request.body("".into()).expect("it is a request"))
            };
            let first = service.login("alice").await;
            let body = json!({ "refresh_token": first.refresh });
            let second = said(json_request(REFRESH, body)).await.pair();
            assert_eq!(bearer("GET", SESSION, &second.access).await.status, 200, "{words:?}");
            assert_eq!(bearer("POST", "/account", &second.access).await.status, 200, "{words:?}");
            let body = json!({ "refresh_token": second.refresh });
            assert_eq!(said(json_request(LOGOUT, body)).await.status, 204, "{words:?}");
            let third = service.login("alice").await;
            assert_eq!(bearer("POST", EVERYWHERE, &third.access).await.status, 204, "{words:?}");
        }
    }
}

#[tokio::test]
async fn a_login_for_bodies_is_refused_where_a_browser_says_that_another_site_makes_it() {
    for reach in Reach::ALL {
        let service = Service::for_browsers(reach).await;
        for (words, permitted) in WORDS {
            let login = json!({ "username": "alice", "password": "correct horse" });
            let mut request = json_request(LOGIN, login);
            for (name, value) in *words {
                request.headers_mut().append(HeaderName::from_static(name), HeaderValue::from_static(value));
            }
            // Programs say nothing.
            let is_silent = words.iter().all(|(name, _)| *name == "referer");
            let expected = if *permitted || is_silent { 200 } else { 403 };
            assert_eq!(service.send(request).await.status, expected, "{words:?}");
        }
        // A form is all that another site's page can send unasked, and it counts as no guess.
        for _ in 0..20 {
            let mut request = form_request(LOGIN, "username=alice&password=wrong");
            request.headers_mut().insert(SITE, HeaderValue::from_static("cross-site"));
            assert_eq!(service.send(request).await.status, 403);
        }
        service.login("alice").await;
    }
}
