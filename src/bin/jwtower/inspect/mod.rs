//! Shows what is in a token, and verifies nothing.

mod command;

pub(crate) use command::{Arguments, run};
