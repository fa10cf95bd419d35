//! Is the token genuine, and meant for us?
//!
//! A [`Verifier`] is a function of bytes, keys and time: it knows no HTTP and never fetches. The steps stand
//! in `verifier.rs`, numbered, in the order in which they run. [`Issuers`] choose among several verifiers.

mod builder;
mod capture;
mod checks;
mod compact;
#[cfg(feature = "jwe")]
mod decrypt;
mod depth;
#[cfg(feature = "jwks-client")]
mod discover;
mod encrypted;
mod handover;
mod header;
mod issuers;
mod member;
mod mistakes;
mod payload;
mod peek;
mod policy;
#[cfg(feature = "jwks-client")]
mod providers;
mod settings;
mod subject;
mod typestate;
mod untyped;
mod values;
mod verdict;
mod verifier;

pub use builder::{Dangerous, VerifierBuilder};
pub use issuers::{Issuers, ResolveIssuer};
pub use typestate::{AudienceGiven, HasAudience, HasIssuer, HasKeys, IssuerGiven, KeysGiven, Missing};
pub use verifier::Verifier;

pub use crate::error::BoxError;
pub(crate) use crate::keys::{Over, Waiting};
pub(crate) use encrypted::Encryption;
pub(crate) use untyped::UntypedVerifier;
pub(crate) use verdict::Verdict;

#[cfg(test)]
mod tests;
