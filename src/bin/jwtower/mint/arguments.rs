//! What `mint` is told.

use std::path::PathBuf;

use clap::Args;
use jwtower::Algorithm;

use super::{claims::ClaimArguments, lifetime::Lifetime, recipient::RecipientArguments};
use crate::moment::Moment;

/// Make a token for development
///
/// It is an access token as RFC 9068 has it, and stands alone on standard output:
///
/// jwtower mint --key dev.pem --issuer me --audience api --subject alice | jwtower verify --jwks dev.jwks.json ..
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) key: KeyArguments,
    /// The algorithm of the key, where it does not tell: an RSA key, or a secret (HS256 unless told)
    #[arg(long, value_name = "ALG", conflicts_with = "generate")]
    pub(crate) alg: Option<Algorithm>,
    /// The name of the key, the token's `kid`
    #[arg(long)]
    pub(crate) kid: Option<String>,
    /// Write the public key, as a JWK Set, into this file; another JWK Set there is replaced
    #[arg(long, value_name = "FILE")]
    pub(crate) jwks_out: Option<PathBuf>,
    /// Write EdDSA for Ed25519, for those who do not know the newer name
    #[arg(long)]
    pub(crate) legacy_eddsa_name: bool,
    /// The token's `iss`
    #[arg(long)]
    pub(crate) issuer: String,
    /// The token's `aud`; may be given several times
    #[arg(long, required = true)]
    pub(crate) audience: Vec<String>,
    /// The token's `sub`
    #[arg(long)]
    pub(crate) subject: String,
    /// The token's `client_id`; the issuer unless told
    #[arg(long)]
    pub(crate) client_id: Option<String>,
    /// How long it lives, such as 90s, 10m, 8h or 7d, less up to 5 % by chance; 10m unless told
    #[arg(long, value_name = "TIME")]
    pub(crate) lifetime: Option<Lifetime>,
    /// Make it as if it were this moment: 2026-01-31T12:00:00Z, or seconds since 1970
    #[arg(long, value_name = "TIME")]
    pub(crate) issued_at: Option<Moment>,
    #[command(flatten)]
    pub(crate) claims: ClaimArguments,
    #[command(flatten)]
    pub(crate) recipient: RecipientArguments,
}

/// The key, from exactly one place.
#[derive(Args)]
#[group(required = true, multiple = false)]
pub(crate) struct KeyArguments {
    /// The file of the key that signs: a private key as PEM or JWK, or a secret in base64
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    /// Sign with a key that is thrown away; --jwks-out keeps what verifies the token
    #[arg(long, value_name = "ALG", requires = "jwks_out")]
    pub(crate) generate: Option<Algorithm>,
}
