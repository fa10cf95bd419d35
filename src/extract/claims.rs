//! `Claims<C>` as an extractor.

use axum_core::extract::{FromRequestParts, OptionalFromRequestParts};
use http::request::Parts;

use super::{AuthRejection, principal};
use crate::{Claims, error::Code, response::AuthContext, telemetry::event};

impl<S: Send + Sync, C: Send + Sync + 'static> FromRequestParts<S> for Claims<C> {
    type Rejection = AuthRejection;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, AuthRejection> {
        find(parts)?.ok_or_else(|| AuthRejection::new(parts, Code::MissingToken))
    }
}

impl<S: Send + Sync, C: Send + Sync + 'static> OptionalFromRequestParts<S> for Claims<C> {
    type Rejection = AuthRejection;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Option<Self>, AuthRejection> {
        find(parts)
    }
}

/// The claims that the layer left; an error where it left those of another type.
fn find<C: Send + Sync + 'static>(parts: &Parts) -> Result<Option<Claims<C>>, AuthRejection> {
    let claims = parts.extensions.get::<Claims<C>>().cloned();
    match (principal::find(parts)?, claims) {
        (None, _) => Ok(None),
        (Some(_), Some(claims)) => Ok(Some(claims)),
        (Some(_), None) => {
            let made = parts.extensions.get::<AuthContext>().map_or("none", AuthContext::claims_type);
            event!(
                error,
                "a handler asks for claims that the innermost JwtAuthLayer around it did not make; \
                 write `Claims<..>` of the type that its verifier makes, or change the verifier's type",
                code = "wrong_claims_type",
                asked = std::any::type_name::<C>(),
                made = made,
            );
            Err(AuthRejection::new(parts, Code::WrongClaimsType))
        }
    }
}
