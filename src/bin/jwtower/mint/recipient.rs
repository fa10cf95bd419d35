//! To whom the token is encrypted.

use std::path::PathBuf;

use clap::Args;
use jwtower::jwe::{ContentEncryption, EncryptionKey, KeyManagement};

use crate::{
    decryption,
    failure::Failure,
    file::{self, Form},
};

/// The key of whoever may read the token.
#[derive(Args)]
pub(crate) struct RecipientArguments {
    /// Encrypt the token: a public key as PEM, JWK or JWK Set (its first usable key), or a secret in base64
    #[arg(long, value_name = "FILE")]
    encrypt_to: Option<PathBuf>,
    /// The algorithm of that key, where it does not tell: dir, A256KW, ECDH-ES or ECDH-ES+A256KW
    #[arg(long, value_name = "ALG", requires = "encrypt_to")]
    encrypt_alg: Option<KeyManagement>,
    /// How the content is encrypted: A128GCM or A256GCM; A256GCM unless told
    #[arg(long, value_name = "ENC", requires = "encrypt_to")]
    encrypt_content: Option<ContentEncryption>,
}

impl RecipientArguments {
    /// The key, where one is given.
    pub(crate) fn read(&self) -> Result<Option<EncryptionKey>, Failure> {
        let Some(path) = &self.encrypt_to else { return Ok(None) };
        let bytes = file::read("--encrypt-to", path)?;
        let unusable = |problem: String| file::unusable("--encrypt-to", path, problem);
        let key = parse(&bytes, self.encrypt_alg).map_err(unusable)?;
        match self.encrypt_content {
            Some(content) => key.with_content(content).map(Some).map_err(|error| unusable(error.to_string())),
            None => Ok(Some(key)),
        }
    }
}

fn parse(bytes: &[u8], algorithm: Option<KeyManagement>) -> Result<EncryptionKey, String> {
    let of_secret = || decryption::parse(bytes, algorithm).map(|key| EncryptionKey::from(&key));
    let key = match (Form::of(bytes), algorithm) {
        (Form::JwkSet, _) => EncryptionKey::from_jwks(bytes),
        // Of two who share a secret, both have the one JWK.
        (Form::Jwk, _) if is_secret(bytes) => return of_secret(),
        (Form::Jwk, _) => EncryptionKey::from_jwk(bytes),
        (Form::Pem, None) => {
            return decryption::of_rsa(|algorithm| EncryptionKey::from_pem(algorithm, bytes));
        }
        (_, Some(algorithm)) if !algorithm.is_symmetric() => EncryptionKey::from_pem(algorithm, bytes),
        (Form::Pem | Form::Other, _) => return of_secret(),
    };
    let key = key.map_err(|error| error.to_string())?;
    decryption::agree(key.algorithm(), algorithm)?;
    Ok(key)
}

fn is_secret(jwk: &[u8]) -> bool {
    serde_json::from_slice::<serde_json::Value>(jwk)
        .is_ok_and(|jwk| jwk.get("kty").is_some_and(|kty| kty == "oct"))
}
