//! Server-rendered pages: a browser that needs a token is sent to where it gets one.

use axum::extract::OriginalUri;
use bytes::Bytes;
use http::{
    HeaderValue, Method, Response, StatusCode,
    header::{ACCEPT, CONTENT_TYPE, LOCATION, WWW_AUTHENTICATE},
    request::Parts,
};
use serde::de::DeserializeOwned;

use super::local_path::LocalPath;
use crate::{ConfigError, ErrorKind, JwtAuthLayer, cookie::AuthCookies, response::Refusal, telemetry::event};

/// Pages that the server renders, for browsers with [`AuthCookies`].
///
/// ```
/// use axum::{Router, routing::get};
/// use jwtower::routes::{AuthRoutes, Pages};
/// use jwtower::{Claims, ConfigError, NoClaims, Sessions, cookie::AuthCookies};
///
/// async fn dashboard(user: Claims<NoClaims>) -> String {
///     format!("hello {:?}", user.registered().subject())
/// }
///
/// fn app(sessions: Sessions) -> Result<Router, ConfigError> {
///     let cookies = AuthCookies::for_https().origin("https://www.example.com")?;
///     let pages = Pages::new(cookies, "/login")?.refresh_at("/auth/refresh")?;
///     Ok(Router::new()
///         .route("/dashboard", get(dashboard))
///         .route_layer(pages.layer(sessions.auth_layer::<NoClaims>()))      // above: sent to the login page
///         .route("/login", get(|| async { "a form, whose script posts to /auth/login" }))
///         .nest("/auth", AuthRoutes::new(sessions).pages(pages).into_router()))
/// }
/// ```
///
/// A navigation is a `GET` that a browser makes to show a page. One without a good access token is answered
/// with 303:
///
/// 1. to [`refresh_at`](Self::refresh_at), where the access token is missing or expired and a refresh cookie
///    came along; from there with new cookies back to the page;
/// 2. otherwise to the login page.
///
/// Both get the page's path as `next`. A navigation from another site lacks the refresh cookie, which is
/// `SameSite=Strict`, so it ends at the login page; a script there may post to `refresh` and go on. So does one
/// from another host of the site, and one of a browser that does not say where it comes from.
///
/// Everything else, a script's `fetch` for example, is answered with 401 as always.
///
/// # Security
///
/// `next` is whatever stands in the address: a login page goes there only if it is a path of its own site.
/// `GET` of a refresh takes no other.
#[derive(Clone, Debug)]
pub struct Pages {
    cookies: AuthCookies,
    login: LocalPath,
    refresh: Option<LocalPath>,
}

impl Pages {
    /// Pages whose login page has this path, such as `/login`.
    ///
    /// # Errors
    ///
    /// What is no path of this site, or has a query.
    pub fn new(cookies: AuthCookies, login: &str) -> Result<Self, ConfigError> {
        Ok(Self { cookies, login: path("login", login, "/login")?, refresh: None })
    }

    /// Sends browsers by this path, where the routes' `refresh` is reached, such as `/auth/refresh`.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn refresh_at(mut self, refresh: &str) -> Result<Self, ConfigError> {
        self.refresh = Some(path("refresh_at", refresh, "/auth/refresh")?);
        Ok(self)
    }

    /// The layer for such pages: it takes the token from the cookie too, and has the redirects as its
    /// [`on_error`](JwtAuthLayer::on_error).
    #[must_use]
    pub fn layer<C: DeserializeOwned + Send + Sync + 'static>(
        &self,
        layer: JwtAuthLayer<C>,
    ) -> JwtAuthLayer<C> {
        let pages = self.clone();
        layer.also_from(self.cookies.source()).on_error(move |refusal, head, answer| {
            match pages.detour(refusal, head) {
                Some(place) => go_to(&place, answer),
                None => answer,
            }
        })
    }

    pub(super) fn cookies(&self) -> &AuthCookies {
        &self.cookies
    }

    /// The login page, which then goes on to the path.
    pub(super) fn login(&self, next: Option<&LocalPath>) -> String {
        next.map_or_else(|| self.login.to_string(), |next| self.login.and_then(next))
    }

    /// Where a refused browser gets a token.
    fn detour(&self, refusal: &Refusal, head: &Parts) -> Option<String> {
        if refusal.status() != StatusCode::UNAUTHORIZED || !is_navigation(head) {
            return None;
        }
        let uri = head.extensions.get::<OriginalUri>().map_or(&head.uri, |original| &original.0);
        let mut ways_out = [Some(&self.login), self.refresh.as_ref()].into_iter().flatten();
        if ways_out.any(|place| place.is(uri)) {
            event!(
                error,
                "browsers are sent to this path for a token, and it needs one itself; add its route below the layer",
                path = uri.path(),
            );
            return None;
        }
        let next = LocalPath::of(uri);
        // Where a token is refused for another reason, the next one may be too, and the browser would go in circles.
        let is_over = matches!(refusal.kind(), ErrorKind::MissingToken | ErrorKind::TokenExpired);
        match (&self.refresh, &next) {
            (Some(refresh), Some(next)) if is_over && self.may_refresh(head) => Some(refresh.and_then(next)),
            _ => Some(self.login(next.as_ref())),
        }
    }

    fn may_refresh(&self, head: &Parts) -> bool {
        matches!(self.cookies.refresh_token_of_navigation(head), Ok(Some(_)))
    }
}

fn path(setting: &'static str, text: &str, example: &str) -> Result<LocalPath, ConfigError> {
    LocalPath::parse(text).filter(|path| !path.has_query()).ok_or_else(|| {
        ConfigError::new(
            setting,
            format!("{text:?} is no path of this site; write one such as {example:?}, without a query"),
        )
    })
}

/// Whether a browser asks for a page to show; older ones say so by what they accept only.
fn is_navigation(head: &Parts) -> bool {
    let mode = head.headers.get("sec-fetch-mode").map(HeaderValue::as_bytes);
    let accepts_pages = || {
        let accept = head.headers.get(ACCEPT).map(HeaderValue::as_bytes).unwrap_or_default();
        accept.starts_with(b"text/html")
    };
    head.method == Method::GET && mode.map_or_else(accepts_pages, |mode| mode == b"navigate")
}

/// The answer that sends a browser elsewhere, instead of this one.
pub(super) fn go_to(place: &str, mut answer: Response<Bytes>) -> Response<Bytes> {
    let Ok(location) = HeaderValue::from_str(place) else { return answer };
    *answer.status_mut() = StatusCode::SEE_OTHER;
    answer.headers_mut().remove(CONTENT_TYPE);
    answer.headers_mut().remove(WWW_AUTHENTICATE);
    answer.headers_mut().insert(LOCATION, location);
    *answer.body_mut() = Bytes::new();
    answer
}
