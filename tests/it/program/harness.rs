//! Runs of the program `jwtower`, built once.

use std::{
    ffi::OsStr,
    io::{ErrorKind, Write as _},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::OnceLock,
    thread,
};

use serde_json::Value;

/// One run to be. Standard input is empty unless told, and the time zone is UTC.
pub(super) struct Run {
    command: Command,
    input: Vec<u8>,
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
    let _ = command.args(arguments).env("TZ", "UTC");
    for colours in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
        let _ = command.env_remove(colours);
    }
    Run { command, input: Vec::new() }
}

impl Run {
    pub(super) fn stdin(mut self, input: impl AsRef<[u8]>) -> Self {
        self.input = input.as_ref().to_vec();
        self
    }

    pub(super) fn env(mut self, name: &str, value: &str) -> Self {
        let _ = self.command.env(name, value);
        self
    }

    /// The working directory.
    pub(super) fn folder(mut self, folder: &Path) -> Self {
        let _ = self.command.current_dir(folder);
        self
    }

    /// Runs it to its end.
    pub(super) fn run(mut self) -> Outcome {
        let _ = self.command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = self.command.spawn().expect("the program starts");
        let mut stdin = process.stdin.take().expect("a pipe");
        let input = self.input;
        // Of a thread's own, because the program may print before it has read everything.
        let writer = thread::spawn(move || match stdin.write_all(&input) {
            // It may also end without reading.
            Err(error) if error.kind() != ErrorKind::BrokenPipe => panic!("{error}"),
            _ => {}
        });
        let output = process.wait_with_output().expect("the program ends");
        writer.join().expect("the input is written");
        let text = |bytes| String::from_utf8(bytes).expect("it prints UTF-8");
        let code = output.status.code().expect("no signal ends it");
        Outcome { code, stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

impl Outcome {
    /// The one line that says why the program cannot go on; the hint about shells aside.
    pub(super) fn failure(&self) -> &str {
        assert_eq!((self.code, &*self.stdout), (2, ""), "{self:?}");
        let mut lines = self.stderr.lines().filter(|line| !line.starts_with("jwtower: hint: "));
        let line =
            lines.next().and_then(|line| line.strip_prefix("jwtower: ")).expect("a line that says why");
        assert_eq!(lines.next(), None, "{self:?}");
        line
    }
}

/// The program's file, found by what cargo reports.
pub(super) fn executable() -> &'static Path {
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
