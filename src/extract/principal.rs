//! `Principal` as an extractor.

use axum_core::extract::{FromRequestParts, OptionalFromRequestParts};
use http::request::Parts;

use super::AuthRejection;
use crate::{Principal, error::Code, response::AuthContext, telemetry::event};

impl<S: Send + Sync> FromRequestParts<S> for Principal {
    type Rejection = AuthRejection;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, AuthRejection> {
        find(parts)?.ok_or_else(|| AuthRejection::new(parts, Code::MissingToken))
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for Principal {
    type Rejection = AuthRejection;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Option<Self>, AuthRejection> {
        find(parts)
    }
}

/// The identity that the layer left, `None` for an anonymous request, an error where no layer ran.
pub(super) fn find(parts: &Parts) -> Result<Option<Principal>, AuthRejection> {
    if parts.extensions.get::<AuthContext>().is_none() {
        event!(
            error,
            "an extractor runs outside any JwtAuthLayer; add `.route_layer(JwtAuthLayer::new(verifier))` \
             after the routes whose handlers take `Claims` or `Principal`",
            code = "missing_layer",
        );
        return Err(AuthRejection::new(parts, Code::MissingLayer));
    }
    Ok(parts.extensions.get::<Principal>().cloned())
}
