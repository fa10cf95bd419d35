//! JWT authentication and role-based access for tower, axum and hyper.

mod clock;
mod error;
mod telemetry;
mod token;

pub mod claims;
pub mod guard;
pub mod keys;
pub mod response;
pub mod source;

pub use claims::{NoClaims, Principal};
pub use clock::{Clock, SystemClock};
pub use error::{AuthError, ConfigError, ErrorKind};
pub use keys::Algorithm;
pub use token::AccessToken;
