//! What browsers come with and ask for, as data for tables.

use std::time::Duration;

use axum::body::Body;
use http::{HeaderName, HeaderValue, Method, Request, header::COOKIE};

use super::{
    super::fixture::{Answer, Service},
    browser::Browser,
};

pub(crate) const LOGIN: &str = "/auth/login";
pub(crate) const REFRESH: &str = "/auth/refresh";
pub(crate) const LOGOUT: &str = "/auth/logout";
pub(crate) const EVERYWHERE: &str = "/auth/logout-everywhere";
pub(crate) const SESSION: &str = "/auth/session";
pub(crate) const SESSIONS: &str = "/auth/sessions";

/// The body of a login for cookies.
pub(crate) const ALICE: &str = r#"{"username":"alice","password":"correct horse","cookies":true}"#;

/// Which cookies a browser has.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Jar {
    None,
    /// Those of a login just now.
    Good,
    /// The refresh cookie alone, as when the access cookie's time is over.
    RefreshOnly,
    AccessOnly,
    /// A refresh token that was exchanged five seconds ago.
    JustUsed,
    /// One that was exchanged a minute ago.
    LongUsed,
    /// Those of a session that was logged out.
    Ended,
    /// A refresh cookie with the token of a session in bodies.
    OfABody,
    /// What was never a token of ours.
    Garbage,
    /// Two refresh cookies.
    Twice,
}

impl Jar {
    pub(crate) async fn browser(self, service: &Service) -> Browser {
        let mut browser = match self {
            Self::None | Self::OfABody | Self::Garbage => Browser::of(service),
            _ => Browser::logged_in(service).await,
        };
        let first = browser.clone();
        let exchange = async |wait| {
            service.clock.advance(Duration::from_secs(60));
            assert_eq!(browser.clone().post(service, REFRESH).await.status, 200);
            service.clock.advance(Duration::from_secs(wait));
        };
        match self {
            Self::None | Self::Good => {}
            Self::RefreshOnly => browser.lose_access(),
            Self::AccessOnly => browser.lose_refresh(),
            Self::JustUsed => exchange(5).await,
            Self::LongUsed => exchange(60).await,
            Self::Ended => assert_eq!(first.clone().post(service, LOGOUT).await.status, 204),
            Self::OfABody => browser.put_refresh(&service.login("alice").await.refresh),
            Self::Garbage => {
                browser.put_refresh("jwtr_garbage");
                browser.put_access("a.b.c");
            }
            Self::Twice => {
                let [_, name] = service.reach.names();
                browser.put_refresh(&format!("{0}; {name}={0}", first.refresh()));
            }
        }
        browser
    }
}

/// A request of a page of the service itself, unless it says something else.
///
/// Its path and its body may name sessions and tokens: `$own`, `$another` of the same user's and
/// `$foreign` of another user's; `$cookie` for the refresh token that the browser has, `$cookies` for one of
/// another session in cookies, `$body` for one of a session in bodies.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    method: Method,
    pub(crate) path: &'static str,
    body: &'static str,
    headers: Vec<(&'static str, &'static str)>,
    is_bearer: bool,
}

pub(crate) fn get(path: &'static str) -> Ask {
    Ask { method: Method::GET, path, body: "", headers: vec![], is_bearer: false }
}

pub(crate) fn post(path: &'static str) -> Ask {
    Ask { method: Method::POST, ..get(path) }
}

pub(crate) fn delete(path: &'static str) -> Ask {
    Ask { method: Method::DELETE, ..get(path) }
}

impl Ask {
    pub(crate) fn json(self, body: &'static str) -> Self {
        Self { body, ..self }.header("content-type", "application/json")
    }

    pub(crate) fn form(self, body: &'static str) -> Self {
        Self { body, ..self }.header("content-type", "application/x-www-form-urlencoded")
    }

    /// In place of one that it has.
    pub(crate) fn header(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.push((name, value));
        self
    }

    pub(crate) fn cross_site(self) -> Self {
        self.header("sec-fetch-site", "cross-site")
    }

    /// To show the answer as a page.
    pub(crate) fn navigating(self) -> Self {
        self.header("sec-fetch-mode", "navigate")
    }

    /// By a program that has the tokens in its own memory, and no cookies.
    pub(crate) fn by_bearer(self) -> Self {
        Self { is_bearer: true, ..self }
    }

    pub(crate) async fn request(&self, service: &Service, browser: &Browser) -> Request<Body> {
        let [path, body] = [self.path, self.body].map(str::to_owned);
        let (path, body) = (named(service, browser, path).await, named(service, browser, body).await);
        let mut request = browser.request(self.method.clone(), &path, None);
        *request.body_mut() = body.into();
        for (name, value) in &self.headers {
            request.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        if self.is_bearer {
            let bearer = format!("Bearer {}", browser.access());
            request.headers_mut().remove(COOKIE);
            request.headers_mut().insert("authorization", bearer.parse().expect("it is a header"));
        }
        request
    }

    /// The answer, after which the browser has its cookies.
    pub(crate) async fn send(&self, service: &Service, browser: &mut Browser) -> Answer {
        let answer = service.send(self.request(service, browser).await).await;
        browser.keep(&answer);
        answer
    }
}

/// The text with names in place of what stands for them.
async fn named(service: &Service, browser: &Browser, mut text: String) -> String {
    while let Some(start) = text.find('$') {
        let word: String = text[start + 1..].chars().take_while(char::is_ascii_lowercase).collect();
        let name = match &*word {
            "own" => browser.session().to_string(),
            "another" => Browser::logged_in(service).await.session().to_string(),
            "foreign" => Browser::logged_in_as(service, "bob").await.session().to_string(),
            "cookie" => browser.refresh().to_owned(),
            "cookies" => Browser::logged_in(service).await.refresh().to_owned(),
            "body" => service.login("alice").await.refresh,
            _ => panic!("nothing is called {word}"),
        };
        text = text.replacen(&format!("${word}"), &name, 1);
    }
    text
}
