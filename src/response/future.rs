//! One named future for layer and guard: nothing is boxed on the way in.

use std::{
    future::{Future, Ready, ready},
    pin::Pin,
    task::{self, Context, Poll},
};

use bytes::Bytes;
use http::{HeaderValue, Response, header::VARY};
use pin_project_lite::pin_project;

use super::ResponseBody;

pin_project! {
    /// The answer of [`JwtAuth`](crate::authenticate::JwtAuth) and [`Require`](crate::guard::Require): the
    /// inner service's, or the refusal.
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
        Passed { #[pin] answer: F, vary: Option<HeaderValue> },
        Refused { #[pin] answer: Ready<Response<Bytes>> },
    }
}

impl<F> ResponseFuture<F> {
    /// The inner service's answer; `vary` names the request headers on which it depends.
    pub(crate) fn passed(answer: F, vary: Option<HeaderValue>) -> Self {
        Self { state: State::Passed { answer, vary } }
    }

    pub(crate) fn refused(answer: Response<Bytes>) -> Self {
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
            StateProjection::Passed { answer, vary } => {
                let mut answer = task::ready!(answer.poll(cx))?.map(ResponseBody::inner);
                if let Some(names) = vary.take() {
                    answer.headers_mut().append(VARY, names);
                }
                answer
            }
            StateProjection::Refused { answer } => task::ready!(answer.poll(cx)).map(ResponseBody::refusal),
        };
        Poll::Ready(Ok(answer))
    }
}
