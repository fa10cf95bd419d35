//! The program `jwtower`: looks into tokens, verifies them, and makes tokens and keys for development.
//!
//! `cargo install --locked --path . --features cli` installs it. It uses what the crate offers to everybody, and decides
//! nothing that the crate could decide.
//!
//! The exit code is 0 where all is well, 1 where a token was refused, and 2 where the program was told something
//! that it cannot use; then one line on standard error says what was given and what is allowed.

mod base64;
mod completions;
mod decryption;
mod failure;
mod file;
mod input;
mod inspect;
mod keygen;
mod mint;
mod moment;
mod output;
mod pem;
mod usage;
mod verify;
mod visible;

use std::process::ExitCode;

use clap::{ColorChoice, Parser, Subcommand};

/// Looks into JSON Web Tokens. Nothing is sent anywhere, unless `verify` is told to fetch keys.
#[derive(Parser)]
#[command(name = "jwtower", version, max_term_width = 100)]
struct Program {
    /// Whether to use colours; `auto` does on a terminal, unless `NO_COLOR` is set
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: ColorChoice,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Inspect(inspect::Arguments),
    Verify(verify::Arguments),
    Mint(mint::Arguments),
    Keygen(keygen::Arguments),
    Completions(completions::Arguments),
}

fn main() -> ExitCode {
    let program = match Program::try_parse() {
        Ok(program) => program,
        Err(error) => return usage::tell(&error),
    };
    output::use_colours(program.color);
    let outcome = match program.command {
        Command::Inspect(arguments) => inspect::run(&arguments),
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Mint(arguments) => mint::run(&arguments),
        Command::Keygen(arguments) => keygen::run(&arguments),
        Command::Completions(arguments) => completions::run(&arguments),
    };
    outcome.unwrap_or_else(|failure| failure.tell())
}
