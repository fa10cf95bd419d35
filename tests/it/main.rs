//! The integration tests; each module is one subject.

mod compile_fail;
mod tidy;
