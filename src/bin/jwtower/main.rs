//! The program `jwtower`: looks into tokens, verifies them, and makes tokens and keys for development.
//!
//! `cargo install jwtower --features cli` installs it. It uses what the crate offers to everybody, and decides
//! nothing that the crate could decide.
//!
//! The exit code is 0 where all is well, 1 where a token was refused, and 2 where the program was told something
//! that it cannot use; then one line on standard error says what was given and what is allowed.

mod completions;
mod failure;
mod keygen;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Looks into JSON Web Tokens. Nothing is sent anywhere, unless `verify` is told to fetch keys.
#[derive(Parser)]
#[command(name = "jwtower", version, max_term_width = 100)]
struct Program {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Keygen(keygen::Arguments),
    Completions(completions::Arguments),
}

fn main() -> ExitCode {
    let outcome = match Program::parse().command {
        Command::Keygen(arguments) => keygen::run(&arguments),
        Command::Completions(arguments) => completions::run(&arguments),
    };
    outcome.unwrap_or_else(|failure| failure.tell())
}
