//! Completions for shells.

use std::{io, process::ExitCode};

use clap::{Args, CommandFactory};
use clap_complete::{Shell, generate};

use crate::{Program, failure::Failure};

/// Print completions for a shell.
///
/// For bash: `jwtower completions bash > ~/.local/share/bash-completion/completions/jwtower`
#[derive(Args)]
pub(crate) struct Arguments {
    shell: Shell,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let mut text = Vec::new();
    generate(arguments.shell, &mut Program::command(), "jwtower", &mut text);
    io::Write::write_all(&mut io::stdout(), &text)
        .map_err(|error| Failure::new(format_args!("standard output: {error}")))?;
    Ok(ExitCode::SUCCESS)
}
