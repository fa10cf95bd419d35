//! What the program cannot go on with.

use std::{
    fmt::{self, Display},
    process::ExitCode,
};

use crate::output;

/// One line for standard error; it holds no token and no key.
#[derive(Debug)]
pub(crate) struct Failure(String);

impl Failure {
    /// The exit code of input that cannot be used, as clap has it.
    const CODE: u8 = 2;

    pub(crate) fn new(problem: impl Display) -> Self {
        Self(problem.to_string())
    }

    /// Says it, and ends the program.
    pub(crate) fn tell(&self) -> ExitCode {
        output::tell(&self.0);
        ExitCode::from(Self::CODE)
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<jwtower::ConfigError> for Failure {
    fn from(error: jwtower::ConfigError) -> Self {
        Self::new(error)
    }
}
