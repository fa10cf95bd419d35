//! The integration tests; each module is one subject.

mod bad_tokens;
