//! The integration tests; each module is one subject.

mod claims_types;
mod compile_fail;
mod issuer;
mod no_panic;
mod oracle;
mod tidy;
