//! What is demanded of a token.

use std::time::Duration;

use clap::Args;
use jwtower::{
    Algorithm, ConfigError, Verifier,
    jwe::DecryptionKeys,
    keys::KeySource,
    verify::{AudienceGiven, IssuerGiven, KeysGiven, VerifierBuilder},
};
use serde_json::{Map, Value};

use crate::moment::Moment;

/// Any claims; to be verified they need not mean anything.
pub(crate) type AnyClaims = Map<String, Value>;

#[derive(Args)]
pub(crate) struct Demands {
    /// The algorithm of the secret (HS256 unless told) or of the key; of a JWK Set, the only one that is accepted
    #[arg(long, value_name = "ALG")]
    pub(crate) alg: Option<Algorithm>,
    /// The issuer that the token must be of, its `iss`
    #[arg(
        long,
        required_unless_present_any = ["any_issuer", "discover"],
        conflicts_with_all = ["any_issuer", "discover"],
    )]
    pub(crate) issuer: Option<String>,
    /// Take tokens of any issuer, or without one
    #[arg(long, conflicts_with = "discover")]
    pub(crate) any_issuer: bool,
    /// The service that the token must be for, in its `aud`; of several, one is enough
    #[arg(long, required_unless_present = "any_audience", conflicts_with = "any_audience")]
    pub(crate) audience: Vec<String>,
    /// Take tokens for any service, or for none
    #[arg(long)]
    pub(crate) any_audience: bool,
    /// Demand what RFC 9068 does: typ at+jwt, and sub, client_id, iat and jti
    #[arg(long)]
    pub(crate) rfc9068: bool,
    /// How far clocks may differ; 60 unless told, at most 600
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(crate) leeway: Option<Duration>,
    /// Verify as if it were this moment: 2026-01-31T12:00:00Z, or seconds since 1970
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<Moment>,
}

impl Demands {
    /// The verifier that demands this, of tokens of this issuer or of any.
    pub(crate) fn verifier(
        &self,
        keys: impl Into<KeySource>,
        decryption: Option<&DecryptionKeys>,
        issuer: Option<&str>,
    ) -> Result<Verifier<AnyClaims>, ConfigError> {
        let builder = Verifier::builder().keys(keys).clock(Moment::clock(self.at));
        let builder = match issuer {
            Some(issuer) => builder.issuer(issuer),
            None => builder.dangerous().any_issuer(),
        };
        let mut builder: VerifierBuilder<AnyClaims, KeysGiven, IssuerGiven, AudienceGiven> =
            match self.any_audience {
                true => builder.dangerous().any_audience(),
                false => builder.audiences(&self.audience),
            };
        if let Some(algorithm) = self.alg {
            builder = builder.algorithms([algorithm]);
        }
        if let Some(keys) = decryption {
            builder = builder.decrypt_with(keys);
        }
        if self.rfc9068 {
            builder = builder.rfc9068();
        }
        if let Some(leeway) = self.leeway {
            builder = builder.leeway(leeway);
        }
        builder.build()
    }
}

fn seconds(text: &str) -> Result<Duration, &'static str> {
    text.parse().map(Duration::from_secs).map_err(|_| "write whole seconds, such as 30")
}
