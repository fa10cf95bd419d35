//! axum routes for logging in, staying logged in and logging out.

mod address;
mod body;
mod form;
mod forwarded;
mod unique_members;

pub use address::TrustedProxies;
