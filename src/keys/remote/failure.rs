//! What can go wrong between the question and the keys.

use std::{borrow::Cow, error::Error, fmt, sync::Arc};

use http::StatusCode;

use crate::error::BoxError;

/// Why keys or a discovery document could not be fetched.
///
/// The message names the URL, without its query, and what is wrong. It has nothing of an answer's body but the
/// `issuer` and the `jwks_uri` of a discovery document that does not fit. [`source`](Error::source) is the error of
/// the network or of one's own [`Fetch`](super::Fetch), where there is one.
///
/// ```
/// use bytes::Bytes;
/// use http::{Request, Response};
/// use jwtower::keys::RemoteKeySet;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let keys = RemoteKeySet::new("https://login.example.com/jwks.json")?.fetch_with(async |_: Request<()>| {
///     let mut answer = Response::new(Bytes::new());
///     *answer.status_mut() = http::StatusCode::NOT_FOUND;
///     Ok::<_, std::io::Error>(answer)
/// });
/// let error = keys.ready().await.unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "https://login.example.com/jwks.json: the server answered 404 Not Found",
/// );
/// # Ok(())
/// # }
/// ```
#[derive(thiserror::Error, Clone, Debug)]
#[error("{url}: {problem}")]
pub struct FetchError {
    url: Arc<str>,
    pub(super) problem: Cow<'static, str>,
    status: Option<StatusCode>,
    #[source]
    source: Option<Arc<dyn Error + Send + Sync>>,
}

impl FetchError {
    pub(super) fn new(url: impl fmt::Display, problem: impl Into<Cow<'static, str>>) -> Self {
        Self { url: url.to_string().into(), problem: problem.into(), status: None, source: None }
    }

    pub(super) fn because(self, source: BoxError) -> Self {
        Self { source: Some(source.into()), ..self }
    }

    pub(super) fn with_status(self, status: StatusCode) -> Self {
        Self { status: Some(status), ..self }
    }

    /// The status of the answer, where it is the reason.
    pub(super) fn status(&self) -> Option<StatusCode> {
        self.status
    }
}

/// A text from elsewhere, fit for a message: quoted, escaped, and not long.
pub(super) fn shown(text: &str) -> String {
    const LONGEST: usize = 200;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{:?}..", text.get(..end).unwrap_or_default()),
        None => format!("{text:?}"),
    }
}
