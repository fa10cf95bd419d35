//! `jwtower keygen`: new keys as files.

mod algorithm;
mod command;
mod files;
mod made;
mod numbers;
mod private_jwk;

pub(crate) use command::{Arguments, run};
