//! The module's tests; keys are made at run time.

mod names;
mod nested;
mod pems;
mod points;
mod private_jwks;
mod public_jwks;
mod round_trips;
mod secrets;
mod selection;
mod support;
mod vectors;
