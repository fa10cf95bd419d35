//! Cookies: names, prefixes, and plain http.

use jwtower::cookie::CookieSource;

use super::{assert_one_event, assert_refused, logged};

#[test]
fn a_cookie_without_the_prefix_is_told_once() {
    for name in ["access", "__Secure-access", "Host-access", "__HostAccess"] {
        let (built, log) =
            logged(|| CookieSource::new(name).and_then(|source| source.origin("https://app.example.com")));
        assert!(built.is_ok());
        assert_one_event(
            &log,
            "WARN",
            &["__Host-", "name it", "Secure and Path=/", &format!("cookie={name}")],
        );
    }
    // This one is right on plain http, so it is told nothing more.
    for name in ["access", "__mine"] {
        let (built, log) =
            logged(|| CookieSource::new(name).and_then(|source| source.origin("http://localhost:5173")));
        assert!(built.is_ok());
        assert_one_event(&log, "WARN", &["unless this is plain http on localhost"]);
    }
    let (built, log) =
        logged(|| CookieSource::new("__Host-access").and_then(|source| source.origin("https://a.example")));
    assert!(built.is_ok());
    assert_eq!(log, "");
}

#[test]
fn a_cookie_with_a_prefix_on_plain_http_is_told_once() {
    for origin in ["http://localhost:5173", "http://127.0.0.1:3000", "http://[::1]:3000"] {
        let (built, log) =
            logged(|| CookieSource::new("__Host-access").and_then(|source| source.origin(origin)));
        assert!(built.is_ok());
        let words = [
            "plain http",
            "serve https, or name the cookie without the prefix",
            "cookie=__Host-access",
            origin,
        ];
        assert_one_event(&log, "WARN", &words);
    }
    let (built, log) = logged(|| {
        let source = CookieSource::new("__Host-access")?.origin("http://localhost:5173")?;
        source.origin("http://localhost:3000")?.origin("https://app.example.com")
    });
    assert!(built.is_ok());
    assert_one_event(&log, "WARN", &["plain http"]);
    let (source, log) = logged(|| CookieSource::new("__Secure-access"));
    assert_one_event(&log, "WARN", &["__Host-"]);
    let (_, log) = logged(|| source.and_then(|source| source.origin("http://localhost:5173")));
    assert_one_event(&log, "WARN", &["plain http"]);
}

#[test]
fn what_is_no_cookie_name_or_no_origin_is_refused() {
    for (name, word) in [
        ("", "is no cookie name"),
        (" ", "leave out spaces"),
        ("a b", "is no cookie name"),
        ("a=b", "is no cookie name"),
        ("a;b", "is no cookie name"),
        ("a,b", "is no cookie name"),
        ("a\"b", "is no cookie name"),
        ("a\tb", "is no cookie name"),
        ("a\r\nb", "is no cookie name"),
        ("a[b]", "is no cookie name"),
        ("größe", "is no cookie name"),
        ("access ", "is no cookie name"),
        ("__host-access", "write __Host- and a name"),
        ("__HOST-access", "write __Host- and a name"),
        ("__Host-", "write __Host- and a name"),
        ("__secure-access", "write __Secure- and a name"),
        ("__Secure-", "write __Secure- and a name"),
    ] {
        assert_refused(logged(|| CookieSource::new(name)), "cookie", format!("{name:?}"), word);
    }
    for origin in [
        "http://app.example.com",
        "https://app.example.com/",
        "https://app.example.com:443",
        "null",
        "*",
        "http:",
    ] {
        let source = CookieSource::new("__Host-access").expect("it is a cookie's name");
        assert_refused(logged(|| source.origin(origin)), "origin", origin, "write it as browsers do");
    }
}
