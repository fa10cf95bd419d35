//! What a service says of itself, so that clients know where to get a token for it (RFC 9728).

use serde::Serialize;

use super::{challenge::is_scope, url};
use crate::error::ConfigError;

const WELL_KNOWN: &str = "/.well-known/oauth-protected-resource";

/// A service that takes tokens, as its metadata tells it to clients (RFC 9728 §2).
///
/// The challenge of a refusal names the URL of the metadata, the metadata name the authorization servers, and
/// so a client that knows nothing but the service's URL can ask for a token. MCP servers must have it.
///
/// ```
/// use axum::{Router, routing::post};
/// use jwtower::{JwtAuthLayer, NoClaims, Verifier, response::ProtectedResource};
/// # use jwtower::{Algorithm, Secret};
///
/// # fn main() -> Result<(), jwtower::ConfigError> {
/// # let keys = &Secret::generate(Algorithm::HS256)?;
/// let resource = ProtectedResource::new("https://api.example.com/mcp")?
///     .authorization_server("https://login.example.com")?
///     .scopes(["mcp:read", "mcp:write"])?;
/// assert_eq!(
///     resource.metadata_url(),
///     "https://api.example.com/.well-known/oauth-protected-resource/mcp"
/// );
///
/// let verifier = Verifier::<NoClaims>::builder()
///     .keys(keys)
///     .issuer("https://login.example.com")
///     .audience(resource.resource())
///     .build()?;
/// let app: Router = Router::new()
///     .route("/mcp", post(|| async { "hello" }))
///     .route_layer(JwtAuthLayer::new(verifier).resource_metadata(resource.metadata_url())?)
///     .merge(jwtower::routes::protected_resource(resource));
/// # Ok(())
/// # }
/// ```
///
/// # Security
///
/// Give the verifier [`resource`](Self::resource) as its audience. Clients ask the authorization server for a
/// token with this audience (RFC 8707); without the check, a token for another service would do here.
///
/// Clients compare the identifier with the URL that they call, and some write `https://api.example.com` as
/// `https://api.example.com/`. One with a path, such as `/mcp`, has a single spelling.
#[derive(Clone, Debug)]
pub struct ProtectedResource {
    resource: Box<str>,
    metadata_url: Box<str>,
    metadata_path: Box<str>,
    authorization_servers: Vec<Box<str>>,
    scopes: Vec<Box<str>>,
    name: Option<Box<str>>,
    documentation: Option<Box<str>>,
}

impl ProtectedResource {
    /// A service by its identifier: the URL at which clients call it.
    ///
    /// # Errors
    ///
    /// What is no https URL, or http URL of a loopback host; one with a query, a fragment or a user; one with a
    /// path that clients or routers would read otherwise than it is written.
    pub fn new(resource: &str) -> Result<Self, ConfigError> {
        let resource = url::identifier("resource", resource)?;
        let (origin, path) = split(&resource);
        if path.split('/').any(has_other_meaning) {
            let problem = format!(
                "{resource:?} must have no `.` and `..` in its path, and nothing there that begins with : or *"
            );
            return Err(ConfigError::new("resource", problem));
        }
        let metadata_path = format!("{WELL_KNOWN}{}", if path == "/" { "" } else { path });
        Ok(Self {
            metadata_url: format!("{origin}{metadata_path}").into(),
            metadata_path: metadata_path.into(),
            resource,
            authorization_servers: Vec::new(),
            scopes: Vec::new(),
            name: None,
            documentation: None,
        })
    }

    /// Adds an authorization server, by its issuer, that gives out tokens for this service.
    ///
    /// # Errors
    ///
    /// What is no https URL, or http URL of a loopback host; one with a query, a fragment or a user.
    pub fn authorization_server(mut self, issuer: &str) -> Result<Self, ConfigError> {
        self.authorization_servers.push(url::identifier("authorization_server", issuer)?);
        Ok(self)
    }

    /// Adds scopes for which clients may ask; many ask for all that are named here.
    ///
    /// # Errors
    ///
    /// A text that is no scope (RFC 6749 §3.3): an empty one, or one with spaces, `"`, `\` or what is not ASCII.
    pub fn scopes<'a>(mut self, scopes: impl IntoIterator<Item = &'a str>) -> Result<Self, ConfigError> {
        for scope in scopes {
            if !is_scope(scope) {
                let problem = format!("{scope:?} must be one scope: visible ASCII without spaces, \" and \\");
                return Err(ConfigError::new("scopes", problem));
            }
            self.scopes.push(scope.into());
        }
        Ok(self)
    }

    /// The name that clients show to people.
    #[must_use]
    pub fn name(mut self, name: &str) -> Self {
        self.name = Some(name.into());
        self
    }

    /// The page that tells developers how to use the service.
    ///
    /// # Errors
    ///
    /// What is no https URL, or http URL of a loopback host; one with a fragment or a user.
    pub fn documentation(mut self, url: &str) -> Result<Self, ConfigError> {
        self.documentation = Some(url::checked("documentation", url)?);
        Ok(self)
    }

    /// The identifier, exactly as it was given: the audience of tokens for this service.
    #[must_use]
    pub fn resource(&self) -> &str {
        &self.resource
    }

    /// Where clients find the metadata; what
    /// [`JwtAuthLayer::resource_metadata`](crate::JwtAuthLayer::resource_metadata) takes.
    ///
    /// The well-known path stands between the host and the path of the identifier (RFC 9728 §3.1).
    #[must_use]
    pub fn metadata_url(&self) -> &str {
        &self.metadata_url
    }

    /// The path of [`metadata_url`](Self::metadata_url), which `routes::protected_resource` serves.
    #[must_use]
    pub fn metadata_path(&self) -> &str {
        &self.metadata_path
    }

    /// The metadata as JSON (RFC 9728 §3.2), for a router of your own.
    ///
    /// Tokens are taken from the `Authorization` header only, so that is what it says.
    #[must_use]
    pub fn document(&self) -> String {
        let document = Document {
            resource: &self.resource,
            authorization_servers: &self.authorization_servers,
            scopes_supported: &self.scopes,
            bearer_methods_supported: ["header"],
            resource_name: self.name.as_deref(),
            resource_documentation: self.documentation.as_deref(),
        };
        // Text and lists of text always serialize.
        serde_json::to_string(&document).unwrap_or_default()
    }
}

/// Members without a value are left out (RFC 9728 §3.2).
#[derive(Serialize)]
struct Document<'a> {
    resource: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    authorization_servers: &'a [Box<str>],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    scopes_supported: &'a [Box<str>],
    bearer_methods_supported: [&'static str; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_documentation: Option<&'a str>,
}

/// Scheme and host, and the path, as they are written.
fn split(url: &str) -> (&str, &str) {
    let host = url.find("://").map_or(0, |end| end + "://".len());
    let path = url.get(host..).and_then(|rest| rest.find('/')).map_or(url.len(), |start| host + start);
    url.split_at_checked(path).unwrap_or((url, ""))
}

/// Whether clients resolve a segment of a path before they ask, or axum takes it for a pattern of old.
fn has_other_meaning(segment: &str) -> bool {
    let decoded = segment.replace("%2e", ".").replace("%2E", ".");
    matches!(&*decoded, "." | "..") || segment.starts_with([':', '*'])
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn resource(url: &str) -> ProtectedResource {
        ProtectedResource::new(url).unwrap()
    }

    fn document(resource: &ProtectedResource) -> Value {
        serde_json::from_str(&resource.document()).unwrap()
    }

    #[test]
    fn the_metadata_stand_between_the_host_and_the_path() {
        for (url, origin, path) in [
            ("https://api.example.com", "https://api.example.com", ""),
            ("https://api.example.com/", "https://api.example.com", ""),
            ("https://api.example.com/mcp", "https://api.example.com", "/mcp"),
            ("https://api.example.com/mcp/", "https://api.example.com", "/mcp/"),
            ("https://api.example.com/a/b%20c", "https://api.example.com", "/a/b%20c"),
            ("https://api.example.com/v1:x/a*", "https://api.example.com", "/v1:x/a*"),
            ("https://api.example.com/.hidden/...", "https://api.example.com", "/.hidden/..."),
            ("https://api.example.com:8443/mcp", "https://api.example.com:8443", "/mcp"),
            ("HTTPS://API.example.com/Mcp", "HTTPS://API.example.com", "/Mcp"),
            ("http://[::1]:3000/mcp", "http://[::1]:3000", "/mcp"),
        ] {
            let resource = resource(url);
            let expected = format!("/.well-known/oauth-protected-resource{path}");
            assert_eq!(resource.metadata_path(), expected, "{url}");
            assert_eq!(resource.metadata_url(), format!("{origin}{expected}"), "{url}");
            assert_eq!(resource.resource(), url);
            assert_eq!(document(&resource)["resource"], url);
        }
    }

    #[test]
    fn an_identifier_that_could_be_read_in_two_ways_is_refused() {
        for url in [
            "http://api.example.com/mcp",
            "https://api.example.com/mcp#a",
            "https://api.example.com/mcp?tenant=a",
            "https://user@api.example.com/mcp",
            "https://api.example.com/a/../mcp",
            "https://api.example.com/./mcp",
            "https://api.example.com/a/%2e%2E",
            "https://api.example.com/:mcp",
            "https://api.example.com/a/*mcp",
            "urn:example:api",
            "",
        ] {
            assert_eq!(ProtectedResource::new(url).unwrap_err().setting(), "resource", "{url:?}");
        }
    }

    #[test]
    fn what_is_not_set_is_not_in_the_document() {
        let url = "https://api.example.com";
        let least = json!({ "resource": url, "bearer_methods_supported": ["header"] });
        assert_eq!(document(&resource(url)), least);
        assert_eq!(document(&resource(url).scopes([]).unwrap()), least);
    }

    #[test]
    fn all_that_is_set_is_in_the_document() {
        let resource = resource("https://api.example.com/mcp")
            .authorization_server("https://login.example.com")
            .and_then(|resource| resource.authorization_server("https://sso.example.com/realms/shop"))
            .and_then(|resource| resource.scopes(["mcp:read", "mcp:write"]))
            .and_then(|resource| resource.scopes(["https://api.example.com/admin"]))
            .and_then(|resource| resource.documentation("https://docs.example.com/mcp?lang=en"))
            .unwrap()
            .name("Zoë's \"notes\"");
        let expected = json!({
            "resource": "https://api.example.com/mcp",
            "authorization_servers": ["https://login.example.com", "https://sso.example.com/realms/shop"],
            "scopes_supported": ["mcp:read", "mcp:write", "https://api.example.com/admin"],
            "bearer_methods_supported": ["header"],
            "resource_name": "Zoë's \"notes\"",
            "resource_documentation": "https://docs.example.com/mcp?lang=en",
        });
        assert_eq!(document(&resource), expected);
    }

    #[test]
    fn what_clients_could_not_use_is_refused() {
        let new = || resource("https://api.example.com/mcp");
        for issuer in ["login.example.com", "http://login.example.com", "https://login.example.com?a=b"] {
            let error = new().authorization_server(issuer).unwrap_err();
            assert_eq!(error.setting(), "authorization_server", "{issuer:?}");
        }
        for scope in ["", "a b", "a\"", "a\\", "é", "a\n"] {
            assert_eq!(new().scopes(["good", scope]).unwrap_err().setting(), "scopes", "{scope:?}");
        }
        assert_eq!(new().documentation("docs").unwrap_err().setting(), "documentation");
    }
}
