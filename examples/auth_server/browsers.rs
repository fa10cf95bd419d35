//! Whose pages may use the cookies, and read the answers.

use axum::http::{
    Method, Uri,
    header::{AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE},
};
use jwtower::{ConfigError, cookie::AuthCookies};
use tower_http::cors::{AllowOrigin, CorsLayer};

/// The cookies of a service that browsers reach at these URLs, for pages of these origins too.
pub(crate) fn cookies(
    is_https: bool,
    urls: [&str; 2],
    origins: &[String],
) -> Result<AuthCookies, ConfigError> {
    let mut cookies = if is_https { AuthCookies::for_https() } else { AuthCookies::for_loopback_http() };
    let scheme = if is_https { "https:" } else { "http:" };
    for own in urls.into_iter().filter(|url| url.starts_with(scheme)).filter_map(origin_of) {
        // Some have none that a browser would send, such as http://0.0.0.0:3000.
        cookies = cookies.clone().origin(&own).unwrap_or(cookies);
    }
    origins.iter().try_fold(cookies, |cookies, origin| cookies.origin(origin))
}

fn origin_of(url: &str) -> Option<String> {
    let url: Uri = url.parse().ok()?;
    let (scheme, host) = (url.scheme_str()?, url.host()?.to_ascii_lowercase());
    Some(match (scheme, url.port_u16()) {
        (_, None) | ("http", Some(80)) | ("https", Some(443)) => format!("{scheme}://{host}"),
        (_, Some(port)) => format!("{scheme}://{host}:{port}"),
    })
}

/// Lets scripts of those origins read our answers, refusals included.
pub(crate) fn cors(cookies: &AuthCookies) -> CorsLayer {
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(cookies.origins()))
        .allow_credentials(true)
        .allow_methods([Method::GET, Method::POST, Method::DELETE])
        .allow_headers([CONTENT_TYPE, AUTHORIZATION])
        .expose_headers([WWW_AUTHENTICATE, RETRY_AFTER])
}
