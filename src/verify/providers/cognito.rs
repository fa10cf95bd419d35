//! Amazon Cognito.

use crate::{
    claims::AuthorityMap,
    error::ConfigError,
    verify::{IssuerGiven, KeysGiven, Verifier, VerifierBuilder},
};

impl<C> Verifier<C> {
    /// Starts a verifier for access tokens of an Amazon Cognito user pool.
    ///
    /// ```
    /// # use jwtower::{NoClaims, Verifier};
    /// # const CLIENT_ID: &str = "1example23456789";
    /// let verifier = Verifier::<NoClaims>::cognito("eu-central-1", "eu-central-1_AbCdEfGhI")?
    ///     .audience_claim("client_id", CLIENT_ID)
    ///     .build()?;
    /// # Ok::<(), jwtower::ConfigError>(())
    /// ```
    ///
    /// - The issuer is `https://cognito-idp.REGION.amazonaws.com/POOL`, also where the login page has a domain of its
    ///   own.
    /// - Access tokens have no `aud`: the app client stands in `client_id`, so
    ///   [`audience_claim`](VerifierBuilder::audience_claim) is what to call. Tokens that were asked for with a
    ///   `resource` have it as `aud`; name it by [`audience`](VerifierBuilder::audience), with or without the other.
    /// - Groups are read as roles, from `cognito:groups`; scopes are in `scope`.
    /// - `token_use` must be there and say `access`, so that ID tokens are refused.
    ///
    /// ```compile_fail
    /// # use jwtower::{NoClaims, Verifier};
    /// // This verifier has no audience yet.
    /// let verifier = Verifier::<NoClaims>::cognito("eu-central-1", "eu-central-1_AbCdEfGhI")?.build()?;
    /// # Ok::<(), jwtower::ConfigError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// What is no region, or one in China, which has no user pools; what is no pool id of that region.
    pub fn cognito(
        region: &str,
        user_pool: &str,
    ) -> Result<VerifierBuilder<C, KeysGiven, IssuerGiven>, ConfigError> {
        check_region(region)?;
        check_pool(region, user_pool)?;
        let issuer = format!("https://cognito-idp.{region}.amazonaws.com/{user_pool}");
        let groups = AuthorityMap::new().roles(["/cognito:groups"])?;
        Ok(Self::builder().discover(&issuer)?.authorities(groups).required_claims(["token_use"]))
    }
}

fn check_region(region: &str) -> Result<(), ConfigError> {
    let wrong = |problem: &str| Err(ConfigError::new("region", format!("{region:?} {problem}")));
    if !is_region(region) {
        return wrong("is no region; write it as the console does, such as \"eu-central-1\"");
    }
    if region.starts_with("cn-") {
        return wrong(
            "is in China, where AWS documents no user pools; write `.discover(..)` with the `iss` of your tokens",
        );
    }
    Ok(())
}

fn is_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    match parts.as_slice() {
        [area, names @ .., number] if !names.is_empty() => {
            let is_name = |name: &&str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase());
            area.len() == 2
                && is_name(area)
                && names.iter().all(is_name)
                && !number.is_empty()
                && number.bytes().all(|b| b.is_ascii_digit())
        }
        _ => false,
    }
}

fn check_pool(region: &str, pool: &str) -> Result<(), ConfigError> {
    let problem = match pool.split_once('_') {
        Some((prefix, id)) if is_region(prefix) && is_id(id) => {
            if prefix == region {
                return Ok(());
            }
            format!(
                "is a pool in the region {prefix:?}, and {region:?} was given; write the pool's own region"
            )
        }
        _ => format!("is no user pool id; write it as the console does, such as \"{region}_AbCdEfGhI\""),
    };
    Err(ConfigError::new("user_pool", format!("{pool:?} {problem}")))
}

fn is_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric())
}
