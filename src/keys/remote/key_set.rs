//! The keys that an identity provider publishes, as a verifier takes them.

use std::{fmt, sync::Arc};

use super::{
    Fetch, FetchError,
    client::HttpClient,
    discovery::IssuerUrl,
    fetch::DynFetch,
    place::Place,
    shared::Shared,
    url::KeyUrl,
    view::{Cell, View},
};
use crate::{
    error::ConfigError,
    keys::{KeySource, KeyStatus},
};

/// The keys that an identity provider publishes: fetched when they are needed, and kept up to date.
///
/// Making one fetches nothing and starts nothing. The first token that needs a key waits for it, up to 2 seconds;
/// from then on a task fetches the set anew at 80 % of its life, and requests never wait for that. A set lives
/// as long as its `Cache-Control` says, 1 minute to 1 hour, or 10 minutes where it says nothing.
///
/// ```
/// use jwtower::{NoClaims, Verifier, keys::RemoteKeySet};
///
/// let verifier = Verifier::<NoClaims>::builder()
///     .keys(RemoteKeySet::discover("https://login.example.com")?)
///     .issuer("https://login.example.com")
///     .audience("https://api.example.com")
///     .build()?;
/// # Ok::<(), jwtower::ConfigError>(())
/// ```
///
/// What happens, and what requests see of it:
///
/// | case | answer |
/// |---|---|
/// | a token names a key that the set does not have | the set is fetched anew, at most twice in a row and then once in 30 seconds; the request waits |
/// | the set that was fetched for it does not have it either | 401 `unknown_key`, and for 30 seconds no other fetch |
/// | it may not be fetched again yet | 503 `key_pending` with `Retry-After` |
/// | the provider cannot be reached, or answers with an empty or unusable set | the last good set serves for its life and 1 hour |
/// | there is none, or it is older | 503 `keys_unavailable` with `Retry-After` |
/// | a key is no longer published | its tokens are 401 from the next refresh on |
///
/// It is cheap to clone, and all clones fetch together. [`status`](Self::status) tells how it is doing; events
/// and, with the feature `metrics`, numbers do too. See [the guide to keys](crate::guide::keys).
///
/// # Security
///
/// A fetch takes at most 5 seconds, 1 MiB and 100 keys, follows no redirect and asks no proxy. https is asked of
/// every URL but those of the local network that the application gives itself; a URL that a document names must
/// lead to public addresses, unless it has the document's own origin. A token chooses neither the URL nor
/// whether it is asked more often than that.
#[derive(Clone)]
pub struct RemoteKeySet(View);

impl RemoteKeySet {
    /// The keys at this URL, a JWK Set (RFC 7517 §5).
    ///
    /// # Errors
    ///
    /// What is no http or https URL, or has a user, a password or a fragment; plain http to a public address.
    pub fn new(url: &str) -> Result<Self, ConfigError> {
        Ok(Self::at(Place::Url(KeyUrl::given("keys", url)?), Arc::new(HttpClient::new())))
    }

    /// The keys of this issuer, found by its metadata (OpenID Connect Discovery §4, RFC 8414 §3).
    ///
    /// Asked are, in this order: `ISSUER/.well-known/openid-configuration`, and
    /// `/.well-known/oauth-authorization-server` and `/.well-known/openid-configuration` between the issuer's
    /// host and its path. A page, a redirect or a refusal in the document's place leads to the next one; the
    /// document's `issuer` must be this one, byte by byte.
    ///
    /// # Errors
    ///
    /// What is no http or https URL, or has a user, a password, a query or a fragment; plain http to a public
    /// address.
    pub fn discover(issuer: &str) -> Result<Self, ConfigError> {
        Ok(Self::at(Place::Issuer(IssuerUrl::given(issuer)?), Arc::new(HttpClient::new())))
    }

    /// The same, where the issuer's metadata does not stand below the issuer: the URL of the document alone.
    ///
    /// ```
    /// use jwtower::keys::RemoteKeySet;
    ///
    /// let keys = RemoteKeySet::discover_at(
    ///     "https://login.example.com",
    ///     "https://metadata.example.net/openid-configuration?tenant=shop",
    /// )?;
    /// # Ok::<(), jwtower::ConfigError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`discover`](Self::discover) for both, but that the document's URL may have a query.
    pub fn discover_at(issuer: &str, document: &str) -> Result<Self, ConfigError> {
        Ok(Self::at(Place::Issuer(IssuerUrl::at(issuer, document)?), Arc::new(HttpClient::new())))
    }

    /// Fetches by other means, such as through a proxy or with a client certificate.
    ///
    /// To be called before the set is used: clones that were made before keep their own means.
    ///
    /// ```
    /// use bytes::Bytes;
    /// use http::{Request, Response};
    /// use jwtower::keys::RemoteKeySet;
    ///
    /// async fn ask(request: Request<()>) -> Result<Response<Bytes>, std::io::Error> {
    ///     // Send it with the application's own client.
    /// #   let _ = request;
    ///     Ok(Response::new(Bytes::from_static(br#"{"keys":[]}"#)))
    /// }
    ///
    /// let keys = RemoteKeySet::new("https://login.example.com/jwks.json")?.fetch_with(ask);
    /// # Ok::<(), jwtower::ConfigError>(())
    /// ```
    #[must_use]
    pub fn fetch_with(self, fetch: impl Fetch) -> Self {
        Self::at(self.0.shared.place.clone(), Arc::new(fetch))
    }

    #[cfg(test)]
    pub(super) fn shared(&self) -> &Shared {
        &self.0.shared
    }

    fn at(place: Place, fetch: Arc<dyn DynFetch>) -> Self {
        let (shared, cell) = (Shared::new(place, fetch), Arc::new(Cell::default()));
        shared.add(&cell);
        Self(View { shared, cell })
    }

    /// Waits until the keys are there, or until the attempt to get them has failed.
    ///
    /// It need not be called. A service that calls it before it takes requests spares the first ones the wait; it
    /// should start also where this fails, and answers with 503 until the provider is back.
    ///
    /// ```
    /// use bytes::Bytes;
    /// use http::{Request, Response};
    /// use jwtower::keys::RemoteKeySet;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// // The key of RFC 8037, Appendix A.
    /// const JWKS: &str =
    ///     r#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;
    ///
    /// let keys = RemoteKeySet::new("https://login.example.com/jwks.json")?
    ///     .fetch_with(async |_: Request<()>| Ok::<_, std::io::Error>(Response::new(Bytes::from(JWKS))));
    /// keys.ready().await?;
    /// assert_eq!(keys.status().keys, 1);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Why there are no keys; the attempts go on.
    pub async fn ready(&self) -> Result<(), FetchError> {
        self.0.shared.ready().await
    }

    /// What is known of the keys now.
    #[must_use]
    pub fn status(&self) -> KeyStatus {
        self.0.shared.status(None)
    }
}

impl From<RemoteKeySet> for KeySource {
    fn from(keys: RemoteKeySet) -> Self {
        Self::elsewhere(Arc::new(keys.0))
    }
}

impl From<&RemoteKeySet> for KeySource {
    fn from(keys: &RemoteKeySet) -> Self {
        keys.clone().into()
    }
}

impl fmt::Debug for RemoteKeySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemoteKeySet")
            .field("place", &format_args!("{}", self.0.shared.place))
            .finish_non_exhaustive()
    }
}
