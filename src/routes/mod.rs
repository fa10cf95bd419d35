//! axum routes for logging in, staying logged in and logging out.

mod body;
mod form;
mod unique_members;
