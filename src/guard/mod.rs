//! Who may pass: rules over what a token grants, and the layer that enforces them.
//!
//! ```
//! use axum::{Router, routing::{get, post}};
//! use jwtower::{
//!     JwtAuthLayer, NoClaims, Verifier,
//!     guard::{permission, require, role},
//! };
//!
//! fn app(verifier: Verifier<NoClaims>) -> Router {
//!     Router::new()
//!         .route("/posts", post(|| async {}).layer(require(permission("posts:write"))))
//!         .route("/admin", get(|| async {}).layer(require(role("admin") & !role("suspended"))))
//!         .route_layer(JwtAuthLayer::new(verifier))
//! }
//! ```
//!
//! # Leaves
//!
//! | leaf | held by | unknown where the token has no |
//! |---|---|---|
//! | [`role`], [`any_role`] | who has the role, or one that includes it | roles claim |
//! | [`permission`] | who is granted it, by the token or by a role | permissions claim; roles claim where the [`RoleMap`](crate::claims::RoleMap) grants permissions |
//! | [`scope`] | whose token has the scope | scope claim |
//! | [`authenticated`] | everyone with an accepted token | |
//! | [`when`] | whom the application's own predicate lets pass | |
//!
//! `&`, `|`, `!`, [`all_of`] and [`any_of`] join them. What is unknown stays unknown under `!`, and only a
//! rule that is held grants. A list with nothing in it is unknown too. [`Rule`] has the details.
//!
//! # Answers
//!
//! | request | answer |
//! |---|---|
//! | the rule is held | the inner service's |
//! | the rule is not held, or unknown | 403; the challenge names the scopes, where only scopes are missing |
//! | no token, inside `JwtAuthLayer::optional()` | 401; the rule is not evaluated |
//! | outside any `JwtAuthLayer` | 500, and an event at level `error` |

mod decision;
mod display;
mod evaluate;
#[cfg(test)]
mod fixture;
mod layer;
mod missing;
mod permission;
mod rule;
mod service;
mod truth;

pub use decision::Decision;
pub use layer::{RequireLayer, require};
pub use rule::{Rule, all_of, any_of, any_role, authenticated, permission, role, scope, when};
pub use service::Require;
