//! What is seen of tokens that travel in cookies: nothing, in no log and in no `Debug`.

use std::{collections::BTreeSet, fmt::Debug, sync::atomic::Ordering};

use http::{Request, header::SET_COOKIE};
use jwtower::routes::AuthRoutes;
use serde_json::Value;
use tracing_subscriber::filter::LevelFilter;

use crate::{
    log::Log,
    routes::{
        cookies::{
            asks::{
                ALICE, Ask, EVERYWHERE, Jar, LOGIN, LOGOUT, REFRESH, SESSION, SESSIONS, delete, get, post,
            },
            browser::Browser,
        },
        fixture::{PASSWORD, Reach, Service},
    },
};

/// What must not be seen of a browser: its tokens, and what they are made of.
fn secrets(browser: &Browser) -> BTreeSet<String> {
    let header = browser.header();
    let words = header.split(['=', ';', '.', ' ']).filter(|word| word.len() > 8 && !word.contains("__Host-"));
    words.map(str::to_owned).collect()
}

#[track_caller]
fn assert_silent(name: &str, text: &str, secrets: &BTreeSet<String>) {
    for secret in secrets {
        assert!(!text.contains(secret.as_str()), "{name} shows {secret:?}:\n{text}");
    }
    assert!(!text.contains(PASSWORD), "{name} shows a password:\n{text}");
}

fn asks() -> Vec<Ask> {
    const OWN: &str = r#"{"refresh_token":"$cookie"}"#;
    vec![
        post(LOGIN).json(ALICE),
        post(LOGIN).json(ALICE).cross_site(),
        post(LOGIN).json(r#"{"username":"alice","password":"correct horse!","cookies":true}"#),
        post(LOGIN).json(r#"{"username":"alice","password":["correct horse"],"cookies":true}"#),
        post(REFRESH),
        post(REFRESH).json(OWN),
        post(REFRESH).cross_site(),
        get("/auth/refresh?next=/account").navigating(),
        get("/auth/refresh?next=//attacker.example").navigating(),
        get("/account").navigating(),
        get("/account"),
        get("/admin").navigating(),
        get(SESSION),
        get(SESSION).header("host", "attacker.example"),
        get(SESSIONS),
        post(LOGOUT),
        post(LOGOUT).json(OWN),
        post(EVERYWHERE),
        post(EVERYWHERE).header("authorization", "Bearer a.b.c"),
        delete("/auth/sessions/x"),
    ]
}

const JARS: [Jar; 10] = [
    Jar::None,
    Jar::Good,
    Jar::RefreshOnly,
    Jar::AccessOnly,
    Jar::JustUsed,
    Jar::LongUsed,
    Jar::Ended,
    Jar::OfABody,
    Jar::Garbage,
    Jar::Twice,
];

#[tokio::test]
async fn nothing_of_a_cookie_is_logged_at_any_level_or_printed_with_an_answer() {
    let (log, _guard) = Log::capture(LevelFilter::TRACE);
    let mut seen = String::new();
    for reach in Reach::ALL {
        let service = Service::for_browsers(reach).await;
        for (ask, jar) in asks().iter().flat_map(|ask| JARS.map(|jar| (ask, jar))) {
            // Not every browser has what the request names.
            if matches!(jar, Jar::None | Jar::AccessOnly) && format!("{ask:?}").contains("$cookie") {
                continue;
            }
            let mut browser = jar.browser(&service).await;
            let mut hidden = secrets(&browser);
            let answer = ask.send(&service, &mut browser).await;
            hidden.extend(secrets(&browser));
            let name = format!("{} with {jar:?}, {reach:?}", ask.path);
            let text = log.take();
            assert_silent(&name, &text, &hidden);
            assert_silent(&name, &format!("{:?}", answer.headers), &hidden);
            seen.push_str(&text);
        }
    }
    for code in ["cross_site", "multiple_tokens", "wrong_transport", "refresh_token_reused", "insecure_host"]
    {
        assert!(seen.contains(&format!("code={code}")), "{code}");
    }
}

#[tokio::test]
async fn nothing_of_a_cookie_is_logged_where_something_fails() {
    let (log, _guard) = Log::capture(LevelFilter::TRACE);
    let service = Service::with_cookies().await;
    for failure in ["store", "accounts", "ends", "size"] {
        let set = |is_on: bool| {
            let switch = |off: usize, on: usize| if is_on { on } else { off };
            match failure {
                "store" => service.store.away.store(is_on, Ordering::SeqCst),
                "accounts" => service.users.away.store(is_on, Ordering::SeqCst),
                "ends" => service.store.failing_ends.store(switch(0, usize::MAX), Ordering::SeqCst),
                _ => service.users.padding.store(switch(0, 4000), Ordering::SeqCst),
            }
        };
        for ask in [post(LOGIN).json(ALICE), post(REFRESH), get(REFRESH), post(LOGOUT), post(EVERYWHERE)] {
            let mut browser = Browser::logged_in(&service).await;
            let mut hidden = secrets(&browser);
            set(true);
            ask.send(&service, &mut browser).await;
            set(false);
            hidden.extend(secrets(&browser));
            assert_silent(failure, &log.take(), &hidden);
        }
    }
}

#[tokio::test]
async fn a_line_that_sets_a_cookie_is_sensitive_and_so_is_the_one_that_brings_it() {
    let service = Service::with_cookies().await;
    let mut browser = Browser::of(&service);
    let answer = browser.login(&service).await;
    assert_eq!(answer.headers.get_all(SET_COOKIE).iter().filter(|line| line.is_sensitive()).count(), 2);
    let printed = format!("{:?}", answer.headers);
    assert!(printed.contains("\"set-cookie\": Sensitive"), "{printed}");

    let layer = Reach::Https.pages().layer(service.sessions.auth_layer::<Value>());
    let page = async |request: Request<axum::body::Body>| format!("{request:?}");
    let router = axum::Router::new().route("/page", axum::routing::get(page)).route_layer(layer);
    let service = Service { router, ..service };
    let answer = browser.get(&service, "/page").await;
    assert!(answer.status == 200 && answer.body.contains("\"cookie\": Sensitive"), "{}", answer.body);
    assert_silent("a request behind the layer", &answer.body, &secrets(&browser));
}

#[tokio::test]
async fn what_knows_the_cookies_prints_names_and_places_and_no_keys() {
    let service = Service::with_cookies().await;
    let browser = Browser::logged_in(&service).await;
    let (pages, cookies) = (Reach::Https.pages(), Reach::Https.cookies());
    let routes = AuthRoutes::new(service.sessions.clone()).pages(pages.clone());
    let layer = pages.layer(service.sessions.auth_layer::<Value>());
    let head = browser.request(http::Method::POST, REFRESH, None).into_parts().0;
    let token = cookies.refresh_token(&head);
    let pair = service.sessions.login("u-1").await;
    let things: [&dyn Debug; 8] =
        [&cookies, &cookies.source(), &pages, &routes, &layer, &token, &pair, &service.sessions];
    let mut hidden = secrets(&browser);
    let pair = pair.as_ref().expect("alice is there");
    hidden.extend(pair.access_token.secret().split('.').map(str::to_owned));
    hidden.insert(pair.refresh_token.secret().to_owned());
    for thing in things {
        for text in [format!("{thing:?}"), format!("{thing:#?}")] {
            assert_silent("Debug", &text, &hidden);
        }
    }
    let printed = format!("{routes:?}");
    for word in ["__Host-access", "/login", "/auth/refresh", "https://app.example.com"] {
        assert!(printed.contains(word), "{word} is not in {printed}");
    }
}
