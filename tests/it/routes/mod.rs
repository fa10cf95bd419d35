//! The routes for logging in and out, as a client meets them.

mod abandoned;
mod addresses;
mod bodies;
pub(crate) mod cookies;
mod enumeration;
mod failing;
pub(crate) mod fixture;
mod known;
mod life;
mod methods;
mod owner;
mod pages;
mod store;
mod throttling;
mod tokens;
