//! Arguments that clap cannot use.

use std::{env, io::Write as _, process::ExitCode};

use clap::error::Error;

/// The longest argument that is quoted; names of options and subcommands are shorter.
const LONGEST: usize = 20;

/// Says what is wrong with the arguments, or prints the help that was asked for, and ends the program.
///
/// What clap would quote may be a token or a key that stood in the wrong place.
pub(crate) fn tell(error: &Error) -> ExitCode {
    let mut text = error.render().ansi().to_string();
    if error.use_stderr() {
        for argument in env::args_os().skip(1) {
            let argument = argument.to_string_lossy();
            let value = argument.split_once('=').map_or("", |(_, value)| value);
            for long in [&*argument, value].into_iter().filter(|text| text.len() > LONGEST) {
                text = text.replace(long, "..");
            }
        }
        let _ = anstream::stderr().write_all(text.as_bytes());
    } else {
        let _ = anstream::stdout().write_all(text.as_bytes());
    }
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(u8::MAX))
}
