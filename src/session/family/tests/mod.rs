//! The rotation table row by row, and its promises held against random schedules.
//!
//! [`world`] runs requests step by step against a store that forgets, jumps and goes away, with the real
//! [`present`](super::present) and the real tracker of outages. [`ledger`] knows none of their rules: it is
//! the set of tokens that were issued, and says of each what its holder was promised.

mod act;
mod broken;
mod campaign;
mod faults;
mod generations;
mod ledger;
mod named;
mod random;
mod request;
mod rules;
mod run;
mod store;
mod table;
mod two_hands;
mod world;
