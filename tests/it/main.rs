//! The integration tests; each module is one subject.

mod answers;
mod bad_tokens;
mod layer;
mod log;
mod no_secrets;
