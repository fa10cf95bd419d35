//! Whether a request with a cookie comes from a page that may make it.

use http::{
    HeaderMap, HeaderName, Method,
    header::{ORIGIN, UPGRADE},
    request::Parts,
};

use super::origin::Origin;

const SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Whether the request can change nothing, or comes from our own pages, or from one of `origins`.
///
/// Browsers say where a request comes from, and no page can make them lie: in `Sec-Fetch-Site` (W3C Fetch
/// Metadata), older ones only in `Origin`. A request that says neither is refused.
pub(super) fn permits(request: &Parts, origins: &[Origin]) -> bool {
    if is_safe(request) {
        return true;
    }
    let site = only(&request.headers, &SEC_FETCH_SITE);
    if matches!(site, Some(b"same-origin" | b"none")) {
        return true;
    }
    only(&request.headers, &ORIGIN).is_some_and(|given| origins.iter().any(|origin| origin.is(given)))
}

/// Whether a browser says where the request comes from, and it is none of our pages, nor one of `origins`.
#[cfg(feature = "axum")]
pub(super) fn is_foreign(request: &Parts, origins: &[Origin]) -> bool {
    let says_so = [SEC_FETCH_SITE, ORIGIN].iter().any(|name| request.headers.contains_key(name));
    says_so && !permits(request, origins)
}

/// Whether a browser goes to a page, led by one of our own or by its user.
pub(super) fn is_own_navigation(request: &Parts) -> bool {
    let site = only(&request.headers, &SEC_FETCH_SITE);
    let mode = only(&request.headers, &SEC_FETCH_MODE);
    request.method == Method::GET
        && matches!(site, Some(b"same-origin" | b"none"))
        && mode == Some(b"navigate")
}

/// Whether the request only reads; an upgrade opens a channel that can do anything.
fn is_safe(request: &Parts) -> bool {
    matches!(request.method, Method::GET | Method::HEAD | Method::OPTIONS)
        && !request.headers.contains_key(UPGRADE)
}

/// The value of a header that came once.
fn only<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h [u8]> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => Some(value.as_bytes()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    #[test]
    fn only_requests_that_read_or_come_from_our_pages_are_permitted() {
        let origins = [Origin::parse("https://app.example.com").unwrap()];
        type Row = (&'static str, &'static [(&'static str, &'static str)], bool);
        let rows: &[Row] = &[
            ("GET", &[], true),
            ("HEAD", &[("sec-fetch-site", "cross-site")], true),
            ("OPTIONS", &[], true),
            ("POST", &[], false),
            ("TRACE", &[], false),
            ("CONNECT", &[], false),
            ("PURGE", &[], false),
            ("GET", &[("upgrade", "websocket")], false),
            ("GET", &[("upgrade", "websocket"), ("sec-fetch-site", "same-origin")], true),
            ("GET", &[("upgrade", "websocket"), ("origin", "https://app.example.com")], true),
            ("GET", &[("upgrade", "websocket"), ("origin", "https://evil.example.com")], false),
            ("POST", &[("sec-fetch-site", "same-origin")], true),
            ("POST", &[("sec-fetch-site", "none")], true),
            ("POST", &[("sec-fetch-site", "same-site")], false),
            ("POST", &[("sec-fetch-site", "cross-site")], false),
            ("POST", &[("sec-fetch-site", "Same-Origin")], false),
            ("POST", &[("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")], false),
            ("POST", &[("sec-fetch-site", "same-site"), ("origin", "https://app.example.com")], true),
            ("POST", &[("sec-fetch-site", "cross-site"), ("origin", "https://app.example.com")], true),
            ("POST", &[("origin", "https://app.example.com")], true),
            ("POST", &[("origin", "https://app.example.com:443")], false),
            ("POST", &[("origin", "https://app.example.com.evil.example")], false),
            ("POST", &[("origin", "http://app.example.com")], false),
            ("POST", &[("origin", "null")], false),
            ("POST", &[("origin", "https://app.example.com"), ("origin", "https://evil.example.com")], false),
            ("POST", &[("referer", "https://app.example.com/")], false),
        ];
        for (method, headers, expected) in rows {
            let mut request = Request::builder().method(*method);
            for (name, value) in *headers {
                request = request.header(*name, *value);
            }
            let parts = request.body(()).unwrap().into_parts().0;
            assert_eq!(permits(&parts, &origins), *expected, "{method} {headers:?}");
        }
    }

    #[test]
    fn only_a_browser_that_goes_to_a_page_by_itself_or_from_ours_navigates() {
        type Row = (&'static str, &'static [(&'static str, &'static str)], bool);
        let rows: &[Row] = &[
            ("GET", &[("sec-fetch-site", "same-origin"), ("sec-fetch-mode", "navigate")], true),
            ("GET", &[("sec-fetch-site", "none"), ("sec-fetch-mode", "navigate")], true),
            ("HEAD", &[("sec-fetch-site", "none"), ("sec-fetch-mode", "navigate")], false),
            ("POST", &[("sec-fetch-site", "same-origin"), ("sec-fetch-mode", "navigate")], false),
            ("GET", &[("sec-fetch-site", "same-site"), ("sec-fetch-mode", "navigate")], false),
            ("GET", &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")], false),
            ("GET", &[("sec-fetch-site", "same-origin"), ("sec-fetch-mode", "no-cors")], false),
            ("GET", &[("sec-fetch-site", "same-origin")], false),
            ("GET", &[("sec-fetch-mode", "navigate")], false),
            ("GET", &[("accept", "text/html")], false),
            (
                "GET",
                &[
                    ("sec-fetch-site", "same-origin"),
                    ("sec-fetch-site", "cross-site"),
                    ("sec-fetch-mode", "navigate"),
                ],
                false,
            ),
        ];
        for (method, headers, expected) in rows {
            let mut request = Request::builder().method(*method);
            for (name, value) in *headers {
                request = request.header(*name, *value);
            }
            let parts = request.body(()).unwrap().into_parts().0;
            assert_eq!(is_own_navigation(&parts), *expected, "{method} {headers:?}");
        }
    }
}
