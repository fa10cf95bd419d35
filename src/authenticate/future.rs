//! The named future of the middleware: nothing is boxed on the way in.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::Response;
use pin_project_lite::pin_project;

use crate::response::ResponseBody;

pin_project! {
    /// The future of [`JwtAuth`](super::JwtAuth): the inner service's, or a refusal that is ready.
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
        Pass { #[pin] inner: F },
        Refuse { answer: Option<Response<Bytes>> },
    }
}

impl<F> ResponseFuture<F> {
    pub(super) fn pass(inner: F) -> Self {
        Self { state: State::Pass { inner } }
    }

    pub(super) fn refuse(answer: Response<Bytes>) -> Self {
        Self { state: State::Refuse { answer: Some(answer) } }
    }
}

impl<F, RB, E> Future for ResponseFuture<F>
where
    F: Future<Output = Result<Response<RB>, E>>,
{
    type Output = Result<Response<ResponseBody<RB>>, E>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project().state.project() {
            StateProjection::Pass { inner } => {
                let answer = ready!(inner.poll(context))?;
                Poll::Ready(Ok(answer.map(ResponseBody::inner)))
            }
            // Like any future, it is not polled again once it is ready.
            StateProjection::Refuse { answer } => match answer.take() {
                Some(answer) => Poll::Ready(Ok(answer.map(ResponseBody::refusal))),
                None => Poll::Pending,
            },
        }
    }
}
