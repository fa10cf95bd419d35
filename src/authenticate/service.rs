//! The middleware on the request path.

use std::{
    fmt,
    task::{Context, Poll},
};

use http::{Request, Response};
use serde::de::DeserializeOwned;
use tower_service::Service;

use super::{future::ResponseFuture, layer::JwtAuthLayer};
use crate::response::{Ready, Refusal, ResponseBody};

/// The service that [`JwtAuthLayer`] makes.
pub struct JwtAuth<S, C> {
    inner: S,
    layer: JwtAuthLayer<C>,
}

impl<S, C> JwtAuth<S, C> {
    pub(super) fn new(inner: S, layer: JwtAuthLayer<C>) -> Self {
        Self { inner, layer }
    }
}

impl<S, C, B, RB> Service<Request<B>> for JwtAuth<S, C>
where
    S: Service<Request<B>, Response = Response<RB>> + Clone,
    C: DeserializeOwned + Send + Sync + 'static,
{
    type Response = Response<ResponseBody<RB>>;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let inner = Ready::new(&mut self.inner);
        let (mut head, body) = request.into_parts();
        match self.layer.identify(&mut head) {
            Ok(()) => ResponseFuture::pass(inner.call(Request::from_parts(head, body))),
            Err(error) => {
                let answer = self.layer.context().respond(&Refusal::from(error), &head);
                ResponseFuture::refuse(answer)
            }
        }
    }
}

impl<S: Clone, C> Clone for JwtAuth<S, C> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), layer: self.layer.clone() }
    }
}

impl<S: fmt::Debug, C> fmt::Debug for JwtAuth<S, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JwtAuth").field("inner", &self.inner).field("layer", &self.layer).finish()
    }
}
