//! A login in a browser that has a session already: that one is ended, or nobody could log it out any more.

use std::sync::atomic::Ordering;

use super::{
    super::fixture::{Reach, Service},
    asks::{Jar, LOGIN, SESSION},
    browser::{Browser, credentials},
    lines::{
        Cookies::{Left, Set},
        FORTNIGHT, check,
    },
};

#[tokio::test]
async fn whoever_logs_in_ends_the_session_of_the_refresh_cookie_whosever_it_is() {
    for reach in Reach::ALL {
        let service = Service::for_browsers(reach).await;
        let elsewhere = Browser::logged_in(&service).await;
        for (first, second) in [("alice", "alice"), ("alice", "bob"), ("bob", "alice")] {
            let mut browser = Browser::logged_in_as(&service, first).await;
            let before = browser.clone();
            check(reach, second, &browser.login_as(&service, second).await, 200, Set(FORTNIGHT));
            assert!(!service.has(before.session()).await, "{first}, {second}");
            let status = before.clone().get(&service, SESSION).await.status;
            assert_eq!(status, 401, "{first}, {second}: its access token counts no more");
            assert!(browser.is_logged_in(&service).await, "{first}, {second}");
        }
        assert!(elsewhere.is_logged_in(&service).await, "other browsers' sessions go on");
    }
}

#[tokio::test]
async fn a_used_token_is_enough_to_end_the_session_that_is_replaced() {
    let service = Service::with_cookies().await;
    for jar in [Jar::RefreshOnly, Jar::JustUsed, Jar::LongUsed] {
        let mut browser = jar.browser(&service).await;
        let sessions = service.count("u-1").await;
        assert_eq!(browser.login(&service).await.status, 200, "{jar:?}");
        assert_eq!(service.count("u-1").await, sessions, "{jar:?}: one came and one went");
    }
}

#[tokio::test]
async fn cookies_that_name_no_session_are_no_hindrance() {
    for reach in Reach::ALL {
        let service = Service::for_browsers(reach).await;
        for jar in [Jar::None, Jar::AccessOnly, Jar::Ended, Jar::Garbage, Jar::Twice] {
            let mut browser = jar.browser(&service).await;
            let sessions = service.count("u-1").await;
            check(reach, &format!("{jar:?}"), &browser.login(&service).await, 200, Set(FORTNIGHT));
            assert!(browser.is_logged_in(&service).await, "{jar:?}");
            assert_eq!(service.count("u-1").await, sessions + 1, "{jar:?}");
        }
    }
}

#[tokio::test]
async fn a_login_that_fails_replaces_nothing() {
    let service = Service::with_cookies().await;
    let mut browser = Browser::logged_in(&service).await;
    let refused = [
        (Some(credentials("alice", "wrong")), 400),
        (Some(serde_json::json!({ "username": "alice", "cookies": true })), 400),
        (None, 415),
    ];
    for (body, status) in refused {
        let answer = browser.send(&service, http::Method::POST, LOGIN, body).await;
        check(Reach::Https, "refused", &answer, status, Left);
        assert!(browser.is_logged_in(&service).await);
    }
    for switch in [&service.users.away, &service.store.away] {
        switch.store(true, Ordering::SeqCst);
        check(Reach::Https, "away", &browser.login(&service).await, 503, Left);
        switch.store(false, Ordering::SeqCst);
        assert!(browser.is_logged_in(&service).await);
        assert_eq!(service.count("u-1").await, 1);
    }
}

/// A store that fails once, one that fails until it is mended, and one that is away from then on.
#[tokio::test]
async fn where_the_session_before_cannot_be_ended_there_is_no_new_one() {
    for failure in ["once", "always", "away"] {
        let service = Service::with_cookies().await;
        let mut browser = Browser::logged_in(&service).await;
        let before = browser.session();
        let answer = match failure {
            "once" | "always" => {
                let count = if failure == "once" { 1 } else { usize::MAX };
                service.store.failing_ends.store(count, Ordering::SeqCst);
                browser.login(&service).await
            }
            _ => {
                service.store.ends.close();
                let login = browser.login(&service);
                let goes_away = async {
                    service.store.ends.reached().await;
                    service.store.away.store(true, Ordering::SeqCst);
                    service.store.ends.open();
                };
                tokio::join!(login, goes_away).0
            }
        };
        check(Reach::Https, failure, &answer, 503, Left);
        assert_eq!(answer.header("retry-after"), "1", "{failure}");
        service.store.failing_ends.store(0, Ordering::SeqCst);
        service.store.away.store(false, Ordering::SeqCst);
        let left = service.sessions.list("u-1").await.expect("the store answers");
        assert!(left.iter().all(|session| session.id() == before), "{failure}: {left:?}");
        // The browser was told to try again, and does.
        check(Reach::Https, failure, &browser.login(&service).await, 200, Set(FORTNIGHT));
        assert!(!service.has(before).await && browser.is_logged_in(&service).await, "{failure}");
        assert_eq!(service.count("u-1").await, 1, "{failure}");
    }
}
