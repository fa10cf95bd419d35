//! The subcommand.

use std::process::ExitCode;

use clap::Args;

use crate::{base64, failure::Failure, input::TokenArgument, output, visible};

/// Show what is in a token; nothing is verified
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    token: TokenArgument,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let token = arguments.token.read()?;
    for (name, segment) in ["header", "claims"].into_iter().zip(token.split('.')) {
        let bytes = base64::strict(segment).or_else(|| base64::lenient(segment)).unwrap_or_default();
        output::print(&format!("{name} {}\n", visible::quoted(&String::from_utf8_lossy(&bytes))))?;
    }
    Ok(ExitCode::SUCCESS)
}
