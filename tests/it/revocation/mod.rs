//! Revocations as an application meets them.

mod ended;
mod events;
mod layer;

use std::time::{Duration, SystemTime};

use jwtower::{
    JwtAuthLayer, NoClaims, Timestamp, Verifier,
    revocation::{Grain, Revocation, Revocations},
};
use jwtower_tests::{AUDIENCE, Forge, HEADER, ISSUER, good_claims};
use serde_json::Value;

/// A layer that asks these revocations.
fn layer(forge: &Forge, revocations: &Revocations) -> JwtAuthLayer<NoClaims> {
    let verifier = Verifier::builder().keys(forge.secret()).issuer(ISSUER).audience(AUDIENCE).build();
    JwtAuthLayer::new(verifier.expect("the settings are right")).revocations(revocations.clone())
}

/// A good token of a session, with these claims beside the usual ones.
fn token(forge: &Forge, session: &str, more: &[(&str, Value)]) -> String {
    let mut claims = good_claims();
    claims.insert("sid".into(), session.into());
    claims.insert("jti".into(), format!("token of {session}").into());
    claims.extend(more.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    forge.sign(HEADER, Value::Object(claims).to_string())
}

fn entry(grain: Grain) -> Revocation {
    let until = Timestamp::from(SystemTime::now()).plus(Duration::from_secs(720));
    Revocation { issuer: ISSUER.into(), grain, until }
}

async fn revoke(revocations: &Revocations, grain: Grain) {
    revocations.revoke(&entry(grain)).await.expect("there is room");
}
