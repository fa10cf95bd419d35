//! Completions for shells.

use std::process::ExitCode;

use clap::{Args, CommandFactory};
use clap_complete::{Shell, generate};

use crate::{Program, failure::Failure, output};

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
    output::print(&String::from_utf8_lossy(&text))?;
    Ok(ExitCode::SUCCESS)
}
