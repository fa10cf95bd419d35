//! Keys that are fetched from a server, also from one that misbehaves.

mod discovery;
mod faults;
mod first;
mod fixture;
mod flood;
mod known;
mod odd_sets;
mod time;
