//! Verifiers for the tokens of the usual providers.
//!
//! Each is a builder that knows the provider's issuer and its ways; [`VerifierBuilder`](super::VerifierBuilder)'s
//! other methods are there to change it. [The guide](crate::guide::providers) says what
//! to set at the provider.

mod auth0;
mod cognito;
mod entra_id;
mod google;
mod keycloak;
