//! Mistakes that are made often enough to be named.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::{error::ConfigError, telemetry::event};

/// The paths of metadata documents (RFC 8414 §3, OpenID Connect Discovery §4).
const METADATA: [&str; 2] = ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"];

/// Refuses the URL of a metadata document in the issuer's place.
pub(super) fn check_issuer(issuer: &str) -> Result<(), ConfigError> {
    match METADATA.iter().find_map(|path| issuer_of_metadata(issuer, path)) {
        None if issuer.contains("/.well-known/") => {
            let problem =
                format!("{issuer:?} is the address of a document; write what the tokens have in `iss`");
            Err(ConfigError::new("issuer", problem))
        }
        None => Ok(()),
        Some(instead) => {
            let problem = format!(
                "{issuer:?} is the address of a metadata document; write its member `issuer`, such as {instead:?}"
            );
            Err(ConfigError::new("issuer", problem))
        }
    }
}

/// What stands around the path: the issuer's own path comes before it, or behind (RFC 8414 §3.1).
fn issuer_of_metadata(url: &str, path: &str) -> Option<String> {
    let (start, rest) = url.split_once(path)?;
    let ends = rest.is_empty() || rest.starts_with(['/', '?', '#']);
    let behind = rest.split(['?', '#']).next().unwrap_or_default();
    ends.then(|| format!("{start}{}", without_slash(behind)))
}

/// Refuses a document's address in the place of this service's name.
pub(super) fn check_audience(audience: &str) -> Result<(), ConfigError> {
    if audience.contains("/.well-known/") {
        let problem =
            format!("{audience:?} is the address of a document; write what the tokens have in `aud`");
        return Err(ConfigError::new("audience", problem));
    }
    Ok(())
}

/// Warns of an audience that is the issuer's name: a service that accepts it accepts the tokens that are meant
/// for the issuer itself.
pub(super) fn warn_of_audience(audience: &str, issuer: Option<&str>) {
    if issuer.is_some_and(|issuer| without_slash(issuer) == without_slash(audience)) {
        event!(
            warn,
            "the verifier's audience is its issuer; write the name of this service, which its tokens have in `aud`",
            audience = audience,
        );
    }
}

/// Says once that tokens come from the configured issuer, but for a slash at its end.
#[derive(Debug, Default)]
pub(super) struct SlashWarning(AtomicBool);

impl SlashWarning {
    /// To be called where `given`, of a token whose signature held, is not `expected`.
    pub(super) fn look_at(&self, given: &str, expected: &str) {
        if without_slash(given) == without_slash(expected) && !self.0.swap(true, Ordering::Relaxed) {
            let write = if expected.ends_with('/') { "without the slash" } else { "with a slash at its end" };
            event!(
                warn,
                "tokens are refused because their `iss` and the verifier's issuer differ in the slash at the end; \
                 if they are the right tokens, write `.issuer(..)` as they do",
                write = write,
            );
        }
    }
}

fn without_slash(text: &str) -> &str {
    text.strip_suffix('/').unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_a_metadata_document_is_no_issuer() {
        for path in METADATA {
            let error = check_issuer(&format!("https://login.example.com/tenant{path}")).unwrap_err();
            assert!(error.to_string().ends_with("such as \"https://login.example.com/tenant\""), "{error}");
        }
        assert!(check_issuer("https://login.example.com/tenant").is_ok());
    }
}
