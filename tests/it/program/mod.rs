//! The program `jwtower`, as people run it.

mod harness;
mod keygen;

use harness::program;
