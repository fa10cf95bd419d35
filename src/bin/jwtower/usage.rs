//! Arguments that clap cannot use.

use std::{env, error::Error as _, io::Write as _, process::ExitCode};

use clap::error::{ContextKind, Error, ErrorKind};

use crate::output;

/// The longest argument that is quoted; names of options and subcommands are shorter.
const LONGEST: usize = 20;

/// Says what is wrong with the arguments, or prints the help that was asked for, and ends the program.
pub(crate) fn tell(error: &Error) -> ExitCode {
    if !error.use_stderr() {
        let _ = anstream::stdout().write_all(error.render().ansi().to_string().as_bytes());
    } else if let Some(problem) = problem_of_a_value(error) {
        output::tell(&quoted(problem));
    } else {
        let _ = anstream::stderr().write_all(quoted(error.render().ansi().to_string()).as_bytes());
    }
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(u8::MAX))
}

/// What is wrong with the value of an option, which needs no word about the others.
fn problem_of_a_value(error: &Error) -> Option<String> {
    let option = error.get(ContextKind::InvalidArg).filter(|_| error.kind() == ErrorKind::ValueValidation)?;
    let option = option.to_string();
    Some(format!("{}: {}", option.split(' ').next().unwrap_or_default(), error.source()?))
}

/// The same without long arguments: each may be a token or a key that stood in the wrong place.
fn quoted(mut text: String) -> String {
    for argument in env::args_os().skip(1) {
        let argument = argument.to_string_lossy();
        let value = argument.split_once('=').map_or("", |(_, value)| value);
        for long in [&*argument, value].into_iter().filter(|text| text.len() > LONGEST) {
            text = text.replace(&format!("{long:?}"), "\"..\"").replace(long, "..");
        }
    }
    text
}
