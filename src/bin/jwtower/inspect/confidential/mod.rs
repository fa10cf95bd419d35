//! Claims that should not be in a token that anybody can read: secrets and personal data.

mod identifier;
mod numbers;
mod personal;
mod secrets;
mod walk;

pub(super) use walk::{Readers, find};
