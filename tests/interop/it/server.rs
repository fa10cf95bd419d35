//! The example `resource_server` as a process.

use std::{
    io::{BufRead as _, BufReader},
    path::PathBuf,
    process::{Child, ChildStdout, Command, Stdio},
    sync::OnceLock,
};

use serde_json::Value;

use crate::http::{self, Answer};

/// A running server, ended on drop.
pub(crate) struct Server {
    process: Child,
    address: String,
    /// Kept open, so that the server can go on printing.
    _output: BufReader<ChildStdout>,
}

impl Server {
    /// Starts the example on a free port and waits until it listens.
    pub(crate) fn start(arguments: &[String]) -> Self {
        let mut command = Command::new(program());
        command.args(arguments).args(["--listen", "127.0.0.1:0"]).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut process = command.spawn().expect("resource_server starts");
        let mut output = BufReader::new(process.stdout.take().expect("a pipe"));
        let mut line = String::new();
        let _ = output.read_line(&mut line).expect("a line");
        let address = line.trim().strip_prefix("listening on http://").expect("an address").to_owned();
        Self { process, address, _output: output }
    }

    pub(crate) fn get(&self, path: &str, token: Option<&str>) -> Answer {
        http::send(&self.address, "GET", path, token)
    }

    pub(crate) fn post(&self, path: &str, token: &str) -> Answer {
        http::send(&self.address, "POST", path, Some(token))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Builds the example, once, and finds it by what cargo reports.
fn program() -> &'static PathBuf {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let what = ["build", "--package", "jwtower", "--example", "resource_server"];
        let mut cargo = Command::new(env!("CARGO"));
        let _ = cargo.args(what).arg("--message-format=json-render-diagnostics").stderr(Stdio::inherit());
        let output = cargo.current_dir(env!("CARGO_MANIFEST_DIR")).output().expect("cargo runs");
        assert!(output.status.success(), "resource_server does not build");
        let messages = String::from_utf8(output.stdout).expect("text");
        let artifacts = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let mut programs =
            artifacts.filter_map(|artifact| artifact["executable"].as_str().map(PathBuf::from));
        programs.next().expect("cargo names the program")
    })
}
