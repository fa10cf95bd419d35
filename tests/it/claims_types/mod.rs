//! What the application's claims type may be, and what is captured beside it.

mod authorities;
mod fixture;
mod maps;
mod refusals;
mod structs;
mod variants;
