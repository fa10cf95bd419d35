//! The answer of the middleware: at once, or after a wait for keys.

use std::{
    fmt,
    pin::Pin,
    sync::Arc,
    task::{self, Context, Poll},
};

use http::{Request, Response, request::Parts};
use pin_project_lite::pin_project;
use serde::de::DeserializeOwned;
use tower_service::Service;

use super::{layer::Identity, patience::Patience, service::Shared};
use crate::{
    response::{self, Refusal, ResponseBody},
    verify::{Over, Waiting},
};

pin_project! {
    /// The future of [`JwtAuth`](super::JwtAuth).
    ///
    /// Only a request that waits for keys is boxed; all others hold the inner service's future itself.
    pub struct ResponseFuture<S, C, B>
    where
        S: Service<Request<B>>,
    {
        #[pin]
        state: State<S, C, B>,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<S, C, B>
    where
        S: Service<Request<B>>,
    {
        Decided { #[pin] answer: response::ResponseFuture<S::Future> },
        Waiting { request: Box<Held<S, C, B>> },
    }
}

/// A request that waits, without a permit of the inner service: there may be many.
struct Held<S, C, B> {
    shared: Arc<Shared<C>>,
    inner: S,
    request: Option<(Parts, B)>,
    patience: Patience,
    /// What it waits for; nothing where that is over, and only the inner service is not ready.
    over: Option<Over>,
}

impl<S, C, B> ResponseFuture<S, C, B>
where
    S: Service<Request<B>>,
{
    pub(super) fn decided(answer: response::ResponseFuture<S::Future>) -> Self {
        Self { state: State::Decided { answer } }
    }

    pub(super) fn waiting(shared: Arc<Shared<C>>, inner: S, head: Parts, body: B, waiting: Waiting) -> Self {
        let mut patience = Patience::new();
        let over = Some(Box::pin(patience.wait(waiting)) as Over);
        let request = Box::new(Held { shared, inner, request: Some((head, body)), patience, over });
        Self { state: State::Waiting { request } }
    }
}

impl<S, C, B> Held<S, C, B>
where
    S: Service<Request<B>>,
    C: DeserializeOwned + Send + Sync + 'static,
{
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<response::ResponseFuture<S::Future>, S::Error>> {
        let Some((head, _)) = &mut self.request else { return Poll::Pending };
        while let Some(over) = &mut self.over {
            let identity = match task::ready!(over.as_mut().poll(cx)) {
                Ok(()) => self.shared.layer.identify(head),
                Err(error) => Identity::Refused(error),
            };
            match identity {
                Identity::Known => self.over = None,
                Identity::Wait(waiting) => self.over = Some(Box::pin(self.patience.wait(waiting))),
                Identity::Refused(error) => {
                    let answer = self.shared.layer.context().respond(&Refusal::from(error), head);
                    return Poll::Ready(Ok(response::ResponseFuture::refused(answer)));
                }
            }
        }
        task::ready!(self.inner.poll_ready(cx))?;
        match self.request.take() {
            None => Poll::Pending,
            Some((head, body)) => {
                let answer = self.inner.call(Request::from_parts(head, body));
                Poll::Ready(Ok(response::ResponseFuture::passed(answer, self.shared.vary.clone())))
            }
        }
    }
}

impl<S, C, B, RB> Future for ResponseFuture<S, C, B>
where
    S: Service<Request<B>, Response = Response<RB>>,
    C: DeserializeOwned + Send + Sync + 'static,
{
    type Output = Result<Response<ResponseBody<RB>>, S::Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = self.project().state;
        loop {
            let answer = match state.as_mut().project() {
                StateProjection::Decided { answer } => return answer.poll(cx),
                StateProjection::Waiting { request } => task::ready!(request.poll(cx))?,
            };
            state.set(State::Decided { answer });
        }
    }
}

impl<S, C, B> fmt::Debug for ResponseFuture<S, C, B>
where
    S: Service<Request<B>>,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}
