//! Sessions as an application uses them, on every store.

mod ending;
mod events;
mod failing;
mod fixture;
mod guessing;
mod keys;
mod leaks;
mod lifecycle;
mod races;
mod scopes;
mod settings;
