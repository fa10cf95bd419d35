//! Cookies without `Secure` are for this machine: a request that names another one is refused.

use http::{HeaderValue, header::HOST};
use serde_json::json;
use tracing_subscriber::filter::LevelFilter;

use super::{
    super::fixture::{PASSWORD, Reach, Service, json_request},
    asks::{ALICE, Ask, EVERYWHERE, Jar, LOGIN, LOGOUT, REFRESH, SESSION, delete, get, post},
    lines::{Cookies::Left, check},
};
use crate::log::Log;

const LOCAL: &[&str] =
    &["localhost", "localhost:3000", "LOCALHOST:3000", "127.0.0.1:8080", "[::1]:3000", "[::1]"];

/// The lines of `Host` that a request has.
const OTHERS: &[&[&str]] = &[
    &["www.example.com"],
    &["192.168.0.7:3000"],
    &["localhost.example.com"],
    &["127.0.0.1.nip.io:3000"],
    &["0.0.0.0:3000"],
    &["localhost:3000", "localhost:3000"],
    &["localhost:3000", "www.example.com"],
    &[""],
    &[],
];

/// What uses or changes cookies, and the status of a good one.
fn asks() -> Vec<(Ask, u16)> {
    vec![
        (post(LOGIN).json(ALICE), 200),
        (post(REFRESH), 200),
        (post(LOGOUT), 204),
        (post(EVERYWHERE), 204),
        (delete("/auth/sessions/$own"), 204),
        (get(SESSION), 200),
        (get("/account"), 200),
        (get("/account").navigating(), 200),
        (get("/auth/refresh?next=/account").navigating(), 303),
    ]
}

#[tokio::test]
async fn a_request_that_names_another_host_is_400_and_changes_nothing() {
    let service = Service::for_browsers(Reach::LoopbackHttp).await;
    let (log, _guard) = Log::capture(LevelFilter::DEBUG);
    for (ask, good) in asks() {
        for host in LOCAL {
            let mut browser = Jar::Good.browser(&service).await;
            let mut request = ask.request(&service, &browser).await;
            request.headers_mut().insert(HOST, HeaderValue::from_static(host));
            let answer = service.send(request).await;
            assert_eq!(answer.status, good, "{} at {host}: {}", ask.path, answer.body);
            browser.keep(&answer);
        }
        for hosts in OTHERS {
            let browser = Jar::Good.browser(&service).await;
            let mut request = ask.request(&service, &browser).await;
            request.headers_mut().remove(HOST);
            for host in *hosts {
                request.headers_mut().append(HOST, HeaderValue::from_static(host));
            }
            let (name, sessions) = (format!("{} at {hosts:?}", ask.path), service.count("u-1").await);
            log.take();
            let answer = service.send(request).await;
            let text = log.take();
            check(Reach::LoopbackHttp, &name, &answer, 400, Left);
            let body = answer.json();
            let code = if body["error"].is_string() { &body["error"] } else { &body["code"] };
            assert_eq!(code, "invalid_request", "{name}");
            assert!(text.contains("DEBUG jwtower: request refused code=insecure_host\n"), "{name}: {text}");
            assert!(
                text.contains("WARN") && text.contains("write AuthCookies::for_https()"),
                "{name}: {text}"
            );
            assert_eq!(service.count("u-1").await, sessions, "{name}");
            assert!(browser.is_logged_in(&service).await, "{name}");
        }
    }
}

#[tokio::test]
async fn cookies_with_secure_and_programs_without_cookies_may_name_any_host() {
    for hosts in OTHERS {
        let service = Service::for_browsers(Reach::Https).await;
        for (ask, good) in asks() {
            let browser = Jar::Good.browser(&service).await;
            let mut request = ask.request(&service, &browser).await;
            request.headers_mut().remove(HOST);
            for host in *hosts {
                request.headers_mut().append(HOST, HeaderValue::from_static(host));
            }
            assert_eq!(service.send(request).await.status, good, "{} at {hosts:?}", ask.path);
        }
        let service = Service::for_browsers(Reach::LoopbackHttp).await;
        let send = async |mut request: http::Request<axum::body::Body>| {
            for host in *hosts {
                request.headers_mut().append(HOST, HeaderValue::from_static(host));
            }
            service.send(request).await
        };
        let login = json!({ "username": "alice", "password": PASSWORD });
        let pair = send(json_request(LOGIN, login)).await.pair();
        let body = || json!({ "refresh_token": pair.refresh });
        assert_eq!(send(json_request(REFRESH, body())).await.status, 200, "{hosts:?}");
        let bearer = http::Request::get(SESSION).header("authorization", format!("Bearer {}", pair.access));
        assert_eq!(send(bearer.body("".into()).expect("it is a request")).await.status, 200, "{hosts:?}");
        assert_eq!(send(json_request(LOGOUT, body())).await.status, 204, "{hosts:?}");
    }
}
