//! Stores: the suite that checks them, what it catches, and what a file survives.

mod broken;
mod crash;
mod faults;
mod file;
mod suite;
