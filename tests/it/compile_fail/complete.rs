//! The twin of the other cases: it compiles.

use jwtower::{Claims, KeySet, NoClaims, Verifier, claims::Verified};

pub fn build(keys: KeySet) -> Result<Verifier<NoClaims>, jwtower::ConfigError> {
    Verifier::builder().audience("api").keys(keys).issuer("me").build()
}

pub fn google(client_id: &str) -> Result<Verifier<NoClaims>, jwtower::ConfigError> {
    Verifier::google(client_id)?.build()
}

pub fn keycloak() -> Result<Verifier<NoClaims>, jwtower::ConfigError> {
    Verifier::keycloak("https://sso.example.com", "shop")?.audience("api").build()
}

pub fn verified(verifier: &Verifier<String>, token: &str) -> Result<Verified<String>, jwtower::AuthError> {
    verifier.verify(token)
}

pub fn subject(claims: &Claims<NoClaims>) -> Option<String> {
    claims.principal().subject().map(str::to_owned)
}
