//! Logging in, staying logged in, logging out.
//!
//! A session is one login: one family of refresh tokens, of which one is current at a time. [`Sessions`] does
//! it all; [`Accounts`] are the application's users; a [`SessionStore`] keeps records, which hold nothing that
//! logs anyone in. [The guide](crate::guide::sessions) tells the life of a session.

mod accounts;
mod builder;
#[cfg(feature = "jwe")]
mod decrypt;
mod ending;
mod erased;
mod event;
mod family;
mod keys;
mod login;
mod logout;
mod options;
mod outage;
mod record;
mod refresh;
mod refresh_token;
mod scope;
mod sessions;
#[cfg(any(test, feature = "testing"))]
mod specimen;
mod store;
mod throttle;
mod view;

pub use crate::error::BoxError;
pub use accounts::Accounts;
pub use builder::SessionsBuilder;
pub use ending::Ended;
pub use event::{EventKind, SessionEvent};
pub use login::PendingLogin;
pub use options::{Login, Refresh};
pub use record::{Rotation, SessionRecord, Transport, Version};
pub use sessions::Sessions;
pub(crate) use store::LISTED;
pub use store::{Generation, Loaded, Opened, SessionStore};
pub use view::Session;
