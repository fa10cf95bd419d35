//! The claims that RFC 7519 and its extensions define.

use std::fmt;

use super::{NumericDate, Text, TextList};

/// The registered claims of a verified token (RFC 7519 §4.1, RFC 9068 §2.2).
///
/// They are read from the token whatever the application's own claims type declares.
///
/// ```
/// # use jwtower::{Algorithm, Issuer, NoClaims, Secret, Verifier};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let secret = Secret::generate(Algorithm::HS256)?;
/// # let issuer = Issuer::builder().key(&secret).issuer("me").audience("api").build()?;
/// # let verifier = Verifier::<NoClaims>::builder().keys(&secret).issuer("me").audience("api").build()?;
/// # let token = issuer.sign("alice", &NoClaims)?;
/// let verified = verifier.verify(token.secret())?;
/// let registered = verified.registered();
/// assert_eq!(registered.issuer(), Some("me"));
/// assert_eq!(registered.audience().collect::<Vec<_>>(), ["api"]);
/// assert!(registered.expires_at() > registered.issued_at().unwrap());
/// # Ok(())
/// # }
/// ```
pub struct RegisteredClaims {
    payload: String,
    claims: Registered,
    expires_at: NumericDate,
}

/// All of them but `exp` as places in the payload, as the parser finds them.
#[derive(Debug, Default)]
pub(crate) struct Registered {
    pub(crate) issuer: Option<Text>,
    pub(crate) subject: Option<Text>,
    pub(crate) audience: Option<TextList>,
    pub(crate) token_id: Option<Text>,
    pub(crate) session: Option<Text>,
    pub(crate) client_id: Option<Text>,
    pub(crate) acr: Option<Text>,
    pub(crate) not_before: Option<NumericDate>,
    pub(crate) issued_at: Option<NumericDate>,
    pub(crate) auth_time: Option<NumericDate>,
}

impl RegisteredClaims {
    pub(crate) fn new(payload: String, claims: Registered, expires_at: NumericDate) -> Self {
        Self { payload, claims, expires_at }
    }

    pub(crate) fn payload(&self) -> &str {
        &self.payload
    }

    fn text<'a>(&'a self, text: &'a Option<Text>) -> Option<&'a str> {
        text.as_ref().map(|text| text.resolve(&self.payload))
    }

    /// `iss`: who made the token.
    #[must_use]
    pub fn issuer(&self) -> Option<&str> {
        self.text(&self.claims.issuer)
    }

    /// `sub`: whom the token is about; unique only together with [`issuer`](Self::issuer).
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        self.text(&self.claims.subject)
    }

    /// `aud`: for whom the token is meant; empty where the claim is missing.
    pub fn audience(&self) -> impl Iterator<Item = &str> {
        self.claims.audience.iter().flat_map(|list| list.resolve(&self.payload))
    }

    /// `exp`: when the token ends.
    #[must_use]
    pub fn expires_at(&self) -> NumericDate {
        self.expires_at
    }

    /// `nbf`: when the token begins.
    #[must_use]
    pub fn not_before(&self) -> Option<NumericDate> {
        self.claims.not_before
    }

    /// `iat`: when the token was made.
    #[must_use]
    pub fn issued_at(&self) -> Option<NumericDate> {
        self.claims.issued_at
    }

    /// `jti`: the token's own name.
    #[must_use]
    pub fn token_id(&self) -> Option<&str> {
        self.text(&self.claims.token_id)
    }

    /// `sid`: the login that the token belongs to.
    #[must_use]
    pub fn session(&self) -> Option<&str> {
        self.text(&self.claims.session)
    }

    /// `client_id`: the application that asked for the token (RFC 9068 §2.2).
    #[must_use]
    pub fn client_id(&self) -> Option<&str> {
        self.text(&self.claims.client_id)
    }

    /// `auth_time`: when the user last proved who they are.
    #[must_use]
    pub fn auth_time(&self) -> Option<NumericDate> {
        self.claims.auth_time
    }

    /// `acr`: how strongly the user proved it.
    #[must_use]
    pub fn acr(&self) -> Option<&str> {
        self.text(&self.claims.acr)
    }
}

impl fmt::Debug for RegisteredClaims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RegisteredClaims").finish_non_exhaustive()
    }
}
