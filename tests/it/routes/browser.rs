//! A browser in front of the service, as far as cookies go.

use std::collections::BTreeMap;

use axum::body::Body;
use http::{HeaderValue, Method, Request, header::SET_COOKIE};
use serde_json::{Value, json};

use super::fixture::{Answer, PASSWORD, Service};

/// What a browser keeps: cookies by name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Browser {
    jar: BTreeMap<String, String>,
}

impl Browser {
    /// Logs alice in, which must go well.
    pub(crate) async fn logged_in(service: &Service) -> Self {
        let mut browser = Self::default();
        let answer = browser.login(service).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        browser
    }

    pub(crate) async fn login(&mut self, service: &Service) -> Answer {
        let body = json!({ "username": "alice", "password": PASSWORD, "cookies": true });
        self.send(service, Method::POST, "/auth/login", Some(body)).await
    }

    pub(crate) async fn post(&mut self, service: &Service, path: &str) -> Answer {
        self.send(service, Method::POST, path, None).await
    }

    pub(crate) async fn get(&mut self, service: &Service, path: &str) -> Answer {
        self.send(service, Method::GET, path, None).await
    }

    /// Goes to a page.
    pub(crate) async fn navigate(&mut self, service: &Service, path: &str) -> Answer {
        let mut request = self.request(Method::GET, path, None);
        request.headers_mut().insert("sec-fetch-mode", HeaderValue::from_static("navigate"));
        let answer = service.send(request).await;
        self.keep(&answer);
        answer
    }

    /// Sends what a page of the service itself would, and keeps the cookies of the answer.
    pub(crate) async fn send(
        &mut self,
        service: &Service,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Answer {
        let answer = service.send(self.request(method, path, body)).await;
        self.keep(&answer);
        answer
    }

    pub(crate) fn request(&self, method: Method, path: &str, body: Option<Value>) -> Request<Body> {
        let mut request = Request::builder().method(method).uri(path).header("sec-fetch-site", "same-origin");
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
