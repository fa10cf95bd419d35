//! The three decisions that nobody may forget.
//!
//! A builder carries one type for each; only the ones below let it build.

use crate::keys::KeySource;

/// A decision that is still open.
#[derive(Debug)]
pub struct Missing(());

/// The keys are decided.
#[derive(Debug)]
pub struct KeysGiven(pub(super) KeySource);

/// The issuer is decided.
#[derive(Debug)]
pub enum IssuerGiven {}

/// The audience is decided.
#[derive(Debug)]
pub enum AudienceGiven {}

impl Missing {
    pub(super) fn new() -> Self {
        Self(())
    }
}

mod sealed {
    use super::{AudienceGiven, IssuerGiven, KeySource, KeysGiven};

    pub trait Keys {
        fn into_keys(self) -> KeySource;
    }
    impl Keys for KeysGiven {
        fn into_keys(self) -> KeySource {
            self.0
        }
    }

    pub trait Issuer {}
    impl Issuer for IssuerGiven {}

    pub trait Audience {}
    impl Audience for AudienceGiven {}
}

/// Says that a builder has keys.
#[diagnostic::on_unimplemented(
    message = "this verifier has no keys yet",
    label = "call `.keys(..)` with a `KeySet` or a `&Secret` before `.build()`"
)]
pub trait HasKeys: sealed::Keys {}
impl HasKeys for KeysGiven {}

/// Says that a builder has an issuer.
#[diagnostic::on_unimplemented(
    message = "this verifier has no issuer yet",
    label = "call `.issuer(..)` with the `iss` of its tokens before `.build()`"
)]
pub trait HasIssuer: sealed::Issuer {}
impl HasIssuer for IssuerGiven {}

/// Says that a builder has an audience.
#[diagnostic::on_unimplemented(
    message = "this verifier has no audience yet",
    label = "call `.audience(..)` with this service's name in `aud` before `.build()`"
)]
pub trait HasAudience: sealed::Audience {}
impl HasAudience for AudienceGiven {}
