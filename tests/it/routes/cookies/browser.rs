//! A browser in front of the service, as far as cookies go.

use std::collections::BTreeMap;

use axum::body::Body;
use http::{HeaderName, HeaderValue, Method, Request, header::SET_COOKIE};
use jwtower::SessionId;
use serde_json::{Value, json};

use super::super::fixture::{Answer, PASSWORD, Reach, Service};

/// What a browser keeps: cookies by name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Browser {
    reach: Reach,
    jar: BTreeMap<String, String>,
}

impl Browser {
    pub(crate) fn of(service: &Service) -> Self {
        Self { reach: service.reach, jar: BTreeMap::new() }
    }

    /// Logs alice in, which must go well.
    pub(crate) async fn logged_in(service: &Service) -> Self {
        Self::logged_in_as(service, "alice").await
    }

    pub(crate) async fn logged_in_as(service: &Service, username: &str) -> Self {
        let mut browser = Self::of(service);
        let answer = browser.login_as(service, username).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        browser
    }

    pub(crate) async fn login(&mut self, service: &Service) -> Answer {
        self.login_as(service, "alice").await
    }

    pub(crate) async fn login_as(&mut self, service: &Service, username: &str) -> Answer {
        self.send(service, Method::POST, "/auth/login", Some(credentials(username, PASSWORD))).await
    }

    pub(crate) async fn post(&mut self, service: &Service, path: &str) -> Answer {
        self.send(service, Method::POST, path, None).await
    }

    pub(crate) async fn get(&mut self, service: &Service, path: &str) -> Answer {
        self.send(service, Method::GET, path, None).await
    }

    /// Goes to a page.
    pub(crate) async fn navigate(&mut self, service: &Service, path: &str) -> Answer {
        self.with(service, self.request(Method::GET, path, None), &[("sec-fetch-mode", "navigate")]).await
    }

    /// Sends what a page of the service itself would, and keeps the cookies of the answer.
    pub(crate) async fn send(
        &mut self,
        service: &Service,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Answer {
        self.with(service, self.request(method, path, body), &[]).await
    }

    /// Sends a request with these headers in place of its own.
    pub(crate) async fn with(
        &mut self,
        service: &Service,
        mut request: Request<Body>,
        headers: &[(&'static str, &str)],
    ) -> Answer {
        for (name, value) in headers {
            let value = HeaderValue::try_from(*value).expect("it is a header");
            request.headers_mut().insert(HeaderName::from_static(name), value);
        }
        let answer = service.send(request).await;
        self.keep(&answer);
        answer
    }

    pub(crate) fn request(&self, method: Method, path: &str, body: Option<Value>) -> Request<Body> {
        let mut request = Request::builder().method(method).uri(path);
        request = request.header("host", self.reach.host()).header("sec-fetch-site", "same-origin");
        if !self.jar.is_empty() {
            request = request.header("cookie", self.header());
        }
        let body = match body {
            Some(body) => {
                request = request.header("content-type", "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        request.body(body).expect("it is a request")
    }

    pub(crate) fn header(&self) -> String {
        let cookies: Vec<_> = self.jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
        cookies.join("; ")
    }

    pub(crate) fn keep(&mut self, answer: &Answer) {
        for (name, value, attributes) in set_cookies(answer) {
            if attributes.contains("Max-Age=0") {
                self.jar.remove(&name);
            } else {
                self.jar.insert(name, value);
            }
        }
    }

    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        self.jar.get(name).map(String::as_str)
    }

    pub(crate) fn lose(&mut self, name: &str) {
        self.jar.remove(name);
    }

    pub(crate) fn put(&mut self, name: &str, value: &str) {
        self.jar.insert(name.to_owned(), value.to_owned());
    }

    /// The token in the cookie, which must be there.
    pub(crate) fn access(&self) -> &str {
        self.cookie(self.reach.names()[0]).expect("there is an access cookie")
    }

    pub(crate) fn refresh(&self) -> &str {
        self.cookie(self.reach.names()[1]).expect("there is a refresh cookie")
    }

    pub(crate) fn put_refresh(&mut self, value: &str) {
        self.put(self.reach.names()[1], value);
    }

    pub(crate) fn put_access(&mut self, value: &str) {
        self.put(self.reach.names()[0], value);
    }

    pub(crate) fn lose_access(&mut self) {
        self.lose(self.reach.names()[0]);
    }

    pub(crate) fn lose_refresh(&mut self) {
        self.lose(self.reach.names()[1]);
    }

    /// The session of the access cookie.
    pub(crate) fn session(&self) -> SessionId {
        let sid = claims_of(self.access())["sid"].as_str().map(str::parse);
        sid.and_then(Result::ok).expect("a session has a name")
    }

    /// Whether both cookies count, asked with a copy of them.
    pub(crate) async fn is_logged_in(&self, service: &Service) -> bool {
        let mut copy = self.clone();
        let session = copy.get(service, "/auth/session").await;
        let refreshed = copy.post(service, "/auth/refresh").await;
        (session.status, refreshed.status) == (200, 200)
    }
}

impl Service {
    /// How many sessions a subject has.
    pub(crate) async fn count(&self, subject: &str) -> usize {
        self.sessions.list(subject).await.expect("the store answers").len()
    }

    pub(crate) async fn has(&self, session: SessionId) -> bool {
        self.sessions.find(session).await.expect("the store answers").is_some()
    }
}

/// The body of a login for cookies.
pub(crate) fn credentials(username: &str, password: &str) -> Value {
    json!({ "username": username, "password": password, "cookies": true })
}

/// What an access token says.
pub(crate) fn claims_of(token: &str) -> Value {
    let payload = token.split('.').nth(1).expect("it has three segments");
    let payload = base64_simd::URL_SAFE_NO_PAD.decode_to_vec(payload).expect("it is base64url");
    serde_json::from_slice(&payload).expect("it is JSON")
}

/// Name, value and attributes of the cookies that an answer sets.
pub(crate) fn set_cookies(answer: &Answer) -> Vec<(String, String, String)> {
    let lines = answer.headers.get_all(SET_COOKIE).iter();
    lines
        .map(|line| {
            let line = line.to_str().expect("it is text");
            let (pair, attributes) = line.split_once("; ").expect("it has attributes");
            let (name, value) = pair.split_once('=').expect("it has a name");
            (name.to_owned(), value.to_owned(), attributes.to_owned())
        })
        .collect()
}
