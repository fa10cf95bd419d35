//! Runs of the program `jwtower`, built once.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::OnceLock,
};

use serde_json::Value;

/// One run to be.
pub(super) struct Run {
    command: Command,
}

/// What came of it.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) code: i32,
    pub(super) stdout: String,
    pub(super) stderr: String,
}

/// A run with these arguments.
pub(super) fn program<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Run {
    let mut command = Command::new(executable());
    let _ = command.args(arguments).stdin(Stdio::null());
    Run { command }
}

impl Run {
    /// The working directory.
    pub(super) fn folder(mut self, folder: &Path) -> Self {
        let _ = self.command.current_dir(folder);
        self
    }

    /// Runs it to its end.
    pub(super) fn run(mut self) -> Outcome {
        let output = self.command.output().expect("the program starts and ends");
        let text = |bytes| String::from_utf8(bytes).expect("it prints UTF-8");
        let code = output.status.code().expect("no signal ends it");
        Outcome { code, stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

impl Outcome {
    /// The one line that says why the program cannot go on.
    pub(super) fn failure(&self) -> &str {
        assert_eq!((self.code, &*self.stdout), (2, ""), "{self:?}");
        let mut lines = self.stderr.lines();
        let line =
            lines.next().and_then(|line| line.strip_prefix("jwtower: ")).expect("a line that says why");
        assert_eq!(lines.next(), None, "{self:?}");
        line
    }
}

/// The program's file, found by what cargo reports.
fn executable() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let mut cargo = Command::new(env!("CARGO"));
        let _ = cargo.args(["build", "--package", "jwtower", "--bin", "jwtower", "--features", "cli"]);
        let _ = cargo.arg("--message-format=json-render-diagnostics").stderr(Stdio::inherit());
        let output = cargo.current_dir(env!("CARGO_MANIFEST_DIR")).output().expect("cargo runs");
        assert!(output.status.success(), "the program does not build");
        let messages = String::from_utf8(output.stdout).expect("text");
        let artifacts = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let mut programs =
            artifacts.filter_map(|artifact| artifact["executable"].as_str().map(PathBuf::from));
        programs.next().expect("cargo names the program")
    })
}
