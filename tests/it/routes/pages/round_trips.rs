//! From a page to a token and back: the way ends, and it ends where it began.

use std::time::Duration;

use axum::{Router, routing::get};
use jwtower::Claims;
use serde_json::Value;

use super::super::{
    cookies::{asks::Jar, browser::Browser},
    fixture::{Answer, Reach, Service},
};

/// Where a browser ends that follows redirects, and how many there were.
async fn follow(browser: &mut Browser, service: &Service, path: &str) -> (String, Answer, usize) {
    let mut path = path.to_owned();
    for count in 0..10 {
        let answer = browser.navigate(service, &path).await;
        if answer.status != 303 {
            return (path, answer, count);
        }
        path = answer.header("location").to_owned();
        assert!(path.starts_with('/') && !path.starts_with("//"), "{path}");
    }
    panic!("it goes in circles, and is at {path}");
}

#[tokio::test]
async fn no_browser_goes_in_circles() {
    for reach in Reach::ALL {
        let service = Service::for_browsers(reach).await;
        let login = |count| ("/login?next=/account", "the form", count);
        let account = |count| ("/account", "\"u-1\"", count);
        for (jar, (place, body, redirects)) in [
            (Jar::None, login(1)),
            (Jar::Good, account(0)),
            (Jar::RefreshOnly, account(2)),
            (Jar::AccessOnly, account(0)),
            (Jar::Ended, login(1)),
            (Jar::Garbage, login(1)),
        ] {
            for path in ["/account", "/auth/refresh?next=/account"] {
                let mut browser = jar.browser(&service).await;
                let (end, answer, count) = follow(&mut browser, &service, path).await;
                // Asked directly, a refresh is one step more or less.
                let is_start = path == "/account";
                if is_start {
                    assert_eq!((&*end, &*answer.body, count), (place, body, redirects), "{jar:?}, {reach:?}");
                } else if !matches!(jar, Jar::AccessOnly) {
                    assert_eq!((&*end, &*answer.body), (place, body), "{jar:?}, {reach:?}");
                }
                assert!(count <= 2, "{jar:?}");
            }
        }
    }
}

/// What a browser finds on its way changes: it still comes to an end.
#[tokio::test]
async fn a_session_that_ends_on_the_way_ends_at_the_login_page() {
    let service = Service::with_cookies().await;
    let mut browser = Jar::RefreshOnly.browser(&service).await;
    let answer = browser.navigate(&service, "/account").await;
    assert_eq!(answer.header("location"), "/auth/refresh?next=/account");
    assert_eq!(browser.clone().post(&service, "/auth/logout").await.status, 204);
    let (end, ..) = follow(&mut browser, &service, answer.header("location")).await;
    assert_eq!(end, "/login?next=/account");

    // Ended just after it was refreshed.
    let mut browser = Jar::RefreshOnly.browser(&service).await;
    let answer = browser.navigate(&service, "/auth/refresh?next=/account").await;
    assert_eq!(answer.header("location"), "/account");
    assert_eq!(browser.clone().post(&service, "/auth/logout-everywhere").await.status, 204);
    let (end, ..) = follow(&mut browser, &service, "/account").await;
    assert_eq!(end, "/login?next=/account");

    // Over by itself, half a year later.
    let mut browser = Jar::Good.browser(&service).await;
    service.clock.advance(Duration::from_secs(180 * 24 * 60 * 60));
    let (end, _, count) = follow(&mut browser, &service, "/account").await;
    assert_eq!((&*end, count), ("/login?next=/account", 2));
}

#[tokio::test]
async fn the_address_survives_the_way_by_the_refresh_and_by_the_login_page() {
    let service = nested().await;
    for path in [
        "/area/a",
        "/area/deep/a",
        "/area/a?page=2&sort=a%20b",
        "/area/a?q=1+1%2B2&r=%2F%3F%26%25",
        "/area/a?next=/b&next=%2Fc",
        "/area/deep/r%C3%A9sum%C3%A9?x=%F0%9F%A6%80",
        "/area/a//b/",
        "/area/a?",
        "/area/a?b[]=c&d=e;f:g@h!i$j'k(l)m*n,o",
    ] {
        let mut browser = Jar::RefreshOnly.browser(&service).await;
        let (end, answer, count) = follow(&mut browser, &service, path).await;
        assert_eq!((&*end, answer.status, count), (path, 200, 2));

        let mut browser = Browser::of(&service);
        let (end, ..) = follow(&mut browser, &service, path).await;
        let next = end.strip_prefix("/login?").expect("it ends at the login page");
        // Where the form leads when it was filled in: by the same words in the address.
        assert_eq!(browser.login(&service).await.status, 200);
        let (end, ..) = follow(&mut browser, &service, &format!("/auth/refresh?{next}")).await;
        assert_eq!(end, path);
    }
}

/// Browsers leave some signs as they are, although no address has them (RFC 3986 §2).
#[tokio::test]
async fn signs_that_should_be_escaped_are_escaped_on_the_way() {
    let service = nested().await;
    for (path, expected) in [
        ("/area/a?q={%22b%22:[1]}", "/area/a?q=%7B%22b%22:[1]%7D"),
        ("/area/a|b?c^d`e", "/area/a%7Cb?c%5Ed%60e"),
        ("/area/a?b=c\\d", "/area/a?b=c%5Cd"),
    ] {
        let mut browser = Jar::RefreshOnly.browser(&service).await;
        let (end, answer, count) = follow(&mut browser, &service, path).await;
        assert_eq!((&*end, answer.status, count), (expected, 200, 2));
        let (end, ..) = follow(&mut Browser::of(&service), &service, path).await;
        assert!(
            end.starts_with("/login?next=/area/a%25") || end.starts_with("/login?next=/area/a%3F"),
            "{end}"
        );
    }
}

#[tokio::test]
async fn an_address_that_is_none_of_this_site_ends_at_the_login_page_alone() {
    let service = nested().await;
    let longest = format!("/area/{}", "a".repeat(2042));
    let mut browser = Jar::RefreshOnly.browser(&service).await;
    assert_eq!(follow(&mut browser, &service, &longest).await.0, longest);
    for path in [format!("{longest}a"), format!("/area/a?{}", "{".repeat(1000))] {
        let mut browser = Jar::RefreshOnly.browser(&service).await;
        let (end, ..) = follow(&mut browser, &service, &path).await;
        assert_eq!(end, "/login");
    }
}

/// Pages in two nested routers, the layer inside both.
async fn nested() -> Service {
    let service = Service::with_cookies().await;
    let page = async |user: Claims<Value>| user["name"].to_string();
    let layer = Reach::Https.pages().layer(service.sessions.auth_layer::<Value>());
    let inner = Router::new().route("/{*path}", get(page)).route_layer(layer.clone());
    let area = Router::new().nest("/deep", inner).route("/{*path}", get(page)).route_layer(layer);
    Service { router: service.router.nest("/area", area), ..service }
}
