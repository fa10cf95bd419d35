//! The proof that a request, or a token, was authenticated.

use std::{fmt, ops::Deref, sync::Arc};

use super::ended;
use crate::{
    claims::{Principal, RegisteredClaims, Verified},
    clock::SystemClock,
    revocation::Revocations,
};

/// The claims of an authenticated token; derefs to the application's own type.
///
/// [`JwtAuthLayer`](crate::JwtAuthLayer) makes it and nothing else does. With the feature `axum` it is an
/// extractor; elsewhere it is in the request's extensions. There is nothing to destructure: the fields of the
/// application's type are those of `Claims`. It is cheap to clone.
///
/// ```
/// use jwtower::Claims;
///
/// #[derive(serde::Deserialize)]
/// struct User { name: String }
///
/// // An axum handler.
/// async fn me(user: Claims<User>) -> String {
///     format!("hello {}", user.name)
/// }
/// # fn plain(request: http::Request<()>) {
/// // Anywhere else.
/// let user: Option<&Claims<User>> = request.extensions().get();
/// # }
/// ```
pub struct Claims<C> {
    token: Arc<Verified<C>>,
    /// What the token was looked up in, for [`ended`](Self::ended).
    revocations: Option<Revocations>,
}

impl<C> Claims<C> {
    /// To be called where authentication has succeeded, and nowhere else.
    pub(super) fn new(token: Verified<C>, revocations: Option<Revocations>) -> Self {
        Self { token: Arc::new(token), revocations }
    }

    /// The registered claims.
    #[must_use]
    pub fn registered(&self) -> &RegisteredClaims {
        self.token.registered()
    }

    /// The shared token itself, which also derefs to the application's claims.
    #[must_use]
    pub fn into_inner(self) -> Arc<Verified<C>> {
        self.token
    }
}

impl<C> Claims<C> {
    /// Resolves when the token expires or is revoked, for what outlives the request: WebSockets, event
    /// streams.
    ///
    /// It follows the system's clock, which it reads once a second, and resolves within a second of `exp`. The
    /// verifier's leeway is not added: a token that is accepted within it has ended at once. Give the verifier
    /// of such a route `.leeway(Duration::ZERO)`. Where the layer has
    /// [`revocations`](crate::JwtAuthLayer::revocations), it asks them as often: a logout ends it within a
    /// second of reaching this process. It holds no reference to the claims.
    ///
    /// A stream that is cut by it ends when it is polled next; a server does not poll while a client does not
    /// read, and what was sent before stays in buffers.
    ///
    /// ```
    /// # async fn serve<C>(claims: jwtower::Claims<C>) {
    /// # async fn next_message() -> Option<String> { None }
    /// let mut ended = std::pin::pin!(claims.ended());
    /// loop {
    ///     tokio::select! {
    ///         () = &mut ended => break,                       // close with code 1008
    ///         message = next_message() => match message {
    ///             Some(message) => println!("{message}"),
    ///             None => break,
    ///         },
    ///     }
    /// }
    /// # }
    /// ```
    ///
    /// # Panics
    ///
    /// When it is polled outside a tokio runtime with timers.
    pub fn ended(&self) -> impl Future<Output = ()> + Send + use<C> {
        let watch = self.revocations.as_ref().map(|revocations| revocations.watch(self.registered()));
        ended::at(self.registered().expires_at(), watch, SystemClock)
    }
}

impl<C: Send + Sync + 'static> Claims<C> {
    /// What guards read; the same allocation.
    #[must_use]
    pub fn principal(&self) -> Principal {
        self.token.principal()
    }
}

impl<C> Clone for Claims<C> {
    fn clone(&self) -> Self {
        Self { token: Arc::clone(&self.token), revocations: self.revocations.clone() }
    }
}

impl<C> Deref for Claims<C> {
    type Target = C;

    fn deref(&self) -> &C {
        self.token.claims()
    }
}

impl<C> fmt::Debug for Claims<C> {
    /// Prints no claim: who wants one in a log names it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claims").finish_non_exhaustive()
    }
}
