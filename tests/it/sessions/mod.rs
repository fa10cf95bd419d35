//! Sessions as an application uses them, on every store.

mod clocks;
mod decryption_ring;
mod ending;
mod events;
mod failing;
mod fixture;
mod guessing;
mod issuers;
mod keys;
mod leaks;
mod lifecycle;
mod races;
mod scopes;
mod settings;
