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
    owner::{self, Claimed},
    tokens,
};
use crate::session::Sessions;

/// `POST /login`, `/refresh`, `/logout` and `/logout-everywhere`, `GET /session` and `/sessions`,
/// `DELETE /sessions/{id}`, to be nested where you like.
///
/// See [`AuthRoutes`] for what they take and answer, and for settings.
pub fn auth_routes<S: Clone + Send + Sync + 'static>(sessions: Sessions) -> Router<S> {
    AuthRoutes::new(sessions).into_router()
}

/// The routes for logging in and out, with their settings.
#[derive(Clone, Debug)]
#[must_use = "these are no routes until `.into_router()`"]
pub struct AuthRoutes {
    pub(super) sessions: Sessions,
    pub(super) proxies: TrustedProxies,
}

impl AuthRoutes {
    /// Routes for these sessions, with no proxy in front.
    pub fn new(sessions: Sessions) -> Self {
        Self { sessions, proxies: TrustedProxies::default() }
    }

    /// The proxies in front, whose word on the client's address counts.
    pub fn trusted_proxies(mut self, proxies: TrustedProxies) -> Self {
        self.proxies = proxies;
        self
    }

    /// The router.
    pub fn into_router<S: Clone + Send + Sync + 'static>(self) -> Router<S> {
        let bearer = self.sessions.auth_layer::<Claimed>();
        // The layer stands on the methods, so that another method is 405 and not 401.
        Router::new()
            .route("/login", post(tokens::login))
            .route("/refresh", post(tokens::refresh))
            .route("/logout", post(tokens::logout))
            .route("/logout-everywhere", post(owner::logout_everywhere).route_layer(bearer.clone()))
            .route("/session", get(owner::session).route_layer(bearer.clone()))
            .route("/sessions", get(owner::sessions).route_layer(bearer.clone()))
            .route("/sessions/{id}", delete(owner::end_session).route_layer(bearer))
            .route_layer(map_response(keep_nothing))
            .with_state(self)
    }
}

/// No cache keeps an answer, that of a wrong method included.
async fn keep_nothing(mut answer: Response<Body>) -> Response<Body> {
    answer.headers_mut().entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    answer
}
