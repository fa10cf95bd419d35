//! `GET /auth/refresh`: new cookies, and on to the next page of this very site.

use std::{sync::atomic::Ordering, time::Duration};

use http::{HeaderValue, Method};
use jwtower::{SessionId, Timestamp};
use jwtower_tests::ISSUER;
use serde_json::json;

use super::super::{
    cookies::{
        asks::{Jar, REFRESH},
        browser::Browser,
        lines::{
            Cookies::{Left, Set},
            FORTNIGHT, check,
        },
    },
    fixture::{Answer, Reach, Service},
};

/// The text with an escape for each byte.
fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

async fn last_used(service: &Service, session: SessionId) -> Timestamp {
    let session = service.sessions.find(session).await.expect("the store answers");
    session.expect("it is alive").last_used()
}

async fn go(browser: &mut Browser, service: &Service, next: &str) -> Answer {
    service.clock.advance(Duration::from_secs(60));
    browser.navigate(service, &format!("{REFRESH}?{next}")).await
}

#[tokio::test]
async fn a_path_of_this_site_is_gone_to_as_it_stands() {
    let longest = format!("/{}", "a".repeat(2047));
    for reach in Reach::ALL {
        let service = Service::for_browsers(reach).await;
        let mut browser = Browser::logged_in(&service).await;
        for next in [
            "/",
            "/account",
            "/account?page=2&sort=name",
            "/search?q=a%20b%26c&r=1%2B1",
            "/a//b",
            "/a/../b",
            "/@alice:home",
            "/a?next=//b.example",
            "/a?to=https://b.example/",
            "/%5Cb.example",
            "/%2F%2Fb.example",
            "/a?b[]=c;d=(e)!*'",
            "/r%C3%A9sum%C3%A9",
            &longest,
        ] {
            let answer = go(&mut browser, &service, &format!("next={}", escaped(next))).await;
            check(reach, next, &answer, 303, Set(FORTNIGHT));
            assert_eq!((answer.header("location"), &*answer.body), (next, ""), "{next}");
            assert_eq!(answer.header("content-type"), "", "{next}");
        }
        // As a hand would write it.
        for (query, place) in [
            ("next=/account", "/account"),
            ("next=/account?page=2", "/account?page=2"),
            ("page=2&next=/account", "/account"),
            ("next=/a%2Bb", "/a+b"),
            ("next=/100%", "/100%"),
            ("next=", "/"),
            ("next", "/"),
            ("", "/"),
            ("Next=/account", "/"),
        ] {
            let answer = go(&mut browser, &service, query).await;
            check(reach, query, &answer, 303, Set(FORTNIGHT));
            assert_eq!(answer.header("location"), place, "{query}");
        }
        assert!(browser.is_logged_in(&service).await);
    }
}

#[tokio::test]
async fn what_is_no_path_of_this_site_is_400_and_refreshes_nothing() {
    let too_long = format!("/{}", "a".repeat(2048));
    for reach in Reach::ALL {
        let service = Service::for_browsers(reach).await;
        let mut browser = Browser::logged_in(&service).await;
        let before = last_used(&service, browser.session()).await;
        let mut queries = Vec::new();
        for next in [
            "//attacker.example",
            "///attacker.example",
            "/\\attacker.example",
            "\\/attacker.example",
            "\\\\attacker.example",
            "/\t/attacker.example",
            "\t//attacker.example",
            "/\r/attacker.example",
            "/\n/attacker.example",
            " //attacker.example",
            "/a\r\nSet-Cookie: a=b",
            "/a\0",
            "https://attacker.example/",
            "https:attacker.example",
            "http://www.example.com/account",
            "HTTPS://attacker.example",
            "javascript:alert(1)",
            "data:text/html,a",
            "attacker.example",
            "account",
            "?page=2",
            "#top",
            "/a#top",
            "/a b",
            "/a\"b",
            "/a<b",
            "/é",
            "/\u{2215}attacker.example",
            &too_long,
        ] {
            queries.push(format!("next={}", escaped(next)));
        }
        queries.extend(["next=//attacker.example", "next=/\\attacker.example"].map(str::to_owned));
        queries.extend(["next=/a+b", "next=%FF", "next=/a%C3"].map(str::to_owned));
        queries.extend(
            ["next=/a&next=/b", "next=/a&next=/a", "next=&next=/a", "n%65xt=/a&next=/a"].map(str::to_owned),
        );
        for query in queries {
            for jar in [Jar::None, Jar::Good] {
                let mut other = jar.browser(&service).await;
                let one = if matches!(jar, Jar::Good) { &mut browser } else { &mut other };
                let answer = go(one, &service, &query).await;
                check(reach, &query, &answer, 400, Left);
                assert_eq!(
                    (&answer.json()["code"], answer.header("location")),
                    (&json!("invalid_request"), "")
                );
                assert!(!answer.body.contains("attacker"), "{query}");
            }
            assert_eq!(last_used(&service, browser.session()).await, before, "{query}");
        }
        assert_eq!(browser.post(&service, REFRESH).await.status, 200);
    }
}

#[tokio::test]
async fn without_a_good_refresh_cookie_it_goes_to_the_login_page() {
    for reach in Reach::ALL {
        let service = Service::for_browsers(reach).await;
        for jar in [Jar::None, Jar::AccessOnly, Jar::Ended, Jar::LongUsed, Jar::Garbage] {
            let mut browser = jar.browser(&service).await;
            for (query, place) in [
                ("next=/account%3Fpage%3D2%26sort%3Dname", "/login?next=/account%3Fpage%3D2%26sort%3Dname"),
                ("next=/a%2520b%252Bc", "/login?next=/a%2520b%252Bc"),
                ("next=/", "/login?next=/"),
                ("", "/login?next=/"),
            ] {
                let answer = go(&mut browser, &service, query).await;
                check(reach, query, &answer, 303, Left);
                assert_eq!(answer.header("location"), place, "{jar:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_link_on_another_site_refreshes_nothing() {
    for reach in Reach::ALL {
        let service = Service::for_browsers(reach).await;
        let mut browser = Browser::logged_in(&service).await;
        let before = last_used(&service, browser.session()).await;
        service.clock.advance(Duration::from_secs(60));
        let request = browser.request(Method::GET, "/auth/refresh?next=/account", None);
        let headers = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")];
        let answer = browser.with(&service, request, &headers).await;
        check(reach, "a link", &answer, 303, Left);
        assert_eq!(answer.header("location"), "/login?next=/account");
        assert_eq!(last_used(&service, browser.session()).await, before);
        assert!(browser.is_logged_in(&service).await);
    }
}

#[tokio::test]
async fn a_store_or_accounts_that_are_away_are_503_and_no_redirect() {
    let service = Service::with_cookies().await;
    let mut browser = Browser::logged_in(&service).await;
    for switch in [&service.store.away, &service.users.away] {
        switch.store(true, Ordering::SeqCst);
        let answer = go(&mut browser, &service, "next=/account").await;
        check(Reach::Https, "away", &answer, 503, Left);
        assert_eq!((answer.header("location"), answer.header("retry-after")), ("", "1"));
        switch.store(false, Ordering::SeqCst);
    }
    assert_eq!(go(&mut browser, &service, "next=/account").await.header("location"), "/account");
}

#[tokio::test]
async fn only_a_navigation_from_here_refreshes_and_post_knows_no_next() {
    let service = Service::with_cookies().await;
    let mut browser = Browser::logged_in(&service).await;
    let path = "/auth/refresh?next=/account";
    let kept = browser.header();
    for (method, site, mode) in [
        (Method::HEAD, "same-origin", "navigate"),
        (Method::GET, "same-site", "navigate"),
        (Method::GET, "cross-site", "navigate"),
        (Method::GET, "same-origin", "no-cors"),
        (Method::GET, "same-site", "no-cors"),
    ] {
        let mut request = browser.request(method, path, None);
        request.headers_mut().insert("sec-fetch-site", HeaderValue::from_static(site));
        request.headers_mut().insert("sec-fetch-mode", HeaderValue::from_static(mode));
        let answer = service.send(request).await;
        browser.keep(&answer);
        check(Reach::Https, site, &answer, 303, Left);
        assert_eq!(answer.header("location"), "/login?next=/account", "{site} {mode}");
        assert_eq!(browser.header(), kept, "{site} {mode}");
    }
    let answer = browser.send(&service, Method::POST, path, None).await;
    check(Reach::Https, "POST", &answer, 200, Set(FORTNIGHT));
    assert_eq!(answer.header("location"), "");
    let answer = Browser::of(&service).send(&service, Method::HEAD, path, None).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/login?next=/account"));
}

#[tokio::test]
async fn without_pages_there_is_nothing_to_get() {
    let cookies = Reach::Https.cookies();
    let without = Service::with(ISSUER, |auth| auth.cookies(cookies)).await;
    let with = Service::with_cookies().await;
    for (service, methods, allowed) in
        [(&without, "GET HEAD PUT", "POST"), (&with, "PUT DELETE PATCH", "POST,GET,HEAD")]
    {
        for method in methods.split(' ') {
            let mut browser = Browser::logged_in(service).await;
            let method = method.parse().expect("it is a method");
            let answer = browser.send(service, method, "/auth/refresh?next=/account", None).await;
            check(Reach::Https, allowed, &answer, 405, Left);
            let mut given: Vec<_> = answer.header("allow").split(',').collect();
            let mut allowed: Vec<_> = allowed.split(',').collect();
            given.sort_unstable();
            allowed.sort_unstable();
            assert_eq!(given, allowed);
        }
    }
}
