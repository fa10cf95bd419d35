//! The key that decrypts a token.

use std::path::PathBuf;

use clap::Args;
use jwtower::{
    ConfigError,
    jwe::{DecryptionKey, DecryptionKeys, KeyManagement},
};

use crate::{
    failure::Failure,
    file::{self, Form},
};

/// The key to whom a token is encrypted.
#[derive(Args)]
pub(crate) struct DecryptionArguments {
    /// The key that decrypts the token: a private key as PEM or JWK, or a secret in base64
    #[arg(long, value_name = "FILE")]
    decrypt_key: Option<PathBuf>,
    /// The algorithm of that key, where it does not tell: dir, A256KW, ECDH-ES or ECDH-ES+A256KW
    #[arg(long, value_name = "ALG", requires = "decrypt_key")]
    decrypt_alg: Option<KeyManagement>,
}

impl DecryptionArguments {
    /// The key, where one is given.
    pub(crate) fn read(&self) -> Result<Option<DecryptionKeys>, Failure> {
        let Some(path) = &self.decrypt_key else { return Ok(None) };
        let bytes = file::read("--decrypt-key", path)?;
        let key = parse(&bytes, self.decrypt_alg);
        let key = key.map_err(|problem| file::unusable("--decrypt-key", path, problem))?;
        Ok(Some(DecryptionKeys::from(&key)))
    }
}

/// The private key or the secret in a file.
pub(crate) fn parse(bytes: &[u8], algorithm: Option<KeyManagement>) -> Result<DecryptionKey, String> {
    let key = match (Form::of(bytes), algorithm) {
        (Form::Jwk | Form::JwkSet, _) => DecryptionKey::from_jwk(bytes),
        (Form::Pem, None) => return of_rsa(|algorithm| DecryptionKey::from_pem(algorithm, bytes)),
        (_, Some(algorithm)) if !algorithm.is_symmetric() => DecryptionKey::from_pem(algorithm, bytes),
        (_, Some(algorithm)) => DecryptionKey::from_base64(algorithm, file::text(bytes)?),
        (Form::Other, None) => return Err("a secret may be for dir or A256KW; name its algorithm".to_owned()),
    };
    let key = key.map_err(|error| error.to_string())?;
    agree(key.algorithm(), algorithm)?;
    Ok(key)
}

/// Reads a PEM of which nothing was told: an RSA key has one algorithm, those on curves have two.
pub(crate) fn of_rsa<K>(read: impl Fn(KeyManagement) -> Result<K, ConfigError>) -> Result<K, String> {
    match read(KeyManagement::EcdhEs) {
        Ok(_) => Err("it may be for ECDH-ES or ECDH-ES+A256KW; name its algorithm".to_owned()),
        Err(_) => read(KeyManagement::RsaOaep256).map_err(|error| error.to_string()),
    }
}

/// Refuses an algorithm that is not the one which the key tells.
pub(crate) fn agree(own: KeyManagement, given: Option<KeyManagement>) -> Result<(), String> {
    match given {
        Some(given) if given != own => Err(format!("the key is for {own}, and {given} was given")),
        _ => Ok(()),
    }
}
