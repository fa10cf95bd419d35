//! The verifiers for the usual providers, against tokens of the shapes that their documentation shows.

mod auth0;
mod cognito;
mod discover;
mod entra_id;
mod fixture;
mod google;
mod keycloak;
