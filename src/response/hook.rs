//! The application's say in an answer, and its limits.

use std::sync::Arc;

use bytes::Bytes;
use http::{Response, request::Parts};

use super::refusal::Refusal;
use crate::telemetry::event;

/// The application's `on_error`; a panic in it is not caught.
#[derive(Clone)]
pub(super) struct Hook(Arc<Function>);

type Function = dyn Fn(&Refusal, &Parts, Response<Bytes>) -> Response<Bytes> + Send + Sync;

impl Hook {
    pub(super) fn new(
        hook: impl Fn(&Refusal, &Parts, Response<Bytes>) -> Response<Bytes> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(hook))
    }

    /// The hook's answer, unless its status would say that the request was fine.
    pub(super) fn ask(
        &self,
        refusal: &Refusal,
        head: &Parts,
        default: impl Fn() -> Response<Bytes>,
    ) -> Response<Bytes> {
        let answer = (self.0)(refusal, head, default());
        let status = answer.status();
        if (300..=599).contains(&status.as_u16()) {
            return answer;
        }
        event!(
            error,
            "on_error chose a status outside 300 to 599, so the default answer is sent",
            status = status.as_u16(),
            code = refusal.code(),
        );
        default()
    }
}
