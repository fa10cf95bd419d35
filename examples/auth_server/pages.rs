//! What a browser shows: a page whose script logs in, and one that is made here for who is logged in.

use axum::{
    Router,
    http::{
        HeaderValue,
        header::{
            CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
            X_CONTENT_TYPE_OPTIONS,
        },
    },
    middleware::map_response,
    response::{Html, IntoResponse, Response},
    routing::get,
};
use html_escape::encode_text;
use jwtower::{Claims, Sessions, routes::Pages};

use crate::users::User;

/// Nothing but our own files, no script or style inside a page, and no frame around it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

pub(crate) fn routes(pages: &Pages, sessions: &Sessions, is_https: bool) -> Router {
    let style = ([(CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("page/style.css"));
    let script = ([(CONTENT_TYPE, "text/javascript; charset=utf-8")], include_str!("page/app.js"));
    Router::new()
        .route("/account", get(account))
        .route_layer(pages.layer(sessions.auth_layer::<User>())) // above: who has no good token is sent on
        .route("/", get(Html(include_str!("page/index.html"))))
        .route("/style.css", get(style))
        .route("/app.js", get(script))
        .layer(map_response(move |answer| async move { harden(answer, is_https) }))
}

async fn account(user: Claims<User>) -> impl IntoResponse {
    let chip = |role| format!("<li class=\"chip\">{}</li>", encode_text(role));
    let ends = user.registered().expires_at().to_system_time();
    let page = format!(
        include_str!("page/account.html"),
        name = encode_text(&user.name),
        roles = user.roles.iter().map(chip).collect::<String>(),
        ends = ends.map(httpdate::fmt_http_date).unwrap_or_default(),
    );
    ([(CACHE_CONTROL, "no-store")], Html(page))
}

fn harden(mut answer: Response, is_https: bool) -> Response {
    let headers = answer.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    // Who opens the page in a window of their own cannot close it in the middle of a refresh.
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // Not `no-referrer`: a form would then say `Origin: null`.
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-cache"));
    if is_https {
        // A day, because this may be localhost, where another program wants http. A host of your own says a year.
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=86400"));
    }
    answer
}
