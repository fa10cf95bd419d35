//! What other services need to verify our tokens.

use axum::{Router, extract::State, routing::get};
use axum_core::response::Response;
use bytes::Bytes;
use http::{HeaderMap, Uri};
use serde_json::json;

use super::document;
use crate::{Issuer, session::Sessions, telemetry::event};

/// `/.well-known/jwks.json`, the public keys, and `/.well-known/openid-configuration`, by which a verifier that
/// knows only the issuer finds them.
///
/// The second document (OpenID Connect Discovery §4) names the issuer and the place of the keys and nothing else,
/// because nothing else is there. Both belong below the issuer's URL: where that has a path, nest the router
/// there. Where the issuer is no http URL, only the keys are served, and an event at level `warn` says so.
///
/// ```
/// # use axum::Router;
/// # use jwtower::Sessions;
/// use jwtower::routes::well_known;
///
/// fn app(sessions: Sessions) -> Router {
///     Router::new().merge(well_known(sessions))
/// }
/// ```
///
/// Caches may keep the keys for as long as the ring's [`Schedule`](crate::issuer::Schedule) says.
pub fn well_known<S: Clone + Send + Sync + 'static>(sessions: Sessions) -> Router<S> {
    let issuer = sessions.issuer().clone();
    if issuer.published_keys().0 == r#"{"keys":[]}"# {
        event!(warn, "the signing key is a secret, so no other service can verify; sign with a key pair");
    }
    let mut router = Router::new().route("/.well-known/jwks.json", get(jwks));
    if let Some(document) = discovery(issuer.issuer()) {
        router = router.route("/.well-known/openid-configuration", document::fixed(document));
    } else {
        event!(
            warn,
            "the issuer is no http URL without query and fragment, so that no verifier can discover its keys; \
             /.well-known/openid-configuration is left out",
        );
    }
    router.with_state(issuer)
}

async fn jwks(State(issuer): State<Issuer>, headers: HeaderMap) -> Response {
    let (document, cache_control) = issuer.published_keys();
    document::answer(document.into(), &cache_control, &headers)
}

/// The discovery document of an issuer that has a place on the web.
fn discovery(issuer: &str) -> Option<Bytes> {
    let uri: Uri = issuer.parse().ok()?;
    let has_scheme = matches!(uri.scheme_str(), Some("http" | "https"));
    let is_place =
        has_scheme && uri.host().is_some_and(|host| !host.is_empty()) && !issuer.contains(['?', '#']);
    is_place.then(|| {
        let place = issuer.strip_suffix('/').unwrap_or(issuer);
        let document = json!({ "issuer": issuer, "jwks_uri": format!("{place}/.well-known/jwks.json") });
        Bytes::from(document.to_string())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_with_a_place_on_the_web_is_discovered_there() {
        for (issuer, jwks_uri) in [
            ("https://login.example.com", "https://login.example.com/.well-known/jwks.json"),
            ("https://login.example.com/", "https://login.example.com/.well-known/jwks.json"),
            ("https://example.com/tenant", "https://example.com/tenant/.well-known/jwks.json"),
            ("http://127.0.0.1:3000", "http://127.0.0.1:3000/.well-known/jwks.json"),
        ] {
            let document = discovery(issuer).unwrap();
            let document: serde_json::Value = serde_json::from_slice(&document).unwrap();
            assert_eq!(document, json!({ "issuer": issuer, "jwks_uri": jwks_uri }));
        }
        for issuer in [
            "my-service",
            "urn:example:issuer",
            "ftp://example.com",
            "https://",
            "https://a?b",
            "https://a#b",
            "/a",
            "",
        ] {
            assert_eq!(discovery(issuer), None, "{issuer}");
        }
    }
}
