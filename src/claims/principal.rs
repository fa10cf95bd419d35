//! Who is asking, as guards see it.

use std::{any::Any, fmt, sync::Arc};

use super::{Authorities, NumericDate, RegisteredClaims, TextList, Verified};

/// Who is asking: issuer, subject, session, and what the token says of their rights.
///
/// `JwtAuthLayer` puts it into the request's extensions beside `Claims`; guards read it, so that they need
/// not know the application's claims type. It is a cheap clone of the same allocation.
///
/// ```
/// use jwtower::{Algorithm, Issuer, JwtAuthLayer, Secret, Verifier};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// #[derive(serde::Serialize, serde::Deserialize)]
/// struct User { name: String, roles: Vec<String> }
///
/// let secret = Secret::generate(Algorithm::HS256)?;
/// let issuer = Issuer::builder().key(&secret).issuer("me").audience("api").build()?;
/// let verifier = Verifier::<User>::builder().keys(&secret).issuer("me").audience("api").build()?;
/// let token = issuer.sign("u-1", &User { name: "Alice".into(), roles: vec!["admin".into()] })?;
///
/// let claims = JwtAuthLayer::new(verifier).authenticate(token.secret()).await?;
/// let principal = claims.principal();
/// assert_eq!(principal.subject(), Some("u-1"));
/// assert_eq!(principal.roles().collect::<Vec<_>>(), ["admin"]);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Principal(Arc<Verified<dyn Any + Send + Sync>>);

impl Principal {
    pub(crate) fn new(token: Arc<Verified<dyn Any + Send + Sync>>) -> Self {
        Self(token)
    }

    /// All registered claims.
    #[must_use]
    pub fn registered(&self) -> &RegisteredClaims {
        self.0.registered()
    }

    /// `iss`: who made the token.
    #[must_use]
    pub fn issuer(&self) -> Option<&str> {
        self.registered().issuer()
    }

    /// `sub`: whom the token is about; unique only together with [`issuer`](Self::issuer).
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        self.registered().subject()
    }

    /// `sid`: the login that the token belongs to.
    #[must_use]
    pub fn session(&self) -> Option<&str> {
        self.registered().session()
    }

    /// `auth_time`: when the user last proved who they are.
    #[must_use]
    pub fn auth_time(&self) -> Option<NumericDate> {
        self.registered().auth_time()
    }

    /// `acr`: how strongly the user proved it.
    #[must_use]
    pub fn acr(&self) -> Option<&str> {
        self.registered().acr()
    }

    /// The roles that the token names; a [`RoleMap`](crate::claims::RoleMap) is not applied.
    pub fn roles(&self) -> impl Iterator<Item = &str> {
        self.names(&self.authorities().roles)
    }

    /// The permissions that the token names; a [`RoleMap`](crate::claims::RoleMap) is not applied.
    pub fn permissions(&self) -> impl Iterator<Item = &str> {
        self.names(&self.authorities().permissions)
    }

    /// The scopes that the token names.
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        self.names(&self.authorities().scopes)
            .flat_map(|names| names.split(' '))
            .filter(|name| !name.is_empty())
    }

    fn names<'a>(&'a self, list: &'a Option<TextList>) -> impl Iterator<Item = &'a str> {
        let payload = self.registered().payload();
        list.iter().flat_map(move |list| list.resolve(payload))
    }

    /// Tells a claim that is missing from one that is empty.
    pub(crate) fn authorities(&self) -> &Authorities {
        self.0.authorities()
    }
}

impl fmt::Debug for Principal {
    /// Prints no claim: who wants one in a log names it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Principal").finish_non_exhaustive()
    }
}
