//! An example of the repository as a process.

use std::{
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
};

use serde_json::Value;

/// A running example, ended on drop.
pub(crate) struct Example {
    process: Child,
    address: String,
    printed: String,
    /// Kept open, so that the example can go on printing.
    _output: BufReader<ChildStdout>,
}

impl Example {
    /// Starts a program and waits until it says where it listens.
    pub(crate) fn start(program: &Path, arguments: &[&str]) -> Self {
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut process = command.spawn().expect("the example starts");
        let mut output = BufReader::new(process.stdout.take().expect("a pipe"));
        let mut printed = String::new();
        let address = loop {
            let mut line = String::new();
            assert_ne!(output.read_line(&mut line).expect("a line"), 0, "it ended and said {printed}");
            if let Some(address) = line.trim().strip_prefix("listening on http://") {
                break address.to_owned();
            }
            printed.push_str(&line);
        };
        Self { process, address, printed, _output: output }
    }

    /// Host and port.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// What stands between two texts in what it printed before it listened.
    pub(crate) fn printed_between(&self, before: &str, after: &str) -> &str {
        let (_, rest) = self.printed.split_once(before).expect("it prints the text before");
        rest.split_once(after).expect("it prints the text after").0
    }
}

impl Example {
    /// Ends it at once, as `kill -9` does.
    pub(crate) fn kill(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for Example {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Builds an example and finds the program by what cargo reports.
pub(crate) fn build(package: &str, example: &str, features: &[&str]) -> PathBuf {
    let mut cargo = Command::new(env!("CARGO"));
    let _ = cargo.args(["build", "--package", package, "--example", example]);
    let _ = cargo.args(["--features", &features.join(",")]);
    let _ = cargo.arg("--message-format=json-render-diagnostics").stderr(Stdio::inherit());
    let output = cargo.current_dir(env!("CARGO_MANIFEST_DIR")).output().expect("cargo runs");
    assert!(output.status.success(), "{example} does not build");
    let messages = String::from_utf8(output.stdout).expect("text");
    let artifacts = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut programs = artifacts.filter_map(|artifact| artifact["executable"].as_str().map(PathBuf::from));
    programs.next().expect("cargo names the program")
}
