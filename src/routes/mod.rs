//! axum routes for logging in, staying logged in and logging out.

mod address;
mod auth;
mod body;
mod etag;
mod finish;
mod form;
mod forwarded;
mod label;
mod owner;
mod tokens;
mod unique_members;
mod well_known;

pub use address::TrustedProxies;
pub use auth::{AuthRoutes, auth_routes};
pub use well_known::well_known;
