//! The two cookies of a browser's session.

use std::time::Duration;

use cookie::{Cookie, SameSite, time};
use http::{HeaderMap, HeaderValue, header::SET_COOKIE, request::Parts};

use super::{origin::Origin, source::CookieSource};
use crate::{
    error::{AuthError, Code, ConfigError},
    source::{Found, SourceError, TokenSource},
    telemetry::event,
    token::{MAX_COOKIE, RefreshToken, TokenPair},
};

/// The cookies that carry a browser's tokens, and the origins whose pages may use them.
///
/// ```
/// use axum::{Router, routing::get};
/// use jwtower::routes::AuthRoutes;
/// use jwtower::{Claims, ConfigError, NoClaims, Sessions, cookie::AuthCookies};
///
/// async fn me(user: Claims<NoClaims>) -> String {
///     format!("{:?}", user.registered().subject())
/// }
///
/// fn app(sessions: Sessions) -> Result<Router, ConfigError> {
///     let cookies = AuthCookies::for_https().origin("https://app.example.com")?;
///     Ok(Router::new()
///         .route("/me", get(me))
///         .route_layer(sessions.auth_layer::<NoClaims>().also_from(cookies.source()))
///         .nest("/auth", AuthRoutes::new(sessions).cookies(cookies).into_router()))
/// }
/// ```
///
/// | cookie | carries | `SameSite` |
/// |---|---|---|
/// | `__Host-access` | the access token | `Lax`: it comes with a link from another site |
/// | `__Host-refresh` | the refresh token | `Strict`: it comes from pages of the own site only |
///
/// Both have `Path=/`, `Secure`, `HttpOnly`, no `Domain`, and `Max-Age` as long as their token lives.
///
/// A request that uses or changes them and is not `GET`, `HEAD` or `OPTIONS` must come from a page of this
/// service or of an origin named here; see [`CookieSource`].
///
/// # Security
///
/// No script can read them. A script that was injected into a page can still use them while the page is open.
/// See [the guide to browsers](crate::guide::browsers).
#[derive(Clone, Debug)]
pub struct AuthCookies {
    access: CookieSource,
    refresh: CookieSource,
    secure: bool,
}

impl AuthCookies {
    /// The cookies of a service that browsers reach over https, be it by a proxy in front.
    #[must_use]
    pub fn for_https() -> Self {
        Self {
            access: CookieSource::named("__Host-access"),
            refresh: CookieSource::named("__Host-refresh"),
            secure: true,
        }
    }

    /// The cookies `access` and `refresh`, without `Secure`, for work on plain http on this machine.
    ///
    /// An event at level `warn` says so. A request with them whose `Host` is not a loopback host is 400,
    /// `insecure_host`.
    #[must_use]
    pub fn for_loopback_http() -> Self {
        event!(
            warn,
            "the cookies are without Secure and for loopback hosts only; \
             serve https and write AuthCookies::for_https() for anything else",
        );
        Self {
            access: CookieSource::named("access").on_loopback(),
            refresh: CookieSource::named("refresh").on_loopback(),
            secure: false,
        }
    }

    /// Lets pages of this origin use the cookies, such as `https://app.example.com`; a second call adds another.
    ///
    /// Name the service's own origin too, for browsers that say nothing else about where a request comes from.
    ///
    /// # Errors
    ///
    /// As [`CookieSource::origin`].
    pub fn origin(mut self, origin: &str) -> Result<Self, ConfigError> {
        self.access = self.access.origin(origin)?;
        self.refresh = self.refresh.with(Origin::parse(origin)?);
        Ok(self)
    }

    /// The origins that were named, for the list of a CORS layer.
    ///
    /// ```
    /// use http::{Method, header};
    /// use jwtower::cookie::AuthCookies;
    /// use tower_http::cors::{AllowOrigin, CorsLayer};
    ///
    /// # fn main() -> Result<(), jwtower::ConfigError> {
    /// let cookies = AuthCookies::for_https().origin("https://app.example.com")?;
    /// let cors = CorsLayer::new()
    ///     .allow_origin(AllowOrigin::list(cookies.origins()))
    ///     .allow_credentials(true)
    ///     .allow_methods([Method::GET, Method::POST, Method::DELETE])
    ///     .allow_headers([header::CONTENT_TYPE])
    ///     .expose_headers([header::WWW_AUTHENTICATE, header::RETRY_AFTER]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn origins(&self) -> impl Iterator<Item = HeaderValue> {
        self.access.origins().filter_map(|origin| HeaderValue::from_str(origin.as_str()).ok())
    }

    /// Where a layer finds the access token; for [`also_from`](crate::JwtAuthLayer::also_from).
    #[must_use]
    pub fn source(&self) -> CookieSource {
        self.access.clone()
    }

    /// Whether this request may use or change the cookies; for routes of your own that do.
    ///
    /// # Errors
    ///
    /// A request that comes from another site (403), or that names a host that is not this machine where the
    /// cookies are without `Secure` (400).
    pub fn permits(&self, request: &Parts) -> Result<(), AuthError> {
        Ok(self.refresh.permits(request).map_err(SourceError::code)?)
    }

    /// The refresh token that came with a request.
    ///
    /// # Errors
    ///
    /// Two cookies of the name, or a value that no token has.
    pub fn refresh_token(&self, headers: &HeaderMap) -> Result<Option<RefreshToken>, AuthError> {
        match self.refresh.find(headers).map_err(SourceError::code)? {
            Found::Token(token) => Ok(Some(RefreshToken::from(token.to_owned()))),
            Found::OtherScheme | Found::Absent => Ok(None),
        }
    }

    /// Sets both cookies of an answer.
    ///
    /// ```
    /// use axum::{http::StatusCode, response::{IntoResponse, Redirect, Response}};
    /// use jwtower::{AuthError, TokenPair, cookie::AuthCookies};
    ///
    /// fn welcome(cookies: &AuthCookies, pair: &TokenPair) -> Result<Response, AuthError> {
    ///     let mut answer = Redirect::to("/").into_response();
    ///     cookies.set(answer.headers_mut(), pair)?;
    ///     Ok(answer)
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// A token that makes a larger cookie than browsers take: put less into the claims. Nothing is set then.
    ///
    /// # Security
    ///
    /// Call [`permits`](Self::permits) before the login, or another site's page logs its visitors in as
    /// somebody else. Log the session in with [`Transport::Cookie`](crate::session::Transport::Cookie).
    pub fn set(&self, headers: &mut HeaderMap, pair: &TokenPair) -> Result<(), AuthError> {
        let access = self.line(&self.access, pair.access_token.secret(), pair.expires_in)?;
        let refresh = self.line(&self.refresh, pair.refresh_token.secret(), pair.refresh_expires_in)?;
        headers.append(SET_COOKIE, access);
        headers.append(SET_COOKIE, refresh);
        Ok(())
    }

    /// Takes both cookies away from the browser.
    pub fn clear(&self, headers: &mut HeaderMap) {
        for source in [&self.access, &self.refresh] {
            if let Ok(line) = self.line(source, "", Duration::ZERO) {
                headers.append(SET_COOKIE, line);
            }
        }
    }

    fn line(&self, source: &CookieSource, value: &str, life: Duration) -> Result<HeaderValue, AuthError> {
        let bytes = source.name().len() + value.len();
        if bytes > MAX_COOKIE {
            event!(
                error,
                "a token makes a cookie that browsers drop; put less into the claims",
                cookie = source.name(),
                bytes = bytes,
                limit = MAX_COOKIE,
            );
            return Err(Code::CookieTooLarge.into());
        }
        let is_refresh = source.name() == self.refresh.name();
        let line = Cookie::build((source.name(), value))
            .path("/")
            .secure(self.secure)
            .http_only(true)
            .same_site(if is_refresh { SameSite::Strict } else { SameSite::Lax })
            .max_age(time::Duration::seconds(life.as_secs().try_into().unwrap_or(i64::MAX)));
        let mut line = HeaderValue::try_from(line.to_string()).map_err(|_| Code::CookieTooLarge)?;
        line.set_sensitive(true);
        Ok(line)
    }
}
