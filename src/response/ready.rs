//! The service that was made ready for a request.

use tower_service::Service;

/// A ready service, which is called or let go.
///
/// It may hold a permit for the call. Where that never comes, because the request is refused or a rule panics,
/// a clone takes its place, and the permit is free again.
pub(crate) struct Ready<'s, S: Clone> {
    service: &'s mut S,
    called: bool,
}

impl<'s, S: Clone> Ready<'s, S> {
    /// To be made before anything that may refuse or panic.
    pub(crate) fn new(service: &'s mut S) -> Self {
        Self { service, called: false }
    }

    pub(crate) fn call<R>(mut self, request: R) -> S::Future
    where
        S: Service<R>,
    {
        self.called = true;
        self.service.call(request)
    }
}

impl<S: Clone> Drop for Ready<'_, S> {
    fn drop(&mut self) {
        if !self.called {
            *self.service = self.service.clone();
        }
    }
}
