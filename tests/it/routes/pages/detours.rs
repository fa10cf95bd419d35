//! A page that needs a token: browsers that go to it are sent on, everything else hears 401.

use std::time::Duration;

use http::{HeaderName, HeaderValue, Method};
use tracing_subscriber::filter::LevelFilter;

use super::super::{
    cookies::{
        asks::Jar,
        browser::Browser,
        lines::{Cookies::Left, check},
    },
    fixture::{Answer, Reach, Service},
};
use crate::log::Log;

const LOGIN: &str = "/login?next=/account";
const REFRESH: &str = "/auth/refresh?next=/account";
const CHROME: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";

async fn ask(browser: &Browser, service: &Service, method: &str, headers: &[(&'static str, &str)]) -> Answer {
    let mut request = browser.request(method.parse().expect("it is a method"), "/account", None);
    request.headers_mut().remove("sec-fetch-site");
    for (name, value) in headers {
        let value = HeaderValue::try_from(*value).expect("it is a header");
        request.headers_mut().append(HeaderName::from_static(name), value);
    }
    service.send(request).await
}

#[tokio::test]
async fn a_navigation_is_what_a_browser_says_it_is_or_an_older_one_accepts() {
    let service = Service::with_cookies().await;
    let browser = Browser::of(&service);
    type Row = (&'static str, &'static [(&'static str, &'static str)], bool);
    let rows: &[Row] = &[
        ("GET", &[("sec-fetch-mode", "navigate")], true),
        ("GET", &[("sec-fetch-mode", "navigate"), ("accept", "*/*")], true),
        ("GET", &[("sec-fetch-mode", "navigate"), ("sec-fetch-site", "cross-site")], true),
        ("GET", &[("accept", CHROME)], true),
        ("GET", &[("accept", "text/html")], true),
        ("GET", &[], false),
        ("GET", &[("accept", "*/*")], false),
        ("GET", &[("accept", "application/json")], false),
        ("GET", &[("accept", "application/json, text/html")], false),
        ("GET", &[("sec-fetch-mode", "cors"), ("accept", CHROME)], false),
        ("GET", &[("sec-fetch-mode", "no-cors"), ("accept", CHROME)], false),
        ("GET", &[("sec-fetch-mode", "same-origin"), ("accept", CHROME)], false),
        ("GET", &[("sec-fetch-mode", "websocket")], false),
        ("GET", &[("sec-fetch-mode", "Navigate")], false),
        ("GET", &[("sec-fetch-mode", "")], false),
        ("POST", &[("sec-fetch-mode", "navigate"), ("sec-fetch-site", "same-origin")], false),
        ("POST", &[("accept", CHROME)], false),
        ("HEAD", &[("sec-fetch-mode", "navigate")], false),
    ];
    for (method, headers, is_navigation) in rows {
        let name = format!("{method} {headers:?}");
        let answer = ask(&browser, &service, method, headers).await;
        if *is_navigation {
            check(Reach::Https, &name, &answer, 303, Left);
            assert_eq!((answer.header("location"), &*answer.body), (LOGIN, ""), "{name}");
            for gone in ["content-type", "www-authenticate"] {
                assert_eq!(answer.header(gone), "", "{name}");
            }
            assert_eq!(answer.header("content-length"), "0", "{name}");
        } else {
            check(Reach::Https, &name, &answer, 401, Left);
            let challenge = answer.header("www-authenticate");
            assert_eq!((answer.header("location"), challenge), ("", "Bearer realm=\"api\""), "{name}");
        }
    }
}

#[tokio::test]
async fn a_browser_is_sent_to_a_refresh_only_where_that_could_help() {
    for reach in Reach::ALL {
        let service = Service::for_browsers(reach).await;
        for (jar, place) in [
            (Jar::None, LOGIN),
            (Jar::RefreshOnly, REFRESH),
            // A genuine cookie is not needed for that; whether it is good is found out there.
            (Jar::OfABody, REFRESH),
            (Jar::Ended, LOGIN),
            (Jar::Garbage, LOGIN),
        ] {
            let answer = jar.browser(&service).await.navigate(&service, "/account").await;
            check(reach, &format!("{jar:?}"), &answer, 303, Left);
            assert_eq!(answer.header("location"), place, "{jar:?}");
        }
        let mut expired = Jar::Good.browser(&service).await;
        let (mut alone, mut twice) =
            (Jar::AccessOnly.browser(&service).await, Jar::Twice.browser(&service).await);
        twice.lose_access();
        service.clock.advance(Duration::from_secs(700));
        for (browser, place) in [(&mut expired, REFRESH), (&mut alone, LOGIN), (&mut twice, LOGIN)] {
            assert_eq!(browser.navigate(&service, "/account").await.header("location"), place);
        }
    }
}

#[tokio::test]
async fn what_another_token_would_not_mend_is_no_detour() {
    for reach in Reach::ALL {
        let service = Service::for_browsers(reach).await;
        let mut browser = Browser::logged_in(&service).await;
        let answer = browser.navigate(&service, "/admin").await;
        check(reach, "not allowed", &answer, 403, Left);
        assert_eq!(answer.header("location"), "");
        let [name, _] = reach.names();
        let twice = format!("{0}; {name}={0}", browser.access());
        browser.put_access(&twice);
        let answer = browser.navigate(&service, "/account").await;
        check(reach, "two cookies", &answer, 400, Left);
        assert_eq!(answer.header("location"), "");
    }
}

#[tokio::test]
async fn a_page_is_shown_to_who_has_a_token_and_a_program_may_bring_its_own() {
    for reach in Reach::ALL {
        let service = Service::for_browsers(reach).await;
        let mut browser = Browser::logged_in(&service).await;
        assert_eq!(browser.navigate(&service, "/account").await.body, "\"u-1\"");
        assert_eq!(browser.post(&service, "/account").await.body, "\"u-1\"");
        let pair = service.login("bob").await;
        assert_eq!(service.ask(Method::GET, "/account", &pair.access).await.body, "\"u-2\"");
        assert_eq!(service.ask(Method::GET, "/account", "a.b.c").await.status, 401);
    }
}

#[tokio::test]
async fn a_login_page_behind_its_own_layer_is_no_circle_and_the_log_says_where_it_belongs() {
    use axum::{Router, routing::get};
    use jwtower::Claims;
    use serde_json::Value;

    let service = Service::with_cookies().await;
    let page = async |_: Claims<Value>| "in";
    let inside = Router::new().route("/login", get(page)).route("/auth/refresh", get(page));
    let layer = Reach::Https.pages().layer(service.sessions.auth_layer::<Value>());
    let service = Service { router: inside.route_layer(layer), ..service };
    for path in ["/login", "/login?next=/account", "/auth/refresh?next=/account"] {
        for jar in [Jar::None, Jar::RefreshOnly] {
            let mut browser = Browser::of(&service);
            if matches!(jar, Jar::RefreshOnly) {
                browser.put_refresh("jwtr_whatever");
            }
            let (log, _guard) = Log::capture(LevelFilter::ERROR);
            let answer = browser.navigate(&service, path).await;
            check(Reach::Https, path, &answer, 401, Left);
            let text = log.take();
            assert!(text.contains("add its route below the layer"), "{text}");
        }
    }
}
