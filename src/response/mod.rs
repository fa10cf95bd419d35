//! How a refusal is said: the one place that turns a failure into HTTP.
//!
//! A [`Refusal`] becomes a status, a `WWW-Authenticate` challenge (RFC 6750 §3) and a problem document
//! (RFC 9457). All of its text is fixed: nothing of the token, of a claim or of a library's error is in an
//! answer. A hook given to the layer's `on_error` may change the answer; [`Refusal`] shows one.
//!
//! [`ProtectedResource`] is what a challenge can point at (RFC 9728): a document by which clients find the
//! authorization server.
//!
//! [The guide to errors](crate::guide::errors) has the table of all codes.

mod body;
#[cfg(feature = "axum")]
mod body_fault;
mod challenge;
mod context;
mod future;
mod grpc;
mod hook;
#[cfg(feature = "axum")]
pub(crate) mod oauth;
mod problem;
mod ready;
mod refusal;
mod resource;
mod settings;
mod url;

pub use body::ResponseBody;
#[cfg(feature = "axum")]
pub(crate) use body_fault::BodyFault;
pub(crate) use context::{AuthContext, respond};
pub use future::ResponseFuture;
#[cfg(feature = "axum")]
pub(crate) use problem::not_found;
pub(crate) use ready::Ready;
pub use refusal::Refusal;
pub use resource::ProtectedResource;
