//! Several issuers in one verifier: those that the application trusts, and those that a resolver finds.
//!
//! What a token says of its issuer, unverified, chooses one verifier, which then judges the token alone.

mod cache;
mod encrypted;
mod lookups;
mod resolver;
mod tenants;
mod trusted;

pub use resolver::ResolveIssuer;
pub use trusted::Issuers;

#[cfg(test)]
mod tests;
