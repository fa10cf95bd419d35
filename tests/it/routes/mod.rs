//! The routes for logging in and out, as a client meets them.

mod abandoned;
mod addresses;
mod bodies;
mod cookies;
mod enumeration;
mod failing;
mod fixture;
mod known;
mod life;
mod methods;
mod owner;
mod store;
mod throttling;
mod tokens;
