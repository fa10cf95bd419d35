//! Other methods, and other paths.

use axum::body::Body;
use http::{Method, Request};

use super::fixture::Service;

const ROUTES: [(&str, &str); 9] = [
    ("/auth/login", "POST"),
    ("/auth/refresh", "POST"),
    ("/auth/logout", "POST"),
    ("/auth/logout-everywhere", "POST"),
    ("/auth/session", "GET,HEAD"),
    ("/auth/sessions", "GET,HEAD"),
    ("/auth/sessions/x", "DELETE"),
    ("/.well-known/jwks.json", "GET,HEAD"),
    ("/.well-known/openid-configuration", "GET,HEAD"),
];

#[tokio::test]
async fn another_method_is_405_and_told_which_one_is_right() {
    let service = Service::new().await;
    for (path, allowed) in ROUTES {
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"] {
            let is_allowed = allowed.split(',').any(|allowed| allowed == method);
            let request = Request::builder().method(method).uri(path).body(Body::empty());
            let answer = service.send(request.expect("it is a request")).await;
            assert_eq!(answer.status != 405, is_allowed, "{method} {path}");
            if !is_allowed {
                assert_eq!(answer.header("allow"), allowed, "{method} {path}");
            }
            if path.starts_with("/auth/") {
                assert_eq!(answer.header("cache-control"), "no-store", "{method} {path}");
            }
        }
    }
}

#[tokio::test]
async fn a_path_that_is_none_of_ours_is_404() {
    let service = Service::new().await;
    for path in ["/login", "/auth", "/auth/", "/auth/login/", "/auth/sessions/", "/auth/logins", "/auth/x/y"]
    {
        let answer = service.ask(Method::GET, path, "x").await;
        assert_eq!(answer.status, 404, "{path}");
    }
}
