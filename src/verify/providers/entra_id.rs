//! Microsoft Entra ID, formerly Azure AD.

use uuid::Uuid;

use crate::{
    error::ConfigError,
    keys::RemoteKeySet,
    verify::{IssuerGiven, KeysGiven, Verifier, VerifierBuilder},
};

const LOGIN: &str = "https://login.microsoftonline.com";

impl<C> Verifier<C> {
    /// Starts a verifier for access tokens, version 2.0, of one tenant of Microsoft Entra ID.
    ///
    /// ```
    /// # use jwtower::{NoClaims, Verifier};
    /// # const CLIENT_ID: &str = "22222222-3333-4444-5555-666666666666";
    /// let verifier = Verifier::<NoClaims>::entra_id("11111111-2222-3333-4444-555555555555")?
    ///     .audience(CLIENT_ID) // of the API's own registration
    ///     .build()?;
    /// # Ok::<(), jwtower::ConfigError>(())
    /// ```
    ///
    /// - The issuer is `https://login.microsoftonline.com/TENANT/v2.0`. The API's registration decides the version,
    ///   not the client: set `requestedAccessTokenVersion` to 2 in its manifest, or use
    ///   [`entra_id_v1`](Self::entra_id_v1).
    /// - The audience is the client id of the API. It is a GUID, never the `api://..` of its scopes.
    /// - Application roles are in `roles`, delegated scopes in `scp`.
    /// - `azp` must be there. An ID token that a client gets for itself can have the same `aud`, and has no `azp`.
    ///
    /// A tenant is one issuer. A service for several tenants has one verifier for each, which
    /// [the guide to keys](crate::guide::keys) puts together; it must not take the issuer from the token.
    ///
    /// ```compile_fail
    /// # use jwtower::{NoClaims, Verifier};
    /// // This verifier has no audience yet.
    /// let verifier = Verifier::<NoClaims>::entra_id("11111111-2222-3333-4444-555555555555")?.build()?;
    /// # Ok::<(), jwtower::ConfigError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// What is no GUID: `common`, `organizations`, `consumers`, a domain name.
    pub fn entra_id(tenant: &str) -> Result<VerifierBuilder<C, KeysGiven, IssuerGiven>, ConfigError> {
        let tenant = tenant_id(tenant)?;
        Ok(Self::builder().discover(&format!("{LOGIN}/{tenant}/v2.0"))?.required_claims(["azp"]))
    }

    /// Starts a verifier for access tokens, version 1.0, of one tenant of Microsoft Entra ID.
    ///
    /// It is what APIs get whose manifest does not ask for version 2. The issuer is
    /// `https://sts.windows.net/TENANT/`, the keys are found by the tenant's document at
    /// `login.microsoftonline.com`, and `appid` must be there, which ID tokens lack.
    ///
    /// ```
    /// # use jwtower::{NoClaims, Verifier};
    /// # const CLIENT_ID: &str = "22222222-3333-4444-5555-666666666666";
    /// let verifier = Verifier::<NoClaims>::entra_id_v1("11111111-2222-3333-4444-555555555555")?
    ///     .audiences([CLIENT_ID, "api://orders"]) // either, as the client asked
    ///     .build()?;
    /// # Ok::<(), jwtower::ConfigError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`entra_id`](Self::entra_id).
    pub fn entra_id_v1(tenant: &str) -> Result<VerifierBuilder<C, KeysGiven, IssuerGiven>, ConfigError> {
        let tenant = tenant_id(tenant)?;
        let issuer = format!("https://sts.windows.net/{tenant}/");
        let keys = RemoteKeySet::discover_at(&issuer, &document_v1(&tenant))?;
        Ok(Self::builder().keys(keys).issuer(issuer).required_claims(["appid"]))
    }
}

/// Nothing answers below the issuer of version 1.0.
fn document_v1(tenant: &str) -> String {
    format!("{LOGIN}/{tenant}/.well-known/openid-configuration")
}

/// The GUID as `iss` has it.
fn tenant_id(tenant: &str) -> Result<String, ConfigError> {
    if let Ok(id) = Uuid::try_parse(tenant) {
        return Ok(id.hyphenated().to_string());
    }
    let instead = match tenant {
        "common" | "organizations" => {
            "stands for many tenants, and each has an issuer of its own; write the id of one, and make a verifier \
             for each"
        }
        "consumers" => {
            "is not what tokens name; write the tenant of personal accounts, \
             \"9188040d-6c67-4c5b-b112-36a304b66dad\""
        }
        _ => {
            "is no tenant id; write the GUID that the portal shows as Directory (tenant) ID, \
             such as \"11111111-2222-3333-4444-555555555555\""
        }
    };
    Err(ConfigError::new("tenant", format!("{tenant:?} {instead}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_of_version_1_does_not_stand_below_the_issuer() {
        let tenant = tenant_id("11111111-2222-3333-4444-55555555AAAA").unwrap();
        assert_eq!(
            document_v1(&tenant),
            "https://login.microsoftonline.com/11111111-2222-3333-4444-55555555aaaa/.well-known/openid-configuration"
        );
    }
}
