//! What `verify` is told.

use clap::Args;

use super::{demands::Demands, keys::KeyArguments};
use crate::{decryption::DecryptionArguments, input::TokenArgument};

/// Verify a token, and say which step it fails
///
/// The exit code is 0 where the token is good, 1 where it is refused, and 2 where it cannot be told. Whether it
/// was revoked is not asked.
#[derive(Args)]
#[command(after_long_help = ABOUT_JSON)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) token: TokenArgument,
    #[command(flatten)]
    pub(crate) keys: KeyArguments,
    #[command(flatten)]
    pub(crate) demands: Demands,
    #[command(flatten)]
    pub(crate) decryption: DecryptionArguments,
    /// Print one JSON object; `--help` says what is in it
    #[arg(long, conflicts_with = "quiet")]
    pub(crate) json: bool,
    /// Print nothing: the exit code tells
    #[arg(long)]
    pub(crate) quiet: bool,
}

const ABOUT_JSON: &str = "\
What --json prints, in this order; more members may come:
  valid       true or false, as the exit code
  code        why the token is refused, or null
  meaning     what the code means, or null
  advice      what to do about it, in words that may change, or null
  subject     the sub of a token that is good, or null
  issuer      its iss, or null
  expires_at  its exp, or null
  steps       every step in its order, with an outcome: passed, failed or not_reached

The exit code is 0 where the token is good, 1 where it is refused, and 2 where something cannot be used.";
