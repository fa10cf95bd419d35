//! Which key may have signed a token.
//!
//! A verifier takes its keys from a [`KeySource`], most often a [`KeySet`]; an issuer has a [`SigningKey`]; a
//! [`Secret`] serves both. Every key has exactly
//! one [`Algorithm`], and what is too weak or does not fit is refused when it is loaded, not when it is used.
//!
//! | what there is | verify | sign |
//! |---|---|---|
//! | a shared secret | [`Secret`] | [`Secret`] |
//! | a JWK Set | [`KeySet::from_jwks`], [`KeySet::from_jwks_file`] | |
//! | one JWK | [`Jwk::from_json`], [`KeySet::from_jwk`] | [`SigningKey::from_jwk`] |
//! | PEM | [`KeySet::from_pem`] | [`SigningKey::from_pem`] |
//! | a URL, or an issuer to discover | `RemoteKeySet` (feature `jwks-client`) | |
//! | nothing yet | | [`SigningKey::generate`], [`Secret::generate`] |

mod algorithm;
mod clashes;
mod elsewhere;
mod family;
mod jwk;
mod jwks;
mod kid;
mod pair;
mod pem;
mod private_members;
mod private_pem;
mod public;
mod public_members;
#[cfg(feature = "jwks-client")]
mod remote;
mod roca;
mod secret;
mod secret_bytes;
mod set;
mod signing;
mod small_order;
mod source;
mod verifying;
mod weakness;

pub(crate) mod base64url;
pub(crate) mod members;

pub use algorithm::Algorithm;
pub use elsewhere::KeyStatus;
pub use jwk::Jwk;
pub use private_pem::PrivatePem;
#[cfg(feature = "jwks-client")]
pub use remote::{Fetch, FetchError, Reach, RemoteKeySet};
pub use secret::Secret;
pub use set::KeySet;
pub use signing::SigningKey;
pub use source::KeySource;

#[cfg(test)]
pub(crate) use elsewhere::Elsewhere;
pub(crate) use elsewhere::{Ask, Over, Waiting};
pub(crate) use set::KeyMiss;
pub(crate) use weakness::weakness;
#[cfg(feature = "jwe")]
pub(crate) use {
    family::Curve as EcCurve,
    kid::Kid,
    pem::{Kind as PemKind, Pem, read as read_pem},
    private_members::rsa_pair,
    public::{PublicKey, Reason, thumbprint},
    secret_bytes::{from_base64 as secret_from_base64, refuse_mistaken_form, refuse_weak},
};

#[cfg(test)]
pub(crate) mod tests;
#[cfg(test)]
pub(crate) mod vectors;
