//! The example `resource_server`.

use std::{path::PathBuf, sync::OnceLock};

use crate::{
    example::{self, Example},
    http::{self, Answer},
};

/// A running server, ended on drop.
pub(crate) struct Server(Example);

impl Server {
    /// Starts the example on a free port and waits until it listens.
    pub(crate) fn start(arguments: &[String]) -> Self {
        static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
        let program = PROGRAM.get_or_init(|| example::build("jwtower", "resource_server", &["jwks-client"]));
        let given = arguments.iter().map(String::as_str);
        let arguments: Vec<&str> = given.chain(["--listen", "127.0.0.1:0"]).collect();
        Self(Example::start(program, &arguments))
    }

    pub(crate) fn get(&self, path: &str, token: Option<&str>) -> Answer {
        http::send(self.0.address(), "GET", path, token)
    }

    pub(crate) fn post(&self, path: &str, token: &str) -> Answer {
        http::send(self.0.address(), "POST", path, Some(token))
    }
}
