//! Where the keys come from that may have signed.

use std::{env, path::PathBuf};

use clap::Args;
use jwtower::{
    Algorithm, KeySet, Secret,
    keys::{Jwk, KeySource, RemoteKeySet},
};
use zeroize::Zeroizing;

use crate::{
    failure::Failure,
    file::{self, Form},
    pem, visible,
};

/// The keys, from exactly one place.
#[derive(Args)]
#[group(required = true, multiple = false)]
pub(crate) struct KeyArguments {
    /// The file of a shared secret in base64
    #[arg(long, value_name = "FILE")]
    secret_file: Option<PathBuf>,
    /// The environment variable that holds a shared secret in base64
    #[arg(long, value_name = "NAME")]
    secret_env: Option<String>,
    /// The file of a public key
    #[arg(long, value_name = "FILE")]
    pem: Option<PathBuf>,
    /// The file of a JWK Set, or of one public JWK
    #[arg(long, value_name = "FILE")]
    jwks: Option<PathBuf>,
    /// The URL of a JWK Set, which is fetched
    #[arg(long, value_name = "URL")]
    jwks_url: Option<String>,
    /// The issuer, whose keys are found by its metadata and fetched
    #[arg(long, value_name = "ISSUER")]
    discover: Option<String>,
}

/// The keys, here or to be fetched.
pub(crate) enum Keys {
    Here(KeySet),
    Elsewhere(RemoteKeySet),
}

impl KeyArguments {
    /// The issuer that is found by its metadata.
    pub(crate) fn discovered(&self) -> Option<&str> {
        self.discover.as_deref()
    }

    /// Reads the keys; nothing is fetched yet.
    pub(crate) fn read(&self, algorithm: Option<Algorithm>) -> Result<Keys, Failure> {
        if let Some(path) = &self.secret_file {
            let unusable = |problem: String| file::unusable("--secret-file", path, problem);
            return secret(&file::read("--secret-file", path)?, algorithm).map_err(unusable);
        }
        if let Some(name) = &self.secret_env {
            let unusable =
                |problem: &str| Failure::new(format_args!("--secret-env {}: {problem}", visible::name(name)));
            let text = env::var_os(name).ok_or_else(|| unusable("there is no such variable"))?;
            let text = Zeroizing::new(text.into_encoded_bytes());
            return secret(&text, algorithm).map_err(|problem| unusable(&problem));
        }
        if let Some(path) = &self.pem {
            let text = file::read("--pem", path)?;
            let read = |algorithm| KeySet::from_pem(algorithm, &*text);
            let keys = match algorithm {
                Some(algorithm) => read(algorithm).map_err(|error| error.to_string()),
                None => pem::of_any_algorithm(read),
            };
            return keys.map(Keys::Here).map_err(|problem| file::unusable("--pem", path, problem));
        }
        if let Some(path) = &self.jwks {
            let json = file::read("--jwks", path)?;
            let keys = match Form::of(&json) {
                Form::Jwk => Jwk::from_json(&*json).and_then(|jwk| KeySet::from_jwk(&jwk)),
                _ => KeySet::from_jwks(&*json),
            };
            return keys.map(Keys::Here).map_err(|error| file::unusable("--jwks", path, error));
        }
        let remote = match &self.jwks_url {
            Some(url) => RemoteKeySet::new(url)?,
            None => RemoteKeySet::discover(self.discovered().unwrap_or_default())?,
        };
        Ok(Keys::Elsewhere(remote))
    }
}

fn secret(text: &[u8], algorithm: Option<Algorithm>) -> Result<Keys, String> {
    let secret = Secret::from_base64(algorithm.unwrap_or(Algorithm::HS256), file::text(text)?);
    secret.map(|secret| Keys::Here((&secret).into())).map_err(|error| error.to_string())
}

impl From<&Keys> for KeySource {
    fn from(keys: &Keys) -> Self {
        match keys {
            Keys::Here(keys) => keys.into(),
            Keys::Elsewhere(keys) => keys.into(),
        }
    }
}
