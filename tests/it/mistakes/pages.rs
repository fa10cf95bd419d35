//! Cookies and pages of browsers: paths, origins, and plain http.

use jwtower::{cookie::AuthCookies, routes::Pages};

use super::{assert_one_event, assert_refused, logged};

#[test]
fn what_is_no_path_of_this_site_is_told_what_to_write() {
    for text in [
        "",
        "login",
        "login.html",
        "//login",
        "/\\login",
        "https://www.example.com/login",
        "http://localhost:3000/login",
        "/login?next=",
        "/login?",
        "/login#top",
        "/log in",
        "/anmeldung/für/alle",
        "/\tlogin",
        "/{login}",
    ] {
        let cookies = AuthCookies::for_https();
        let word = "is no path of this site; write one such as \"/login\", without a query";
        assert_refused(logged(|| Pages::new(cookies.clone(), text)), "login", format!("{text:?}"), word);
        let pages = Pages::new(cookies, "/login").expect("it is a path");
        let word = "is no path of this site; write one such as \"/auth/refresh\", without a query";
        assert_refused(logged(|| pages.refresh_at(text)), "refresh_at", format!("{text:?}"), word);
    }
    for text in ["/", "/login", "/en/log-in", "/login/", "/@login", "/login.html", "/%C3%BC"] {
        let (built, log) = logged(|| Pages::new(AuthCookies::for_https(), text)?.refresh_at(text));
        assert!(built.is_ok() && log.is_empty(), "{text}: {log}");
    }
}

#[test]
fn what_is_no_origin_is_told_how_browsers_write_it() {
    for origin in [
        "",
        "app.example.com",
        "https://app.example.com/",
        "https://app.example.com:443",
        "https://*.example.com",
        "http://app.example.com",
        "null",
        "*",
    ] {
        for cookies in [AuthCookies::for_https(), AuthCookies::for_loopback_http()] {
            let word = "write it as browsers do, such as \"https://app.example.com\"";
            assert_refused(logged(|| cookies.origin(origin)), "origin", format!("{origin:?}"), word);
        }
    }
    let (built, log) = logged(|| {
        AuthCookies::for_https().origin("https://app.example.com")?.origin("https://www.example.com:8443")
    });
    assert!(built.is_ok() && log.is_empty(), "{log}");
}

#[test]
fn cookies_for_plain_http_are_told_once_with_what_to_write_instead() {
    let (cookies, log) = logged(AuthCookies::for_loopback_http);
    assert_one_event(&log, "WARN", &["without Secure", "loopback hosts only", "AuthCookies::for_https()"]);
    let (built, log) = logged(|| {
        let cookies = cookies.clone().origin("http://localhost:5173")?;
        Pages::new(cookies.clone(), "/login")?
            .refresh_at("/auth/refresh")
            .map(|pages| (cookies.source(), pages))
    });
    assert!(built.is_ok() && log.is_empty(), "{log}");
}

#[test]
fn cookies_for_https_are_told_once_that_plain_http_may_not_keep_them() {
    let (built, log) = logged(|| {
        let cookies = AuthCookies::for_https().origin("http://localhost:5173")?;
        cookies.origin("http://localhost:3000")?.origin("https://app.example.com")
    });
    assert!(built.is_ok());
    assert_one_event(&log, "WARN", &["plain http", "serve https", "http://localhost:5173"]);
}
