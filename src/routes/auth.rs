//! The routes of a service that logs its own users in.

use axum::{
    Router,
    middleware::map_response,
    routing::{delete, get, post},
};
use axum_core::body::Body;
use http::{HeaderValue, Response, header::CACHE_CONTROL};

use super::{
    address::TrustedProxies,
    navigation,
    owner::{self, Claimed},
    pages::Pages,
    tokens,
};
use crate::{cookie::AuthCookies, session::Sessions};

/// The routes for logging in and out, to be nested where you like.
///
/// ```
/// use std::net::SocketAddr;
/// use axum::{Router, routing::get};
/// use jwtower::routes::{auth_routes, well_known};
/// use jwtower::{Claims, NoClaims, Sessions};
///
/// async fn serve(sessions: Sessions, listener: tokio::net::TcpListener) -> std::io::Result<()> {
///     let app = Router::new()
///         .route("/me", get(|user: Claims<NoClaims>| async move { format!("{:?}", user.registered().subject()) }))
///         .route_layer(sessions.auth_layer::<NoClaims>())
///         .nest("/auth", auth_routes(sessions.clone()))
///         .merge(well_known(sessions));
///     // Failed logins are counted by the client's address.
///     axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>()).await
/// }
/// ```
///
/// [`AuthRoutes`] has the table of what they take and answer, and settings.
pub fn auth_routes<S: Clone + Send + Sync + 'static>(sessions: Sessions) -> Router<S> {
    AuthRoutes::new(sessions).into_router()
}

/// The routes for logging in and out, with their settings.
///
/// ```
/// # use axum::Router;
/// # use jwtower::Sessions;
/// use jwtower::routes::{AuthRoutes, TrustedProxies};
///
/// fn app(sessions: Sessions) -> Router {
///     let auth = AuthRoutes::new(sessions).trusted_proxies(TrustedProxies::x_forwarded_for(1));
///     Router::new().nest("/auth", auth.into_router())
/// }
/// ```
///
/// | route | takes | answers |
/// |---|---|---|
/// | `POST /login` | the application's credentials; `scope` where less is wanted than the accounts name; `cookies` | 200 `access_token`, `token_type`, `expires_in`, `refresh_token`, `scope` (RFC 6749 §5.1) |
/// | `POST /refresh` | `refresh_token`; `scope` where less is wanted than the login granted | the same |
/// | `GET /refresh` | the refresh cookie; `next`, a path of this site; only with [`pages`](Self::pages) | 303 to `next`, or to the login page |
/// | `POST /logout` | `refresh_token` | 204, also where the session has ended already |
/// | `POST /logout-everywhere` | an access token as bearer, or its cookie | 204 |
/// | `GET /session` | the same | 200 `session`; the token's `claims` and when it `expires`; the server's time `now` |
/// | `GET /sessions` | the same | 200 a list of the subject's sessions; the one that asks has `"current": true` |
/// | `DELETE /sessions/{id}` | the same | 204; 404 where it is not one of the subject's |
///
/// Bodies are JSON objects or forms of at most 16 KiB, in UTF-8 and without an encoding; an empty parameter of a
/// form counts as absent. Times beside the claims are milliseconds since 1970.
///
/// Where [`cookies`](Self::cookies) are set up, a login with `"cookies": true` (in a form `cookies=true`) sets both
/// tokens as cookies, and logs out the session whose refresh cookie came along. The answer then has `expires_in` and
/// `scope` only. `refresh` and `logout` of such a session take the cookie and no body; with both they are 400.
/// `logout`, and what else ends the session of the cookies that came, clears them, unless it had ended before: then
/// the browser may hold those of another login by now. A refused refresh leaves them alone for the same reason.
///
/// `login`, `refresh` and `logout` refuse with `error` and `error_description` (RFC 6749 §5.2): 400 `invalid_request`,
/// `invalid_grant` or `invalid_scope`, 413 and 415 for a body, 429 after too many failed logins, 503 where the
/// store or the accounts do not answer. The others refuse as [`JwtAuthLayer`](crate::JwtAuthLayer) does. No cache
/// may keep any answer.
///
/// # Security
///
/// Serve them over TLS. Failed logins are counted by account and address, the address being the peer's own, so
/// that the router must be served with `into_make_service_with_connect_info::<SocketAddr>()`; where that is missing,
/// a login is answered with 500 and an event at level `error`. Behind a proxy every request has the proxy's
/// address: call [`trusted_proxies`](Self::trusted_proxies).
#[derive(Clone, Debug)]
#[must_use = "these are no routes until `.into_router()`"]
pub struct AuthRoutes {
    pub(super) sessions: Sessions,
    pub(super) proxies: TrustedProxies,
    pub(super) cookies: Option<AuthCookies>,
    pages: Option<Pages>,
}

impl AuthRoutes {
    /// Routes for these sessions, with no proxy in front of the service.
    pub fn new(sessions: Sessions) -> Self {
        Self { sessions, proxies: TrustedProxies::default(), cookies: None, pages: None }
    }

    /// The proxies in front, whose word on the client's address counts.
    pub fn trusted_proxies(mut self, proxies: TrustedProxies) -> Self {
        self.proxies = proxies;
        self
    }

    /// Lets browsers keep their tokens in cookies.
    ///
    /// A login with `"cookies": true` then sets them; `refresh` and `logout` take the refresh token from its
    /// cookie, the other routes the access token.
    ///
    /// Where [`pages`](Self::pages) are given, theirs are used.
    pub fn cookies(mut self, cookies: AuthCookies) -> Self {
        let of_pages = self.pages.as_ref().map(|pages| pages.cookies().clone());
        self.cookies = of_pages.or(Some(cookies));
        self
    }

    /// Lets browsers refresh on their way to a server-rendered page; with the cookies of these pages.
    pub fn pages(mut self, pages: Pages) -> Self {
        self.cookies = Some(pages.cookies().clone());
        self.pages = Some(pages);
        self
    }

    /// The router.
    pub fn into_router<S: Clone + Send + Sync + 'static>(self) -> Router<S> {
        let mut token = self.sessions.auth_layer::<Claimed>();
        if let Some(cookies) = &self.cookies {
            token = token.also_from(cookies.source());
        }
        let mut refresh = post(tokens::refresh).with_state(self.clone());
        if let Some(pages) = self.pages.clone() {
            refresh = refresh.merge(get(navigation::refresh).with_state((self.clone(), pages)));
        }
        // The layer stands on the methods, so that another method is 405 and not 401.
        Router::new()
            .route("/login", post(tokens::login))
            .route("/refresh", refresh)
            .route("/logout", post(tokens::logout))
            .route("/logout-everywhere", post(owner::logout_everywhere).route_layer(token.clone()))
            .route("/session", get(owner::session).route_layer(token.clone()))
            .route("/sessions", get(owner::sessions).route_layer(token.clone()))
            .route("/sessions/{id}", delete(owner::end_session).route_layer(token))
            .route_layer(map_response(keep_nothing))
            .with_state(self)
    }
}

/// No cache keeps an answer, that of a wrong method included.
async fn keep_nothing(mut answer: Response<Body>) -> Response<Body> {
    answer.headers_mut().entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    answer
}
