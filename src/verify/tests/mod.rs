//! What only the crate itself can build: keys that change, and verifiers without a claims type.

mod live_keys;
mod replicated;
mod support;
mod untyped;
