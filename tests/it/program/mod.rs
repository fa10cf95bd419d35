//! The program `jwtower`, as people run it.

mod colours;
mod completions;
mod files;
mod harness;
mod input;
mod inspect;
mod keygen;
mod mint;
mod verify;

use files::{Files, decryption_keys, signing_key};
use harness::{Outcome, program};
