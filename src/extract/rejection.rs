//! What an extractor answers where there is no identity.

use axum_core::{
    body::Body,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::request::Parts;

use crate::{
    error::{AuthError, Code},
    response::{Refusal, respond},
};

/// The answer of an extractor that found no identity.
///
/// It is said as the layer around the route says its own refusals, `on_error` included; a handler that takes
/// a `Result` and goes on has still asked the hook.
#[derive(Debug)]
pub struct AuthRejection {
    refusal: Refusal,
    answer: Box<http::Response<Bytes>>,
}

impl AuthRejection {
    /// Why the identity is missing, with the layer's settings where there is a layer.
    pub(super) fn new(parts: &Parts, code: Code) -> Self {
        let refusal = Refusal::from(AuthError::new(code));
        let answer = Box::new(respond(parts, &refusal));
        Self { refusal, answer }
    }

    /// Why there is no identity.
    #[must_use]
    pub fn refusal(&self) -> &Refusal {
        &self.refusal
    }
}

impl IntoResponse for AuthRejection {
    fn into_response(self) -> Response {
        self.answer.map(Body::from)
    }
}
