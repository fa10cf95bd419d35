//! What verifying comes to.

use crate::{
    claims::Verified,
    error::{AuthError, Code},
    keys::Waiting,
};

/// The outcome for one token, or what has to come first.
#[allow(clippy::large_enum_variant, reason = "it is taken apart at once, and a box would cost each token")]
pub(crate) enum Verdict<C> {
    Done(Result<Verified<C>, AuthError>),
    /// Keys have to be fetched, or an issuer looked up: wait, then ask again.
    Wait(Waiting),
}

/// Why a step is the last one.
pub(super) enum Stop {
    Refused(AuthError),
    Wait(Waiting),
}

impl From<Code> for Stop {
    fn from(code: Code) -> Self {
        Self::Refused(code.into())
    }
}

impl<C> From<Result<Verified<C>, Stop>> for Verdict<C> {
    fn from(outcome: Result<Verified<C>, Stop>) -> Self {
        match outcome {
            Ok(verified) => Self::Done(Ok(verified)),
            Err(Stop::Refused(error)) => Self::Done(Err(error)),
            Err(Stop::Wait(waiting)) => Self::Wait(waiting),
        }
    }
}
