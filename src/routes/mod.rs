//! axum routes for logging in, staying logged in and logging out.
//!
//! [`auth_routes`] is a router to be nested where you like, [`well_known`] one that publishes the keys,
//! [`protected_resource`] one by which clients find out where to get a token.
//! [`AuthRoutes`] has the table of what they take and answer. The example `auth_server` shows them at work.

mod address;
mod auth;
mod body;
mod delivery;
mod denial;
mod document;
mod etag;
mod form;
mod forwarded;
mod label;
mod local_path;
mod navigation;
mod owner;
mod pages;
mod protected_resource;
mod tokens;
mod unique_members;
mod well_known;

pub use address::TrustedProxies;
pub use auth::{AuthRoutes, auth_routes};
pub use pages::Pages;
pub use protected_resource::protected_resource;
pub use well_known::well_known;
