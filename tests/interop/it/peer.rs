//! Other implementations, installed under the target directory, never into the system.

use std::{
    env, fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::OnceLock,
};

use crate::example::Example;

/// A language with its JWT libraries, ready to run scripts such as `mint` and `verify`.
pub(crate) struct Peer {
    program: PathBuf,
    scripts: PathBuf,
    extension: &'static str,
    folder: PathBuf,
}

/// PyJWT and jwcrypto, if Python is here.
pub(crate) fn python() -> Option<&'static Peer> {
    static PYTHON: OnceLock<Option<Peer>> = OnceLock::new();
    PYTHON.get_or_init(|| or_skip("python", install_python())).as_ref()
}

/// npm jose, if Node is here, and one that compresses as `zip: DEF` has it.
pub(crate) fn node() -> Option<&'static Peer> {
    static NODE: OnceLock<Option<Peer>> = OnceLock::new();
    NODE.get_or_init(|| or_skip("node", install_node("node", "20.12"))).as_ref()
}

/// npm oidc-provider and oauth2-mock-server, if Node is here.
pub(crate) fn providers() -> Option<&'static Peer> {
    static PROVIDERS: OnceLock<Option<Peer>> = OnceLock::new();
    PROVIDERS.get_or_init(|| or_skip("providers", install_node("providers", "20.19"))).as_ref()
}

/// The official client of the Model Context Protocol, if Node is here.
pub(crate) fn mcp() -> Option<&'static Peer> {
    static MCP: OnceLock<Option<Peer>> = OnceLock::new();
    MCP.get_or_init(|| or_skip("mcp", install_node("mcp", "20.0"))).as_ref()
}

impl Peer {
    /// Runs a script and gives back what it printed; a script that fails fails the test.
    pub(crate) fn run(&self, script: &str, arguments: &[&str], input: &str) -> String {
        let script = self.scripts.join(script).with_extension(self.extension);
        let mut command = Command::new(&self.program);
        command
            .arg(&script)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("the peer starts");
        child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("the peer reads");
        let output = child.wait_with_output().expect("the peer ends");
        assert!(output.status.success(), "{} failed:\n{}", script.display(), text_of(&output));
        String::from_utf8(output.stdout).expect("text")
    }

    /// Starts a script that serves, and waits until it listens.
    pub(crate) fn start(&self, script: &str, arguments: &[&str]) -> Example {
        let script = self.scripts.join(script).with_extension(self.extension).display().to_string();
        Example::start(&self.program, &[&[&*script], arguments].concat())
    }

    /// A fresh folder of this peer for one purpose.
    pub(crate) fn folder(&self, purpose: &str) -> PathBuf {
        let folder = self.folder.join(purpose);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder");
        folder
    }
}

fn install_python() -> Result<Peer, String> {
    let (scripts, folder) = (sources("python"), target("python"));
    let venv = folder.join("venv");
    let program = venv.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    once(&folder, &scripts.join("requirements.txt"), || {
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&venv))?;
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"];
        run(Command::new(&program).args(pip).arg(scripts.join("requirements.txt")))
    })?;
    run(Command::new(&program).arg("--version"))?;
    Ok(Peer { program, scripts, extension: "py", folder })
}

fn install_node(scripts: &str, version: &str) -> Result<Peer, String> {
    run(Command::new("node").args(["--eval", REQUIRE, version]))?;
    let (sources, folder) = (sources(scripts), target(scripts));
    // Node looks for packages beside the script, so the scripts go where the packages are.
    for file in fs::read_dir(&sources).map_err(|error| error.to_string())? {
        let file = file.map_err(|error| error.to_string())?.path();
        if let (true, Some(name)) = (file.is_file(), file.file_name()) {
            fs::copy(&file, folder.join(name)).map_err(|error| error.to_string())?;
        }
    }
    once(&folder, &sources.join("package-lock.json"), || {
        let flags = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
        run(Command::new("npm").args(flags).current_dir(&folder))
    })?;
    Ok(Peer { program: "node".into(), scripts: folder.clone(), extension: "mjs", folder })
}

/// Fails where Node is older than the version.
const REQUIRE: &str = "
    const [wanted, here] = [process.argv[1], process.versions.node].map((text) => text.split('.').map(Number));
    if (here[0] < wanted[0] || (here[0] === wanted[0] && here[1] < wanted[1]))
        throw `this is ${process.version}, and ${wanted.join('.')} or later is needed`;
";

/// Installs, unless it was done for the same list of packages before.
fn once(folder: &Path, list: &Path, install: impl FnOnce() -> Result<(), String>) -> Result<(), String> {
    let wanted = fs::read(list).map_err(|error| error.to_string())?;
    let stamp = folder.join("installed");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    install()?;
    fs::write(stamp, wanted).map_err(|error| error.to_string())
}

fn or_skip(name: &str, installed: Result<Peer, String>) -> Option<Peer> {
    match installed {
        Ok(peer) => Some(peer),
        Err(reason) if env::var("JWTOWER_INTEROP").is_ok_and(|value| value == "require") => {
            panic!("{name} is required and cannot be used: {reason}")
        }
        Err(reason) => {
            // Not `eprintln!`: the test runner would keep that to itself.
            let _ = writeln!(std::io::stderr(), "SKIPPED: {name} cannot be used: {reason}");
            None
        }
    }
}

fn run(command: &mut Command) -> Result<(), String> {
    let program = command.get_program().display().to_string();
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("{program}: {error}"))?;
    if output.status.success() { Ok(()) } else { Err(format!("{program} failed:\n{}", text_of(&output))) }
}

fn text_of(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text)).join("\n")
}

fn sources(language: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(language)
}

fn target(language: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("interop").join(language);
    fs::create_dir_all(&folder).expect("a folder under the target directory");
    folder
}
