//! Keys that come over a real connection, from a server that misbehaves.

mod discovery;
mod faults;
mod first;
mod fixture;
mod known;
mod odd_sets;
mod time;
