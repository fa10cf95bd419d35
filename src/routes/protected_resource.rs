//! By what clients find out where to get a token.

use axum::{Router, response::AppendHeaders, routing::get};
use bytes::Bytes;
use http::{HeaderMap, header::ACCESS_CONTROL_ALLOW_ORIGIN};

use super::document;
use crate::response::ProtectedResource;

/// `/.well-known/oauth-protected-resource` and the path of the resource: its metadata (RFC 9728 §3).
///
/// ```
/// # use axum::{Router, routing::post};
/// # use jwtower::{JwtAuthLayer, NoClaims, Verifier, response::ProtectedResource};
/// use jwtower::routes::protected_resource;
///
/// # fn app(notes: Verifier<NoClaims>, mail: Verifier<NoClaims>) -> Result<Router, jwtower::ConfigError> {
/// let resource = |url: &str| ProtectedResource::new(url)?.authorization_server("https://login.example.com");
/// let notes_resource = resource("https://api.example.com/notes")?;
/// let mail_resource = resource("https://api.example.com/mail")?;
/// # let handler = async || "hello";
/// let notes = Router::new()
///     .route("/notes", post(handler))
///     .route_layer(JwtAuthLayer::new(notes).resource_metadata(notes_resource.metadata_url())?);
/// let mail = Router::new()
///     .route("/mail", post(handler))
///     .route_layer(JwtAuthLayer::new(mail).resource_metadata(mail_resource.metadata_url())?);
///
/// let app: Router = notes
///     .merge(mail)
///     .merge(protected_resource(notes_resource))
///     .merge(protected_resource(mail_resource));
/// # Ok(app)
/// # }
/// ```
///
/// The path begins at the host, so merge it into the router at the root, also where the service itself is
/// nested below a path, and after the layers that demand a token.
///
/// Pages of every site may read the document (`Access-Control-Allow-Origin: *`): a client in a browser needs
/// it before it has a token, and it holds what anyone may ask for without one.
///
/// # Panics
///
/// Never itself, but axum's `merge` does where the application has a route of this path already. Each resource has
/// one such router.
pub fn protected_resource<S: Clone + Send + Sync + 'static>(resource: ProtectedResource) -> Router<S> {
    let document = Bytes::from(resource.document());
    let answer = async move |headers: HeaderMap| {
        (AppendHeaders([(ACCESS_CONTROL_ALLOW_ORIGIN, "*")]), document::fixed_answer(document, &headers))
    };
    Router::new().route(resource.metadata_path(), get(answer))
}
