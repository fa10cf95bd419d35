//! Puts a rule in front of a service.

use tower_layer::Layer;

use super::{Rule, service::Require};

/// Lets only those requests pass whose token fulfils a rule; made by [`require`].
///
/// A clone shares the rule.
#[derive(Clone, Debug)]
pub struct RequireLayer {
    rule: Rule,
}

/// Lets only those requests pass whose token fulfils the rule: 403 for others, 401 without a token.
///
/// It goes inside a `JwtAuthLayer`: on one route, on a nested router, or around a plain tower service.
///
/// ```
/// use axum::{Router, routing::{delete, get}};
/// use jwtower::{
///     JwtAuthLayer, NoClaims, Verifier,
///     guard::{require, role},
/// };
///
/// fn app(verifier: Verifier<NoClaims>) -> Router {
///     let admin = Router::new()
///         .route("/users", get(|| async {}))
///         .route("/users/{id}", delete(|| async {}).layer(require(role("owner"))))
///         .route_layer(require(role("admin")));
///     Router::new()
///         .route("/me", get(|| async {}))
///         .nest("/admin", admin)
///         .route_layer(JwtAuthLayer::new(verifier))
/// }
/// ```
///
/// # Security
///
/// In axum a layer covers what was added before it, and nothing else: write `.route_layer(require(..))` after
/// the routes, and on one route `get(read).post(write).layer(require(..))` after the methods. Where two
/// guards cover a route, a request must pass both.
pub fn require(rule: Rule) -> RequireLayer {
    RequireLayer { rule }
}

impl<S> Layer<S> for RequireLayer {
    type Service = Require<S>;

    fn layer(&self, inner: S) -> Require<S> {
        Require::new(inner, self.rule.clone())
    }
}
