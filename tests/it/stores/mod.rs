//! Stores: the suite that checks them, and what it catches.

mod broken;
mod suite;
