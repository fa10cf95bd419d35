//! What the program prints.

use std::io::{self, Write as _};

use clap::ColorChoice;

use crate::failure::Failure;

/// Decides about colours for the whole program.
pub(crate) fn use_colours(when: ColorChoice) {
    match when {
        ColorChoice::Auto => anstream::ColorChoice::Auto,
        ColorChoice::Always => anstream::ColorChoice::Always,
        ColorChoice::Never => anstream::ColorChoice::Never,
    }
    .write_global();
}

/// Prints a text to standard output, in colours where a terminal takes them.
///
/// A reader that has seen enough and closed the pipe, as `head` does, is no failure.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut stream = anstream::stdout();
    match stream.write_all(text.as_bytes()).and_then(|()| stream.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::new(format_args!("standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// Prints a line to standard error, which is for people; where that is closed there is nobody to tell.
pub(crate) fn tell(line: &str) {
    let _ = writeln!(anstream::stderr(), "jwtower: {line}");
}
