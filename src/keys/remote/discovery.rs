//! Finds an issuer's keys by its discovery document (OpenID Connect Discovery 1.0 §4, RFC 8414 §3).

use std::fmt;

use http::StatusCode;
use serde::Deserialize;

use super::{
    answer,
    failure::{FetchError, shown},
    fetch::DynFetch,
    url::{KeyUrl, origin, shown_url},
};
use crate::error::ConfigError;

/// An issuer, and where its discovery document may be.
#[derive(Clone, Debug)]
pub(super) struct IssuerUrl {
    /// As it was written: the document's `issuer` must be the same, byte for byte (RFC 8414 §3.3).
    text: String,
    documents: Vec<KeyUrl>,
}

impl IssuerUrl {
    pub(super) fn given(text: &str) -> Result<Self, ConfigError> {
        let url = check(text)?;
        let base = text.strip_suffix('/').unwrap_or(text);
        let path = url.uri().path();
        let path = path.strip_suffix('/').unwrap_or(path);
        let origin = origin(url.uri()).unwrap_or_default();
        let mut texts = vec![
            format!("{base}/.well-known/openid-configuration"),
            format!("{origin}/.well-known/oauth-authorization-server{path}"),
        ];
        if !path.is_empty() {
            texts.push(format!("{origin}/.well-known/openid-configuration{path}"));
        }
        let documents = texts.iter().map(|text| KeyUrl::given("issuer", text)).collect::<Result<_, _>>()?;
        Ok(Self { text: text.into(), documents })
    }

    /// An issuer whose document is at this URL alone, and not where it belongs.
    pub(super) fn at(issuer: &str, document: &str) -> Result<Self, ConfigError> {
        check(issuer)?;
        let documents = vec![KeyUrl::given("document", document)?];
        Ok(Self { text: issuer.into(), documents })
    }
}

impl fmt::Display for IssuerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn check(issuer: &str) -> Result<KeyUrl, ConfigError> {
    let url = KeyUrl::given("issuer", issuer)?;
    if issuer.contains('?') {
        let problem =
            format!("{} has a query, and an issuer has none (RFC 8414 §2); leave it out", shown_url(issuer));
        return Err(ConfigError::new("issuer", problem));
    }
    Ok(url)
}

/// Finds the URL of the issuer's keys.
pub(super) async fn locate(fetch: &dyn DynFetch, issuer: &IssuerUrl) -> Result<KeyUrl, FetchError> {
    let mut answers = Vec::new();
    for url in &issuer.documents {
        match answer::get(fetch, url).await.and_then(|json| read(&json, url, &issuer.text)) {
            Err(error) if error.status().is_some_and(may_be_elsewhere) => {
                answers.push(format!("{url} ({})", error.problem));
            }
            found_or_ended => return found_or_ended,
        }
    }
    let problem = format!("the issuer has no discovery document at {}", answers.join(", "));
    Err(FetchError::new(&issuer.text, problem))
}

/// Whether the document may be found by another form of its URL, where one has this answer instead: a page, a
/// redirect, a refusal. A server that is asked too often, or broken, answers all forms so.
fn may_be_elsewhere(status: StatusCode) -> bool {
    !status.is_server_error() && status != StatusCode::TOO_MANY_REQUESTS
}

/// The two members that count; serde refuses either of them twice.
#[derive(Deserialize)]
struct Document {
    issuer: String,
    jwks_uri: Option<String>,
}

/// An error has the status of the answer where the answer is no discovery document with keys.
fn read(json: &[u8], url: &KeyUrl, issuer: &str) -> Result<KeyUrl, FetchError> {
    let none = |problem: &'static str| FetchError::new(url, problem).with_status(StatusCode::OK);
    // Else serde would take an array of the two for an object as well.
    let is_object = json.trim_ascii_start().starts_with(b"{");
    let document =
        is_object.then(|| serde_json::from_slice::<Document>(json).ok()).flatten().ok_or_else(|| {
            none("the document is not a JSON object with one issuer and one jwks_uri, both strings")
        })?;
    if document.issuer != issuer && document.issuer.contains('{') {
        let problem = format!(
            "the document is about many tenants, its issuer is {}; write the issuer of one, as its tokens have it",
            shown(&document.issuer)
        );
        return Err(FetchError::new(url, problem));
    }
    if document.issuer != issuer {
        let (named, asked) = (shown(&document.issuer), shown(issuer));
        let problem = format!(
            "the document is about the issuer {named}, and {asked} was asked for; both must be the same, byte for byte, \
             so where {named} is meant, write it exactly so"
        );
        return Err(FetchError::new(url, problem));
    }
    let jwks_uri = document.jwks_uri.ok_or_else(|| none("the document names no jwks_uri"))?;
    KeyUrl::discovered(&jwks_uri, url)
}
