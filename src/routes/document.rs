//! A public JSON document, which clients keep.

use axum::{
    response::IntoResponse,
    routing::{MethodRouter, get},
};
use axum_core::{body::Body, response::Response};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};

use super::etag;

/// A document that never changes while the service runs.
pub(super) fn fixed<S: Clone + Send + Sync + 'static>(document: Bytes) -> MethodRouter<S> {
    get(async move |headers: HeaderMap| fixed_answer(document, &headers))
}

/// The next start may change the document, so caches keep it for an hour.
pub(super) fn fixed_answer(document: Bytes, headers: &HeaderMap) -> Response {
    answer(document, "public, max-age=3600", headers)
}

/// The answer, without its body where the client has it already (RFC 9110 §13.1.2).
pub(super) fn answer(document: Bytes, cache_control: &str, headers: &HeaderMap) -> Response {
    let tag = etag::of(&document);
    let is_known = etag::is_among(&tag, headers);
    let mut answer =
        if is_known { StatusCode::NOT_MODIFIED.into_response() } else { Response::new(Body::from(document)) };
    let values = [
        (header::CONTENT_TYPE, (!is_known).then(|| HeaderValue::from_static("application/json"))),
        (header::CACHE_CONTROL, HeaderValue::try_from(cache_control).ok()),
        (header::ETAG, HeaderValue::try_from(tag).ok()),
    ];
    for (name, value) in values {
        if let Some(value) = value {
            answer.headers_mut().insert(name, value);
        }
    }
    answer
}
