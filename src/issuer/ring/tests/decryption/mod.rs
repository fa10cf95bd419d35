//! The same of decryption keys.

mod fixture;
mod life;
mod nodes;
mod secrecy;
mod senders;
