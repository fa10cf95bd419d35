//! The application's own list of issuers.

use std::sync::Arc;

use crate::{error::BoxError, verify::verifier::Verifier};

/// Finds issuers where the application keeps them, such as the tenants of a database.
///
/// ```
/// use std::collections::HashMap;
/// use jwtower::verify::{BoxError, Issuers, ResolveIssuer};
/// use jwtower::{JwtAuthLayer, KeySet, NoClaims, Verifier};
///
/// struct Tenants;
///
/// # struct Row { jwks: String, audience: String }
/// # async fn row(issuer: &str) -> Result<Option<Row>, BoxError> { Ok(None) }
/// impl ResolveIssuer<NoClaims> for Tenants {
///     async fn resolve(&self, issuer: &str) -> Result<Option<Verifier<NoClaims>>, BoxError> {
///         let Some(tenant) = row(issuer).await? else { return Ok(None) };
///         let keys = KeySet::from_jwks(tenant.jwks)?;
///         Ok(Some(Verifier::builder().keys(keys).issuer(issuer).audience(tenant.audience).build()?))
///     }
/// }
///
/// let layer = JwtAuthLayer::new(Issuers::resolved_by(Tenants));
/// ```
///
/// A request waits up to 2 seconds for the answer; a lookup that nobody waits for any more is dropped, so give
/// that much time to a query. That an issuer is unknown is kept for 30 seconds, that a lookup failed for one.
///
/// What was found serves for 5 minutes. The first token after that waits for another lookup, while others are
/// verified as before. Where that lookup fails, or has not ended after 2 seconds, the token is verified as before
/// too, and the next lookup is a second later. So an issuer serves through an outage of the database, for up to
/// 5 minutes more; then the answer is 503. [`Issuers::distrust`](crate::verify::Issuers::distrust) waits for
/// nothing.
///
/// There is one lookup per issuer at a time. At most 12 run at once for names that are new and 4 for issuers that were
/// found before; the others wait for their turn. At most 192 requests wait for new names, and 256 in all. What is
/// beyond that, and what the resolver fails at, is answered with 503. An `iss` longer than 512 bytes is unknown without a lookup.
///
/// At most 1,000 issuers are kept, those that are in use before others. Where more are in use at once, all are
/// served all the same, but some are looked up for each token, and no outage is bridged for them.
///
/// The keys that a verifier fetched are its own and those of its clones. A resolver that builds verifiers with
/// keys to be fetched keeps what it builds, and returns clones: otherwise they are fetched anew with each lookup.
///
/// # Security
///
/// Anybody can write any `iss` into a token, and nothing is verified yet. Look the issuer up among those that
/// you know: a resolver that turns any URL into a verifier trusts everybody, and fetches what it is told to.
///
/// Where tenants enter the URLs of their own providers, they choose what your service calls: a URL that is given to
/// `RemoteKeySet` may be one of your own network. Let nobody enter one that you have not looked at, or fetch by a
/// [`Fetch`](crate::keys) of your own that calls public addresses only.
pub trait ResolveIssuer<C>: Send + Sync + 'static {
    /// The verifier of this issuer's tokens, built with exactly this issuer; `None` where it is not trusted.
    ///
    /// A verifier of another issuer is not used: the answer is 503, and an event says why.
    ///
    /// # Errors
    ///
    /// When it cannot be told now. The error is not logged, as it may hold what the token said.
    fn resolve(&self, issuer: &str) -> impl Future<Output = Result<Option<Verifier<C>>, BoxError>> + Send;
}

/// A resolver that the application uses elsewhere too.
impl<C: 'static, R: ResolveIssuer<C>> ResolveIssuer<C> for Arc<R> {
    fn resolve(&self, issuer: &str) -> impl Future<Output = Result<Option<Verifier<C>>, BoxError>> + Send {
        R::resolve(self, issuer)
    }
}
