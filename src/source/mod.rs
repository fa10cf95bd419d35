//! Where the token is: in a header of the request, and only once.
//!
//! [`Bearer`] is the default and what clients expect. [`Header`] and [`WebSocketProtocol`] are for clients
//! that cannot send `Authorization`; a [`TokenSource`] of your own is for the rest. A source sees the
//! headers and nothing else, so a token in the query or in the body does not exist (RFC 9700 §4.3.2).
//!
//! A request with more than one token is refused with 400, whichever of them is good (RFC 6750 §2).

mod bearer;
mod credentials;
mod header;
mod sources;
mod token_source;
mod websocket;

pub use bearer::Bearer;
#[cfg(feature = "cookie")]
pub(crate) use credentials::{b64token, is_name};
pub use header::Header;
pub(crate) use sources::Sources;
pub use token_source::{Found, SourceError, TokenSource};
pub use websocket::WebSocketProtocol;
