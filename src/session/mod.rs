//! Logging in, staying logged in, logging out.
//!
//! A session is one login: one family of refresh tokens, of which one is current at a time. A
//! [`SessionStore`] keeps its record, which holds nothing that logs anyone in.

mod record;
#[cfg(any(test, feature = "testing"))]
mod specimen;
mod store;

pub use record::{Rotation, SessionRecord, Transport, Version};
pub use store::{Generation, Loaded, Opened, SessionStore};
