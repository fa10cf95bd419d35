//! Why the routes that take credentials or refresh tokens give none.

use axum_core::body::Body;
use bytes::Bytes;
use http::Response;

use crate::{
    AuthError,
    response::{BodyFault, Refusal, oauth},
};

/// A body that is none of ours, or a client that gets no tokens.
pub(super) enum Denial {
    Body(BodyFault),
    Auth(AuthError),
}

impl From<BodyFault> for Denial {
    fn from(fault: BodyFault) -> Self {
        Self::Body(fault)
    }
}

impl From<AuthError> for Denial {
    fn from(error: AuthError) -> Self {
        Self::Auth(error)
    }
}

/// The answer, in the words of RFC 6749 §5.2 where there is none.
pub(super) fn say(outcome: Result<Response<Bytes>, Denial>) -> Response<Body> {
    match outcome {
        Ok(answer) => answer,
        Err(Denial::Body(fault)) => oauth::reject(fault),
        Err(Denial::Auth(error)) => oauth::deny(&Refusal::from(error)),
    }
    .map(Body::from)
}
