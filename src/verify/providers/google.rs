//! Google.

use crate::{
    error::ConfigError,
    verify::{AudienceGiven, IssuerGiven, KeysGiven, Verifier, VerifierBuilder},
};

const SUFFIX: &str = ".apps.googleusercontent.com";

impl<C> Verifier<C> {
    /// Starts a verifier for ID tokens of Google that an application with this client id asked for.
    ///
    /// Google's access tokens are no JWTs, so an application sends its API the ID token. This is the one verifier
    /// that accepts ID tokens, and it accepts nothing else.
    ///
    /// ```
    /// # use jwtower::Verifier;
    /// # const CLIENT_ID: &str = "1234567890-abc.apps.googleusercontent.com";
    /// #[derive(serde::Deserialize)]
    /// struct Person { email: Option<String>, email_verified: Option<bool>, hd: Option<String> }
    ///
    /// let verifier = Verifier::<Person>::google(CLIENT_ID)?
    ///     .check(|person| person.hd.as_deref() == Some("example.com")) // one Workspace only
    ///     .build()?;
    /// # Ok::<(), jwtower::ConfigError>(())
    /// ```
    ///
    /// - The issuer is `https://accounts.google.com`.
    /// - `aud` must be the client id, and so must `azp`, the client that asked. An Android or iOS application asks
    ///   with its own id for a token for the server's: add it by [`audience`](VerifierBuilder::audience).
    /// - There are no roles, permissions or scopes.
    ///
    /// # Errors
    ///
    /// What is no client id, which ends with `.apps.googleusercontent.com`.
    ///
    /// # Security
    ///
    /// Everybody with a Google account can get such a token: it says who somebody is, not that they may do
    /// something. Know people by `sub`; an e-mail address can pass to somebody else. Whether `email_verified` is true
    /// is for the application to ask. So is the `nonce`, where the application sent one: this verifier does not know
    /// it.
    pub fn google(
        client_id: &str,
    ) -> Result<VerifierBuilder<C, KeysGiven, IssuerGiven, AudienceGiven>, ConfigError> {
        check_client_id(client_id)?;
        Ok(Self::builder().discover("https://accounts.google.com")?.audience(client_id).id_tokens())
    }
}

fn check_client_id(client_id: &str) -> Result<(), ConfigError> {
    let is_id = |name: &str| {
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    if client_id.strip_suffix(SUFFIX).is_some_and(is_id) {
        return Ok(());
    }
    // What is given here by mistake can be the client's secret.
    let problem = format!(
        "this is no client id; write the one that ends with {SUFFIX}, such as \"1234567890-abc{SUFFIX}\""
    );
    Err(ConfigError::new("client_id", problem))
}
