//! The module's tests; keys are made at run time.

mod jwk_entries;
mod pems;
mod private_bytes;
mod private_jwks;
mod private_pems;
mod round_trips;
mod secrets;
mod selection;
mod sets;
pub(crate) mod support;
