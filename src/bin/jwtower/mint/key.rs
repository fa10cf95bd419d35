//! The key that signs.

use std::{fs, path::Path};

use jwtower::{Algorithm, KeySet, Secret, SigningKey};

use super::arguments::Arguments;
use crate::{
    failure::Failure,
    file::{self, Form},
    pem,
};

impl Arguments {
    /// The key under its name.
    pub(crate) fn signing_key(&self) -> Result<SigningKey, Failure> {
        let key = match (&self.key.key, self.key.generate) {
            (Some(path), _) => read(path, self.alg)?,
            (None, algorithm) => SigningKey::generate(algorithm.unwrap_or(Algorithm::ES256))?,
        };
        match &self.kid {
            Some(kid) => Ok(key.with_kid(kid)?),
            None => Ok(key),
        }
    }

    /// Writes the public half, where that was asked for.
    pub(crate) fn publish(&self, key: &SigningKey) -> Result<(), Failure> {
        let Some(path) = &self.jwks_out else { return Ok(()) };
        if key.algorithm().is_symmetric() {
            let problem = format!("a key for {} has no public half", key.algorithm());
            return Err(file::unusable("--jwks-out", path, problem));
        }
        if path.is_file() && Form::of(&file::read("--jwks-out", path)?) != Form::JwkSet {
            let problem = "it is there and no JWK Set, so it is not written over";
            return Err(file::unusable("--jwks-out", path, problem));
        }
        let jwks = KeySet::from(key).to_jwks() + "\n";
        fs::write(path, jwks).map_err(|error| file::unusable("--jwks-out", path, error))
    }
}

fn read(path: &Path, algorithm: Option<Algorithm>) -> Result<SigningKey, Failure> {
    let bytes = file::read("--key", path)?;
    parse(&bytes, algorithm).map_err(|problem| file::unusable("--key", path, problem))
}

fn parse(bytes: &[u8], algorithm: Option<Algorithm>) -> Result<SigningKey, String> {
    match (Form::of(bytes), algorithm) {
        (Form::Jwk | Form::JwkSet, _) => of_jwk(bytes, algorithm),
        (Form::Pem, None) => pem::of_any_algorithm(|algorithm| SigningKey::from_pem(algorithm, bytes)),
        (_, Some(algorithm)) if !algorithm.is_symmetric() => {
            SigningKey::from_pem(algorithm, bytes).map_err(|error| error.to_string())
        }
        (_, algorithm) => secret(algorithm.unwrap_or(Algorithm::HS256), file::text(bytes)?),
    }
}

fn secret(algorithm: Algorithm, text: &str) -> Result<SigningKey, String> {
    let secret = Secret::from_base64(algorithm, text);
    secret.map(|secret| SigningKey::from(&secret)).map_err(|error| error.to_string())
}

fn of_jwk(json: &[u8], algorithm: Option<Algorithm>) -> Result<SigningKey, String> {
    let key = SigningKey::from_jwk(json).map_err(|error| error.to_string())?;
    match algorithm {
        Some(algorithm) if algorithm != key.algorithm() => {
            Err(format!("it is a key for {}, and --alg {algorithm} was given", key.algorithm()))
        }
        _ => Ok(key),
    }
}
