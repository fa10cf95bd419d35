//! From a request to an identity: 401, or [`Claims`] and [`Principal`](crate::Principal) in the extensions.
//!
//! A [`JwtAuthLayer`] finds the token, has it verified, asks whether it was revoked, and leaves three values
//! in the request's extensions: `Claims<C>`, `Principal`, and a private one that tells guards and extractors
//! how to answer. It removes what an outer layer left there, so that an identity is never stale.

mod claims;
mod ended;
mod future;
mod layer;
mod patience;
mod service;

pub use claims::Claims;
pub use future::ResponseFuture;
pub use layer::JwtAuthLayer;
pub use service::JwtAuth;
