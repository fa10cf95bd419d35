//! `Claims` and `Principal` as axum extractors.
//!
//! A plain one demands an identity: without one it answers 401. `Option<..>` is `None` for an anonymous
//! request. Neither decides anything: the layer did. Without a layer around the route both answer 500, and
//! an event at level `error` names what is missing.

mod claims;
mod principal;
mod rejection;

pub use rejection::AuthRejection;
