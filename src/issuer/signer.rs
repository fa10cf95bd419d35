//! A key with what every token that it signs begins with.

use serde_json::json;

use crate::{
    error::ConfigError,
    keys::{Algorithm, SigningKey, base64url},
};

/// A key that is ready to sign tokens.
pub(super) struct Signer {
    pub(super) key: SigningKey,
    headers: [String; 2],
}

/// How Ed25519 is called in headers.
#[derive(Clone, Copy)]
pub(super) enum AlgorithmName {
    /// RFC 9864.
    FullySpecified,
    /// RFC 8037.
    EdDsa,
}

impl Signer {
    pub(super) fn new(key: SigningKey) -> Self {
        let headers = [AlgorithmName::FullySpecified, AlgorithmName::EdDsa].map(|name| header(&key, name));
        Self { key, headers }
    }

    /// The header's text and the dot after it; the same for every token, so it was encoded once.
    pub(super) fn header(&self, name: AlgorithmName) -> &str {
        let [fully_specified, ed_dsa] = &self.headers;
        match name {
            AlgorithmName::FullySpecified => fully_specified,
            AlgorithmName::EdDsa => ed_dsa,
        }
    }

    pub(super) fn sign(&self, message: &str) -> Result<Vec<u8>, ConfigError> {
        self.key.sign(message.as_bytes())
    }
}

fn header(key: &SigningKey, name: AlgorithmName) -> String {
    let algorithm = match (key.algorithm(), name) {
        (Algorithm::Ed25519, AlgorithmName::EdDsa) => "EdDSA",
        (algorithm, _) => algorithm.name(),
    };
    let mut header = json!({ "alg": algorithm, "typ": "at+jwt" });
    if let (Some(kid), Some(header)) = (key.kid(), header.as_object_mut()) {
        header.insert("kid".into(), kid.into());
    }
    base64url::encode(header.to_string()) + "."
}
