//! JWT authentication and role-based access for tower, axum and hyper.

mod clock;
mod error;
mod telemetry;
mod token;

pub mod keys;

pub use clock::{Clock, SystemClock};
pub use error::{AuthError, ConfigError, ErrorKind};
pub use keys::{Algorithm, KeySet, Secret, SigningKey};
pub use token::AccessToken;
