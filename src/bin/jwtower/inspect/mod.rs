//! Shows what is in a token, and verifies nothing.

mod algorithms;
mod claims;
mod command;
mod confidential;
mod decrypt;
mod finding;
mod header;
mod json;
mod kind;
mod node;
mod parts;
mod report;
mod text;
mod times;
mod words;

pub(crate) use command::{Arguments, run};
