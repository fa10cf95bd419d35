//! The two cookies of a browser's session.

use std::time::Duration;

use cookie::{Cookie, SameSite, time};
use http::{HeaderMap, HeaderValue, header::SET_COOKIE, request::Parts};

use super::{csrf, origin::Origin, source::CookieSource};
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

    /// The refresh token that came with a request, for routes of your own that refresh or log out by `POST`.
    ///
    /// # Errors
    ///
    /// Two cookies of the name, or a value that no token has; where there is one, as [`permits`](Self::permits).
    pub fn refresh_token(&self, request: &Parts) -> Result<Option<RefreshToken>, AuthError> {
        match self.refresh.find(&request.headers).map_err(SourceError::code)? {
            Found::Token(token) => {
                self.permits(request)?;
                Ok(Some(RefreshToken::from(token.to_owned())))
            }
            Found::OtherScheme | Found::Absent => Ok(None),
        }
    }

    /// The refresh token of a browser that goes to a page, led by a page of this service or by its user.
    ///
    /// Any other `GET` has none, whatever came with it: another host of the site could have a browser make it, and
    /// use the token up.
    ///
    /// # Errors
    ///
    /// As [`permits`](Self::permits) and [`refresh_token`](Self::refresh_token).
    pub fn refresh_token_of_navigation(&self, request: &Parts) -> Result<Option<RefreshToken>, AuthError> {
        self.permits(request)?;
        if csrf::is_own_navigation(request) { self.refresh_token(request) } else { Ok(None) }
    }

    /// Whether a browser says that the request comes from elsewhere; programs say nothing.
    #[cfg(feature = "axum")]
    pub(crate) fn is_foreign(&self, request: &Parts) -> bool {
        self.refresh.is_foreign(request)
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

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;
    use crate::token::{AccessToken, SessionId};

    fn pair(access: &str, refresh: &str, expires_in: Duration, refresh_expires_in: Duration) -> TokenPair {
        TokenPair {
            access_token: AccessToken::new(access.to_owned()),
            refresh_token: RefreshToken::from(refresh.to_owned()),
            expires_in,
            refresh_expires_in,
            scope: None,
            session: SessionId::from_bytes([0; 24]),
        }
    }

    fn lines(headers: &HeaderMap) -> Vec<&str> {
        headers.get_all(SET_COOKIE).iter().map(|line| line.to_str().unwrap()).collect()
    }

    #[test]
    fn both_cookies_are_set_and_cleared_with_every_attribute() {
        let pair = pair("a.b.c", "jwtr_d", Duration::from_secs(600), Duration::from_secs(1_209_600));
        let rows = [
            (
                AuthCookies::for_https(),
                [
                    "__Host-access=a.b.c; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=600",
                    "__Host-refresh=jwtr_d; HttpOnly; SameSite=Strict; Secure; Path=/; Max-Age=1209600",
                    "__Host-access=; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=0",
                    "__Host-refresh=; HttpOnly; SameSite=Strict; Secure; Path=/; Max-Age=0",
                ],
            ),
            (
                AuthCookies::for_loopback_http(),
                [
                    "access=a.b.c; HttpOnly; SameSite=Lax; Path=/; Max-Age=600",
                    "refresh=jwtr_d; HttpOnly; SameSite=Strict; Path=/; Max-Age=1209600",
                    "access=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0",
                    "refresh=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0",
                ],
            ),
        ];
        for (cookies, expected) in rows {
            let mut headers = HeaderMap::new();
            headers.insert(SET_COOKIE, HeaderValue::from_static("theme=dark"));
            cookies.set(&mut headers, &pair).unwrap();
            cookies.clear(&mut headers);
            assert_eq!(lines(&headers), [&["theme=dark"], &expected[..]].concat());
            assert_eq!(headers.values().filter(|line| line.is_sensitive()).count(), 4);
        }
    }

    #[test]
    fn a_cookie_lives_for_the_whole_seconds_of_its_token() {
        let cookies = AuthCookies::for_https();
        for (life, seconds) in [
            (Duration::from_millis(999), "0"),
            (Duration::from_millis(1000), "1"),
            (Duration::from_millis(599_999), "599"),
            (Duration::from_secs(600), "600"),
            (Duration::MAX, "9223372036854775807"),
        ] {
            let mut headers = HeaderMap::new();
            cookies.set(&mut headers, &pair("a.b.c", "jwtr_d", life, life)).unwrap();
            for line in lines(&headers) {
                assert_eq!(line.rsplit_once("Max-Age=").unwrap().1, seconds, "{life:?}");
            }
        }
    }

    #[test]
    fn a_cookie_of_4096_bytes_is_set_and_one_byte_more_sets_neither() {
        let life = Duration::from_secs(600);
        for cookies in [AuthCookies::for_https(), AuthCookies::for_loopback_http()] {
            for name in [cookies.access.name(), cookies.refresh.name()] {
                for (bytes, fits) in [(4096, true), (4097, false)] {
                    let long = "a".repeat(bytes - name.len());
                    let is_access = name == cookies.access.name();
                    let (access, refresh) = if is_access { (&*long, "r") } else { ("a", &*long) };
                    let mut headers = HeaderMap::new();
                    let set = cookies.set(&mut headers, &pair(access, refresh, life, life));
                    assert_eq!(
                        set.map_err(|error| error.code()),
                        if fits { Ok(()) } else { Err("cookie_too_large") }
                    );
                    assert_eq!(lines(&headers).len(), if fits { 2 } else { 0 }, "{name}: {bytes}");
                }
            }
        }
    }

    #[test]
    fn the_origins_are_those_that_were_named_and_hold_for_both_cookies() {
        let cookies = AuthCookies::for_https();
        assert_eq!(cookies.origins().count(), 0);
        let named = ["https://app.example.com", "https://www.example.com:8443"];
        let cookies = named.iter().try_fold(cookies, |cookies, origin| cookies.origin(origin)).unwrap();
        assert_eq!(cookies.origins().collect::<Vec<_>>(), named);
        for (origin, is_named) in [(named[0], true), (named[1], true), ("https://www.example.com", false)] {
            let request = Request::post("/").header("origin", origin).body(()).unwrap().into_parts().0;
            assert_eq!(cookies.permits(&request).is_ok(), is_named, "{origin}");
            assert_eq!(cookies.source().permits(&request).is_ok(), is_named, "{origin}");
        }
        assert!(cookies.origin("https://app.example.com/").is_err());
    }
}
