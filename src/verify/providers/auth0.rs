//! Auth0.

use crate::{
    error::ConfigError,
    verify::{IssuerGiven, KeysGiven, Verifier, VerifierBuilder},
};

impl<C> Verifier<C> {
    /// Starts a verifier for access tokens of an Auth0 tenant.
    ///
    /// ```
    /// # use jwtower::{NoClaims, Verifier};
    /// let verifier = Verifier::<NoClaims>::auth0("tenant.eu.auth0.com")?.audience("https://api.example.com").build()?;
    /// # Ok::<(), jwtower::ConfigError>(())
    /// ```
    ///
    /// - The issuer is `https://DOMAIN/`, with the slash. A tenant with a custom domain writes into `iss` the domain
    ///   at which the token was asked for, most often the custom one.
    /// - The audience is the API's identifier. ID tokens have the application's client id in its place, and are
    ///   refused by that.
    /// - Permissions are in `permissions`, where the API has "Enable RBAC" and "Add Permissions in the Access Token";
    ///   scopes are in `scope`. There are no roles unless an Action adds a claim; its name is a URL, so
    ///   [`authorities`](VerifierBuilder::authorities) is told
    ///   `AuthorityMap::new().roles(["/https:~1~1example.com~1roles"])?`.
    ///
    /// Both of Auth0's token profiles are accepted; `.rfc9068()` demands the one of RFC 9068.
    ///
    /// ```compile_fail
    /// # use jwtower::{NoClaims, Verifier};
    /// // This verifier has no audience yet.
    /// let verifier = Verifier::<NoClaims>::auth0("tenant.eu.auth0.com")?.build()?;
    /// # Ok::<(), jwtower::ConfigError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// What is no domain in lower case: a URL, a tenant's name alone, an empty text.
    ///
    /// # Security
    ///
    /// The client id of an application is no audience: its ID tokens would be accepted as access tokens.
    pub fn auth0(domain: &str) -> Result<VerifierBuilder<C, KeysGiven, IssuerGiven>, ConfigError> {
        Self::builder().discover(&format!("https://{}/", check_domain(domain)?))
    }
}

fn check_domain(domain: &str) -> Result<&str, ConfigError> {
    if is_domain(domain) {
        return Ok(domain);
    }
    let bare = domain.trim().to_ascii_lowercase();
    let bare = bare.trim_start_matches("https://").trim_start_matches("http://");
    let bare = bare.split(['/', '?', '#']).next().unwrap_or_default();
    let instead = if is_domain(bare) { bare } else { "tenant.eu.auth0.com" };
    let problem = format!("{domain:?} is no domain; write it alone and in lower case, such as {instead:?}");
    Err(ConfigError::new("domain", problem))
}

fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty() && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    text.contains('.') && text.split('.').all(is_label)
}
