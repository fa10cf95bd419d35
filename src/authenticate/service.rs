//! The middleware on the request path.

use std::{
    fmt,
    sync::Arc,
    task::{Context, Poll},
};

use http::{HeaderValue, Request, Response};
use serde::de::DeserializeOwned;
use tower_service::Service;

use super::{
    future::ResponseFuture,
    layer::{Identity, JwtAuthLayer},
};
use crate::response::{self, Ready, Refusal, ResponseBody};

/// The service that [`JwtAuthLayer`] makes.
///
/// ```
/// use jwtower::{JwtAuthLayer, NoClaims, authenticate::JwtAuth};
/// use tower::Layer;
///
/// fn protect<S>(layer: &JwtAuthLayer<NoClaims>, service: S) -> JwtAuth<S, NoClaims> {
///     layer.layer(service)
/// }
/// ```
pub struct JwtAuth<S, C> {
    inner: S,
    /// Shared, because servers clone the service for every connection or request.
    shared: Arc<Shared<C>>,
}

pub(super) struct Shared<C> {
    pub(super) layer: JwtAuthLayer<C>,
    pub(super) vary: Option<HeaderValue>,
}

impl<S, C> JwtAuth<S, C> {
    pub(super) fn new(inner: S, layer: JwtAuthLayer<C>) -> Self {
        let vary = layer.vary();
        Self { inner, shared: Arc::new(Shared { layer, vary }) }
    }
}

impl<S, C, B, RB> Service<Request<B>> for JwtAuth<S, C>
where
    S: Service<Request<B>, Response = Response<RB>> + Clone,
    C: DeserializeOwned + Send + Sync + 'static,
{
    type Response = Response<ResponseBody<RB>>;
    type Error = S::Error;
    type Future = ResponseFuture<S, C, B>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let inner = Ready::new(&mut self.inner);
        let (mut head, body) = request.into_parts();
        let Shared { layer, vary } = &*self.shared;
        let answer = match layer.identify(&mut head) {
            Identity::Known => {
                response::ResponseFuture::passed(inner.call(Request::from_parts(head, body)), vary.clone())
            }
            Identity::Refused(error) => {
                response::ResponseFuture::refused(layer.context().respond(&Refusal::from(error), &head))
            }
            Identity::Wait(waiting) => {
                drop(inner);
                let (shared, inner) = (Arc::clone(&self.shared), self.inner.clone());
                return ResponseFuture::waiting(shared, inner, head, body, waiting);
            }
        };
        ResponseFuture::decided(answer)
    }
}

impl<S: Clone, C> Clone for JwtAuth<S, C> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), shared: Arc::clone(&self.shared) }
    }
}

impl<S: fmt::Debug, C> fmt::Debug for JwtAuth<S, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JwtAuth").field("inner", &self.inner).field("layer", &self.shared.layer).finish()
    }
}
