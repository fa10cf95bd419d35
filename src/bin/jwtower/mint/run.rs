//! The token, from the arguments to standard output.

use std::process::ExitCode;

use jwtower::Issuer;

use super::arguments::Arguments;
use crate::{failure::Failure, moment::Moment, output};

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let claims = arguments.claims.read()?;
    let key = arguments.signing_key()?;
    let mut builder =
        Issuer::builder().key(&key).issuer(&arguments.issuer).clock(Moment::clock(arguments.issued_at));
    for audience in &arguments.audience {
        builder = builder.audience(audience);
    }
    if let Some(client_id) = &arguments.client_id {
        builder = builder.client_id(client_id);
    }
    if let Some(lifetime) = arguments.lifetime {
        builder = builder.lifetime(lifetime.0);
    }
    if arguments.legacy_eddsa_name {
        builder = builder.legacy_eddsa_name();
    }
    if let Some(recipient) = arguments.recipient.read()? {
        builder = builder.encrypt_to(recipient);
    }
    let token = builder.build()?.sign(&arguments.subject, &claims)?;
    arguments.publish(&key)?;
    output::tell("this token is for development: whoever holds it is let in wherever the key is trusted");
    output::print(&format!("{}\n", token.secret()))?;
    Ok(ExitCode::SUCCESS)
}
