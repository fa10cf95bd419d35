//! The inner service's answer, or the refusal.

use std::{
    future::{Future, Ready, ready},
    pin::Pin,
    task::{self, Context, Poll},
};

use bytes::Bytes;
use http::Response;
use pin_project_lite::pin_project;

use crate::response::ResponseBody;

pin_project! {
    /// The answer of [`Require`](super::Require): the inner service's, or the refusal.
    #[derive(Debug)]
    pub struct ResponseFuture<F> {
        #[pin]
        state: State<F>,
    }
}

pin_project! {
    #[derive(Debug)]
    #[project = StateProjection]
    enum State<F> {
        Passed { #[pin] answer: F },
        Refused { #[pin] answer: Ready<Response<Bytes>> },
    }
}

impl<F> ResponseFuture<F> {
    pub(super) fn passed(answer: F) -> Self {
        Self { state: State::Passed { answer } }
    }

    pub(super) fn refused(answer: Response<Bytes>) -> Self {
        Self { state: State::Refused { answer: ready(answer) } }
    }
}

impl<F, RB, E> Future for ResponseFuture<F>
where
    F: Future<Output = Result<Response<RB>, E>>,
{
    type Output = Result<Response<ResponseBody<RB>>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let answer = match self.project().state.project() {
            StateProjection::Passed { answer } => task::ready!(answer.poll(cx))?.map(ResponseBody::inner),
            StateProjection::Refused { answer } => task::ready!(answer.poll(cx)).map(ResponseBody::refusal),
        };
        Poll::Ready(Ok(answer))
    }
}
