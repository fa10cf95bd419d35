//! Keycloak.

use crate::{
    claims::AuthorityMap,
    error::ConfigError,
    verify::{IssuerGiven, KeysGiven, Verifier, VerifierBuilder},
};

impl<C> Verifier<C> {
    /// Starts a verifier for access tokens of a Keycloak realm.
    ///
    /// ```
    /// # use jwtower::{NoClaims, Verifier};
    /// let verifier = Verifier::<NoClaims>::keycloak("https://sso.example.com", "shop")?.audience("api").build()?;
    /// # Ok::<(), jwtower::ConfigError>(())
    /// ```
    ///
    /// - The issuer is `URL/realms/REALM`. The URL is the one under which clients reach Keycloak, with its path if
    ///   it has one (`https://sso.example.com/auth` up to Keycloak 16). Where this service reaches it under another
    ///   one, `.keys(RemoteKeySet::new("http://keycloak:8080/realms/shop/protocol/openid-connect/certs")?)` after
    ///   this replaces the address of the keys alone.
    /// - Roles are those of the realm, `/realm_access/roles`. Those of a client need
    ///   [`authorities`](VerifierBuilder::authorities):
    ///   `AuthorityMap::new().roles(["/realm_access/roles", "/resource_access/api/roles"])?`. Scopes are in `scope`.
    /// - `aud` has this service's name only where an audience mapper puts it there. By default it is `account`, or
    ///   there is none.
    /// - The claim `typ` must be there and say `Bearer`, so that ID tokens, refresh tokens and logout tokens are
    ///   refused.
    ///
    /// ```compile_fail
    /// # use jwtower::{NoClaims, Verifier};
    /// // This verifier has no audience yet.
    /// let verifier = Verifier::<NoClaims>::keycloak("https://sso.example.com", "shop")?.build()?;
    /// # Ok::<(), jwtower::ConfigError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A URL that is neither https nor http, or goes on with `/realms`; a realm that is empty or no single step of a
    /// path.
    pub fn keycloak(
        url: &str,
        realm: &str,
    ) -> Result<VerifierBuilder<C, KeysGiven, IssuerGiven>, ConfigError> {
        let issuer = format!("{}/realms/{}", check_url(url)?, check_realm(realm)?);
        let roles = AuthorityMap::new().roles(["/realm_access/roles"])?;
        Ok(Self::builder().discover(&issuer)?.authorities(roles).required_claims(["typ"]))
    }
}

/// The URL without a slash at its end.
fn check_url(url: &str) -> Result<&str, ConfigError> {
    let wrong = |problem: String| Err(ConfigError::new("url", format!("{url:?} {problem}")));
    if url.trim().is_empty() {
        return wrong("names no Keycloak; write its URL, such as \"https://sso.example.com\"".into());
    }
    if !url.starts_with("https://") && !url.starts_with("http://") {
        return wrong(
            "begins with neither https:// nor http://; write such as \"https://sso.example.com\"".into(),
        );
    }
    let base = url.trim_end_matches('/');
    let closed = format!("{base}/");
    for behind in ["/realms/", "/.well-known/"] {
        if let Some((before, _)) = closed.split_once(behind) {
            let before = before.trim_end_matches('/');
            return wrong(format!("goes on with {behind}; write what stands before, {before:?}"));
        }
    }
    Ok(base)
}

fn check_realm(realm: &str) -> Result<&str, ConfigError> {
    let is_step = |c: char| c.is_ascii_graphic() && !matches!(c, '/' | '?' | '#' | '\\');
    if matches!(realm, "" | "." | "..") || !realm.chars().all(is_step) {
        let problem = format!(
            "{realm:?} is no realm; write its name as it stands behind /realms/ in `iss`, such as \"shop\""
        );
        return Err(ConfigError::new("realm", problem));
    }
    Ok(realm)
}
