//! The layer and its settings.

use std::{any::type_name, fmt};

use bytes::Bytes;
use http::{Extensions, HeaderName, HeaderValue, Response, request::Parts};
use serde::de::DeserializeOwned;
use tower_layer::Layer;

use super::{claims::Claims, patience::Patience, service::JwtAuth};
use crate::{
    claims::{Principal, RoleMap},
    error::{AuthError, ConfigError, ErrorKind},
    response::{AuthContext, Refusal},
    revocation::Revocations,
    source::{Sources, TokenSource},
    verify::{Verdict, Verifier, Waiting},
};

/// Lets a request pass once its token is verified, and leaves the claims in its extensions.
///
/// ```
/// use axum::{Router, routing::get};
/// use jwtower::{Algorithm, Claims, JwtAuthLayer, Secret, Verifier};
///
/// #[derive(serde::Deserialize)]
/// struct User { name: String }
///
/// # fn main() -> Result<(), jwtower::ConfigError> {
/// let secret = Secret::generate(Algorithm::HS256)?;
/// let verifier = Verifier::<User>::builder().keys(&secret).issuer("me").audience("api").build()?;
///
/// let app: Router = Router::new()
///     .route("/me", get(|user: Claims<User>| async move { user.name.clone() }))
///     .route_layer(JwtAuthLayer::new(verifier))     // above: a token is needed
///     .route("/healthz", get(|| async { "ok" }));   // below: open
/// # Ok(())
/// # }
/// ```
///
/// It reads `Authorization: Bearer` unless told otherwise. A token that is missing or bad is answered with
/// 401, a malformed request with 400; see [the guide to errors](crate::guide::errors).
///
/// # Security
///
/// Only what stands above the layer is behind it: routes that are added later are open. Put CORS outside, so
/// that preflights, which carry no token, are answered there. Answers of handlers get a `Vary` that names the
/// headers with tokens, so that no shared cache mixes users.
pub struct JwtAuthLayer<C> {
    verifier: Verifier<C>,
    revocations: Option<Revocations>,
    sources: Sources,
    context: AuthContext,
    anonymous: Anonymous,
}

/// What happens to a request without a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Anonymous {
    Refused,
    Passes,
}

/// What can be said of a token at once.
enum Attempt<C> {
    Done(Result<Claims<C>, AuthError>),
    Wait(Waiting),
}

/// What is known of who makes a request.
pub(super) enum Identity {
    /// It stands in the extensions; or nobody is asked for.
    Known,
    Refused(AuthError),
    /// It is worth looking again after that.
    Wait(Waiting),
}

impl<C: DeserializeOwned + Send + Sync + 'static> JwtAuthLayer<C> {
    /// A layer that demands a bearer token, for a [`Verifier`] or for several [`Issuers`](crate::verify::Issuers).
    #[must_use]
    pub fn new(verifier: impl Into<Verifier<C>>) -> Self {
        let mut context = AuthContext::default();
        context.set_claims_type(type_name::<C>(), forget::<C>);
        Self {
            verifier: verifier.into(),
            revocations: None,
            sources: Sources::default(),
            context,
            anonymous: Anonymous::Refused,
        }
    }

    /// Lets requests without a token pass, without `Claims` and `Principal`.
    ///
    /// A token that is there must be good all the same: a bad one is 401. A guard or a plain `Claims<C>`
    /// extractor inside answers an anonymous request with 401; `Option<Claims<C>>` is `None` for it.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.anonymous = Anonymous::Passes;
        self
    }

    /// Refuses tokens that were revoked, too; for tokens of other issuers, and for jobs.
    ///
    /// The set is asked after the token was verified. [`Claims::ended`] follows it for what outlives the
    /// request.
    ///
    /// ```
    /// use jwtower::{Algorithm, JwtAuthLayer, NoClaims, Secret, Verifier, revocation::Revocations};
    ///
    /// # fn main() -> Result<(), jwtower::ConfigError> {
    /// # let secret = Secret::generate(Algorithm::HS256)?;
    /// # let verifier = Verifier::<NoClaims>::builder().keys(&secret).issuer("me").audience("api").build()?;
    /// let revocations = Revocations::in_memory();
    /// let layer = JwtAuthLayer::new(verifier).revocations(revocations.clone());
    /// // Where a logout arrives: `revocations.revoke(..)`.
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Security
    ///
    /// A token that nobody could revoke is 401 from then on: one without `iss`, `sub` or `iat`, and one with
    /// neither `sid` nor `jti`.
    #[must_use]
    pub fn revocations(mut self, revocations: Revocations) -> Self {
        self.revocations = Some(revocations);
        self
    }

    /// Looks for the token in this place too.
    ///
    /// A request that carries a token in two places is refused with 400.
    #[must_use]
    pub fn also_from(mut self, source: impl TokenSource) -> Self {
        self.sources = self.sources.also(source);
        self
    }

    /// Looks for the token in this place, and no longer in the `Authorization` header.
    #[must_use]
    pub fn only_from(mut self, source: impl TokenSource) -> Self {
        self.sources = Sources::only(source);
        self
    }

    /// What roles include and grant, for the guards inside.
    ///
    /// The innermost layer's map counts; one of an outer layer is not inherited.
    #[must_use]
    pub fn role_map(mut self, map: RoleMap) -> Self {
        self.context.set_role_map(map);
        self
    }

    /// The `realm` of challenges (RFC 9110 §11.5); `api` unless told.
    ///
    /// # Errors
    ///
    /// A realm that is empty or holds other characters than spaces and visible ASCII without `"` and `\`.
    pub fn realm(mut self, realm: &str) -> Result<Self, ConfigError> {
        self.context.set_realm(realm)?;
        Ok(self)
    }

    /// The URL of this service's metadata, to be named in every challenge (RFC 9728 §5.1).
    ///
    /// [`ProtectedResource`](crate::response::ProtectedResource) makes the metadata and knows their URL.
    ///
    /// # Errors
    ///
    /// What is no https URL, or http URL of a loopback host.
    pub fn resource_metadata(mut self, url: &str) -> Result<Self, ConfigError> {
        self.context.set_resource_metadata(url)?;
        Ok(self)
    }

    /// Has a say in every refusal: of this layer, and of the guards and extractors inside.
    ///
    /// The hook gets the default answer and may change its body, its headers, and its status within 300 to
    /// 599. A 401 gets its challenge back. For gRPC answers it is not asked.
    ///
    /// ```
    /// # use jwtower::{Algorithm, JwtAuthLayer, NoClaims, Secret, Verifier};
    /// # let secret = Secret::generate(Algorithm::HS256)?;
    /// # let verifier = Verifier::<NoClaims>::builder().keys(&secret).issuer("me").audience("api").build()?;
    /// let layer = JwtAuthLayer::new(verifier).on_error(|refusal, _request, mut answer| {
    ///     *answer.body_mut() = format!(r#"{{"error":"{}"}}"#, refusal.public_code()).into();
    ///     answer.headers_mut().insert("content-type", http::HeaderValue::from_static("application/json"));
    ///     answer
    /// });
    /// # Ok::<(), jwtower::ConfigError>(())
    /// ```
    #[must_use]
    pub fn on_error(
        mut self,
        hook: impl Fn(&Refusal, &Parts, Response<Bytes>) -> Response<Bytes> + Send + Sync + 'static,
    ) -> Self {
        self.context.set_on_error(hook);
        self
    }

    /// Answers as gRPC does: HTTP 200 with `grpc-status` 16, 7, 3 or 13.
    #[must_use]
    pub fn grpc(mut self) -> Self {
        self.context.set_grpc();
        self
    }

    /// Authenticates a token that came by another way: from a job queue, in a WebSocket message.
    ///
    /// Where keys have to be fetched first, it waits up to 2 seconds for them, as a request does.
    ///
    /// ```
    /// # use jwtower::{Claims, JwtAuthLayer};
    /// # #[derive(serde::Deserialize)]
    /// # struct User { name: String }
    /// async fn work(layer: &JwtAuthLayer<User>, token: &str) -> Result<(), jwtower::AuthError> {
    ///     let user: Claims<User> = layer.authenticate(token).await?;
    ///     println!("a job of {}", user.name);
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Verifier::verify`]; where the layer has [`revocations`](Self::revocations), also a token that was
    /// revoked, or that nobody could revoke.
    pub async fn authenticate(&self, token: &str) -> Result<Claims<C>, AuthError> {
        let mut patience = None;
        loop {
            match self.judge(token) {
                Attempt::Done(outcome) => return outcome,
                Attempt::Wait(waiting) => patience.get_or_insert_with(Patience::new).wait(waiting).await?,
            }
        }
    }

    /// What can be said of a token at once.
    fn judge(&self, token: &str) -> Attempt<C> {
        let token = match self.verifier.judge(token) {
            Verdict::Done(Ok(token)) => token,
            Verdict::Done(Err(error)) => return Attempt::Done(Err(error)),
            Verdict::Wait(waiting) => return Attempt::Wait(waiting),
        };
        let checked =
            self.revocations.as_ref().map_or(Ok(()), |revocations| revocations.check(token.registered()));
        Attempt::Done(checked.map(|()| Claims::new(token, self.revocations.clone())))
    }

    /// Puts the identity of this request into its extensions, or says why there is none.
    ///
    /// It may be called again for the same request.
    pub(super) fn identify(&self, request: &mut Parts) -> Identity {
        if let Some(outer) = request.extensions.remove::<AuthContext>() {
            outer.forget(&mut request.extensions);
        }
        // No layer may have left them: middleware copies extensions from one request to another.
        forget::<C>(&mut request.extensions);
        self.sources.mark_sensitive(&mut request.headers);
        match self.sources.find(request).map(|token| self.judge(token)) {
            Ok(Attempt::Done(Ok(claims))) => {
                request.extensions.insert(claims.principal());
                request.extensions.insert(claims);
            }
            Ok(Attempt::Done(Err(error))) => return Identity::Refused(error),
            Ok(Attempt::Wait(waiting)) => return Identity::Wait(waiting),
            Err(error) if error.kind() == ErrorKind::MissingToken && self.anonymous == Anonymous::Passes => {}
            Err(error) => return Identity::Refused(error),
        }
        request.extensions.insert(self.context.clone());
        Identity::Known
    }

    pub(super) fn context(&self) -> &AuthContext {
        &self.context
    }
}

/// Takes out what a layer with the claims type `C` left.
fn forget<C: Send + Sync + 'static>(extensions: &mut Extensions) {
    extensions.remove::<Claims<C>>();
    extensions.remove::<Principal>();
}

impl<C> JwtAuthLayer<C> {
    /// The request headers on which an answer depends, for `Vary` (RFC 9110 §12.5.5).
    ///
    /// `Authorization` is named too: a cache keeps such an answer where a handler calls it public.
    pub(super) fn vary(&self) -> Option<HeaderValue> {
        let names: Vec<_> = self.sources.header_names().map(HeaderName::as_str).collect();
        HeaderValue::try_from(names.join(", ")).ok()
    }
}

impl<S, C> Layer<S> for JwtAuthLayer<C> {
    type Service = JwtAuth<S, C>;

    fn layer(&self, inner: S) -> Self::Service {
        JwtAuth::new(inner, self.clone())
    }
}

impl<C> Clone for JwtAuthLayer<C> {
    fn clone(&self) -> Self {
        Self {
            verifier: self.verifier.clone(),
            revocations: self.revocations.clone(),
            sources: self.sources.clone(),
            context: self.context.clone(),
            anonymous: self.anonymous,
        }
    }
}

impl<C> fmt::Debug for JwtAuthLayer<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JwtAuthLayer")
            .field("verifier", &self.verifier)
            .field("revocations", &self.revocations)
            .field("anonymous", &self.anonymous)
            .finish_non_exhaustive()
    }
}
