//! Logging in, staying logged in, logging out.
//!
//! A session is one login: one family of refresh tokens, of which one is current at a time. A
//! [`SessionStore`] keeps its record, which holds nothing that logs anyone in.

#[allow(dead_code, reason = "its caller is not here yet")]
mod family;
#[allow(dead_code, reason = "its caller is not here yet")]
mod outage;
mod record;
mod store;
#[allow(dead_code, reason = "logins are to come")]
mod throttle;

pub use record::{Rotation, SessionRecord, Transport, Version};
pub use store::{Generation, Loaded, Opened, SessionStore};
