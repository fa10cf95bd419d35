//! The subcommand.

use std::{path::PathBuf, process::ExitCode};

use clap::Args;
use jiff::{Timestamp, tz::TimeZone};

use super::{
    decrypt,
    report::{Form, Origin, Report},
    times::Now,
};
use crate::{failure::Failure, input::TokenArgument, output};

/// Show what is in a token, and what is unusual about it; nothing is verified or sent
#[derive(Args)]
#[command(after_long_help = ABOUT_JSON)]
pub(crate) struct Arguments {
    #[command(flatten)]
    token: TokenArgument,
    /// Print one JSON object; `--help` says what is in it
    #[arg(long)]
    json: bool,
    /// Open an encrypted token with the key in this file
    ///
    /// The file holds a PEM, a private JWK, or a secret in base64. Where it does not open the token, the exit code
    /// is 1.
    #[arg(long, value_name = "FILE")]
    decrypt_key: Option<PathBuf>,
    /// Judge dates as of this time, such as 2026-03-01T12:00:00Z or seconds since 1970
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    at: Option<Timestamp>,
}

const ABOUT_JSON: &str = "\
What --json prints, in this order; more members may come:
  verified   false
  form       signed, unsigned, encrypted or broken
  kind       access token, ID token, refresh token, logout token, security event token,
             token of another type, or token
  bytes      the size of the token, and of its signature or its encrypted_key, ciphertext and tag
  header     the header as it is, with members that come twice; null where it cannot be read; in it
             a string for a number beyond 1e308, and null for what nests deeper than 100 levels
  claims     the same of the claims; null also where they are encrypted
  times      for each of iat, nbf, exp, auth_time and updated_at that is a number: seconds as the token
             has it, local (RFC 3339, null where there is no such date) and words
  lifetime   seconds between iat and exp, or null
  scopes     the single scopes of scope and scp
  findings   the worst first, each with a level (error: nobody should take such a token; warning:
             somebody probably did not mean it; note: good to know), a code that stays the same,
             the member as a JSON pointer into this object or null, and a message
  inner      the same object for the decrypted token, or null

The exit code is 0 where a token was shown, however bad it is, and 2 where there is none.";

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let token = arguments.token.read()?;
    let now = Now {
        at: arguments.at.unwrap_or_else(Timestamp::now),
        // A zone that is not installed is better than no answer.
        zone: TimeZone::try_system().unwrap_or(TimeZone::UTC),
    };
    let mut report = Report::new(&token, Origin::Outside, &now);
    let mut code = ExitCode::SUCCESS;
    if let Some(file) = &arguments.decrypt_key {
        match report.form {
            Form::Encrypted { .. } => match decrypt::key(file, &report)?.decrypt(&token) {
                Ok(inner) => {
                    report.inner = Some(Box::new(Report::new(inner.secret(), Origin::Decrypted, &now)));
                }
                Err(error) => {
                    report.refuse(error.code(), error.to_string());
                    code = ExitCode::FAILURE;
                }
            },
            Form::Signed { .. } | Form::Broken => {
                output::tell("hint: the token is not encrypted, so the key was not used");
            }
        }
    }
    output::print(&if arguments.json { report.to_json() } else { report.to_text() })?;
    Ok(code)
}

fn parse_time(text: &str) -> Result<Timestamp, String> {
    let seconds = text.parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    let expected = "it is neither a time such as 2026-03-01T12:00:00Z nor seconds since 1970";
    seconds.or_else(|| text.parse().ok()).ok_or_else(|| expected.to_owned())
}
