//! What is asked for, and what is said of it.

use std::{
    io::{self, IsTerminal},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anstream::eprintln;
use clap::{Args, ValueEnum};
use jwtower::jwe::Curve;
use zeroize::Zeroizing;

use super::{
    algorithm::Kind,
    files::{self, File},
    made::Made,
};
use crate::{failure::Failure, output};

/// Make a key, in new files.
///
/// A key pair is written to NAME.pem and NAME.jwk, which only their owner can read, and its public half to
/// NAME.jwks.json. A secret is written to NAME.secret (base64url) and NAME.jwk, which only their owner can read.
/// A file that exists is never overwritten.
#[derive(Args)]
pub(crate) struct Arguments {
    /// To sign: HS256, HS384, HS512, RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, Ed25519;
    /// to encrypt: dir, A256KW, ECDH-ES, ECDH-ES+A256KW, RSA-OAEP-256
    #[arg(value_name = "ALG")]
    algorithm: String,
    /// The curve of a key for ECDH-ES or ECDH-ES+A256KW: X25519, or P-256, which is taken unless told
    #[arg(long, value_name = "CURVE")]
    curve: Option<String>,
    /// The key's name in its JWKs (a PEM has no place for it); otherwise a pair is named by its thumbprint, and a
    /// secret has no name
    #[arg(long, value_name = "NAME")]
    kid: Option<String>,
    #[command(flatten)]
    place: Place,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
struct Place {
    /// What the files' names begin with, such as `signing` or `keys/2026-07`
    #[arg(long, value_name = "NAME")]
    out: Option<PathBuf>,
    /// Write no file, and print the private key in one form
    #[arg(long, value_name = "FORM")]
    print: Option<Form>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Form {
    /// PKCS#8, of key pairs
    Pem,
    /// A private JWK
    Jwk,
    /// base64url, of secrets
    Secret,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let kind = Kind::named(&arguments.algorithm)?;
    let curve = arguments.curve.as_deref().map(str::parse::<Curve>).transpose()?;
    let make = || Made::new(kind, curve, arguments.kid.as_deref());
    match (&arguments.place.out, arguments.place.print) {
        (Some(name), _) => {
            let name = prefix(name)?;
            write(name, &make()?, kind)?;
        }
        (None, form) => print(&make()?, form.unwrap_or(Form::Jwk), kind)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The name, where files can be named by it.
fn prefix(name: &Path) -> Result<&Path, Failure> {
    let text = name.to_string_lossy();
    if text == "-" {
        return Err(Failure::new("--out takes a name for files; for standard output take --print jwk"));
    }
    if text.ends_with(std::path::is_separator) || name.file_name().is_none() {
        return Err(Failure::new(format_args!("--out {text} names no file; write a name, such as signing")));
    }
    Ok(name)
}

fn write(name: &Path, made: &Made, kind: Kind) -> Result<(), Failure> {
    let with = |suffix: &str| {
        let mut path = name.as_os_str().to_owned();
        path.push(suffix);
        PathBuf::from(path)
    };
    let private = [(".pem", made.pem()), (".secret", made.secret()), (".jwk", Some(made.jwk()))];
    let mut files: Vec<_> = private
        .into_iter()
        .filter_map(|(suffix, text)| Some(File { path: with(suffix), text: line(text?), private: true }))
        .collect();
    let public = made.jwks().map(|text| File { path: with(".jwks.json"), text: line(text), private: false });
    files.extend(public);
    files::write(&files)?;

    let list: String = files.iter().map(|file| format!("{}\n", file.path.display())).collect();
    output::print(&list)?;
    if io::stdout().is_terminal() {
        for hint in hints(&name.display().to_string(), made, kind) {
            eprintln!("{hint}");
        }
    }
    Ok(())
}

fn print(made: &Made, form: Form, kind: Kind) -> Result<(), Failure> {
    let lacking = |form, instead| {
        Failure::new(format_args!("--print {form}: {} has none; print jwk or {instead}", kind.name()))
    };
    let text = match form {
        Form::Pem => made.pem().ok_or_else(|| lacking("pem", "secret"))?,
        Form::Secret => made.secret().ok_or_else(|| lacking("secret", "pem"))?,
        Form::Jwk => made.jwk(),
    };
    output::print(&line(text))
}

/// The text with a line break at its end.
fn line(text: &str) -> Zeroizing<String> {
    let text = text.trim_end();
    let mut line = Zeroizing::new(String::with_capacity(text.len() + 1));
    line.push_str(text);
    line.push('\n');
    line
}

/// What to do next, for whoever sits there.
fn hints(name: &str, made: &Made, kind: Kind) -> [String; 2] {
    match (kind, made.jwks().is_some()) {
        (Kind::Signing(_), true) => [
            format!("Keep {name}.pem and {name}.jwk secret; {name}.jwks.json is for whoever verifies."),
            format!(
                "Sign: jwtower mint --key {name}.jwk ..; verify: jwtower verify --jwks {name}.jwks.json .."
            ),
        ],
        (Kind::Signing(algorithm), false) => [
            "Keep both files secret; they hold the same, and whoever verifies has it too.".into(),
            format!(
                "Sign: jwtower mint --key {name}.jwk ..; verify: jwtower verify --secret-file {name}.secret --alg {algorithm} .."
            ),
        ],
        (Kind::Encryption(_), true) => [
            format!("Keep {name}.pem and {name}.jwk secret; {name}.jwks.json is for whoever encrypts."),
            format!(
                "Encrypt: jwtower mint --encrypt-to {name}.jwks.json ..; decrypt: jwtower verify --decrypt-key {name}.jwk .."
            ),
        ],
        (Kind::Encryption(_), false) => [
            "Keep both files secret; they hold the same, and whoever encrypts has it too.".into(),
            format!(
                "Encrypt: jwtower mint --encrypt-to {name}.jwk ..; decrypt: jwtower verify --decrypt-key {name}.jwk .."
            ),
        ],
    }
}
