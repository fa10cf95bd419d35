//! The verification, from its arguments to the exit code.

use std::process::ExitCode;

use tokio::runtime;

use super::{arguments::Arguments, asked::Asked, report::Report};
use crate::{failure::Failure, output};

/// The exit code of a token that was refused.
const REFUSED: u8 = 1;

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    // First, because `mint` at the other end of a pipe may only then have written the file with the keys.
    let token = arguments.token.read()?;
    let asked = Asked::of(arguments)?;
    let runtime = runtime::Builder::new_current_thread().enable_all().build();
    let runtime =
        runtime.map_err(|error| Failure::new(format_args!("keys cannot be waited for: {error}")))?;
    let verdict = runtime.block_on(asked.judge(&token))?;
    let code = if verdict.is_ok() { ExitCode::SUCCESS } else { ExitCode::from(REFUSED) };
    let report = Report { asked: &asked, verdict };
    match (arguments.quiet, arguments.json) {
        (true, _) => {}
        (false, true) => output::print(&report.json()?)?,
        (false, false) => output::print(&report.text())?,
    }
    Ok(code)
}
