//! The program `jwtower`, as people run it.

mod colours;
mod completions;
mod harness;
mod input;
mod inspect;
mod keygen;

use harness::program;
