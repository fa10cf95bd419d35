//! How a request for keys gets its answer: HTTP as an argument.

use std::{future::Future, pin::Pin};

use bytes::Bytes;
use http::{Request, Response};

use crate::error::BoxError;

/// Sends a request for keys or for a discovery document, and returns the answer with its whole body.
///
/// A set that fetches has a client of its own, which speaks https with the certificates that the machine trusts.
/// Bring another one where requests must pass a proxy, need a client certificate, or are to be answered by a test.
/// Any closure of this shape is one; what it captures it clones for each request:
///
/// ```
/// use std::sync::Arc;
/// use bytes::Bytes;
/// use http::{Request, Response};
/// use jwtower::keys::Fetch;
///
/// fn fetches(_: impl Fetch) {}
///
/// let jwks = Arc::new(String::from(r#"{"keys":[]}"#));
/// fetches(move |request: Request<()>| {
///     let jwks = Arc::clone(&jwks);
///     async move {
///         assert_eq!(request.method(), "GET");
///         Ok::<_, std::io::Error>(Response::new(Bytes::from(jwks.to_string())))
///     }
/// });
///
/// // One that captures nothing may be an async closure.
/// fetches(async |_: Request<()>| Ok::<_, std::io::Error>(Response::new(Bytes::from_static(b"{}"))));
/// ```
///
/// The status, the content type, the size of at most 1 MiB and the time of at most 5 s are checked by the set,
/// whoever fetches.
///
/// # Errors
///
/// Where there is no answer at all. An answer of any status is no error.
///
/// # Security
///
/// - Each request says in its extensions how far it may [reach](Reach). Where that is [`Reach::Discovered`], the
///   URL was named by a document, and a fetch must go to public addresses only. Otherwise whoever writes the
///   document lets this service call what only it can reach.
/// - A redirect must not be followed, for the same reason.
/// - A body should be cut off while it is read, not after.
pub trait Fetch: Send + Sync + 'static {
    /// Sends the request, which is a GET, and reads the answer to its end.
    fn fetch(&self, request: Request<()>) -> impl Future<Output = Result<Response<Bytes>, BoxError>> + Send;
}

impl<F, Fut, E> Fetch for F
where
    F: Fn(Request<()>) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<Response<Bytes>, E>> + Send,
    E: Into<BoxError>,
{
    async fn fetch(&self, request: Request<()>) -> Result<Response<Bytes>, BoxError> {
        self(request).await.map_err(Into::into)
    }
}

/// How far a request may reach; a [`Fetch`] finds it in the request's extensions.
///
/// ```
/// use http::Request;
/// use jwtower::keys::Reach;
///
/// # let mut request = Request::new(());
/// # request.extensions_mut().insert(Reach::Given);
/// let public_addresses_only = request.extensions().get::<Reach>() != Some(&Reach::Given);
/// # assert!(!public_addresses_only);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reach {
    /// The application or its operator gave the URL, or another one of the same origin. It may lead to a private
    /// address; plain http may lead nowhere else.
    Given,
    /// A discovered document named the URL. It may lead to public addresses only, and only by https.
    Discovered,
}

/// A [`Fetch`] whose type is not told.
pub(super) trait DynFetch: Send + Sync + 'static {
    fn fetch_boxed(&self, request: Request<()>) -> Answering<'_>;
}

pub(super) type Answering<'a> = Pin<Box<dyn Future<Output = Result<Response<Bytes>, BoxError>> + Send + 'a>>;

impl<F: Fetch> DynFetch for F {
    fn fetch_boxed(&self, request: Request<()>) -> Answering<'_> {
        Box::pin(self.fetch(request))
    }
}
