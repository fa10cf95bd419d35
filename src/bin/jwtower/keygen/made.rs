//! A new key in all its forms.

use jwtower::{
    KeySet, Secret, SigningKey,
    jwe::{Curve, DecryptionKey, DecryptionKeys, EncryptionKey},
    keys::PrivatePem,
};
use zeroize::Zeroizing;

use super::{algorithm::Kind, private_jwk};
use crate::failure::Failure;

/// The forms of one key; a pair has a PEM and a public half, a secret has a text.
pub(super) struct Made {
    form: Form,
    jwk: Zeroizing<String>,
}

enum Form {
    Pair { pem: PrivatePem, jwks: String },
    Secret(Zeroizing<String>),
}

impl Made {
    pub(super) fn new(kind: Kind, curve: Option<Curve>, kid: Option<&str>) -> Result<Self, Failure> {
        match (kind, curve) {
            (Kind::Encryption(algorithm), curve) if curve.is_none() || algorithm.is_agreement() => {
                let key = match curve {
                    Some(curve) => DecryptionKey::generate_on(curve, algorithm)?,
                    None => DecryptionKey::generate(algorithm)?,
                };
                Self::decrypting(&named(key, kid, DecryptionKey::with_kid)?)
            }
            (Kind::Signing(algorithm), None) if algorithm.is_symmetric() => {
                Self::shared(&named(Secret::generate(algorithm)?, kid, Secret::with_kid)?)
            }
            (Kind::Signing(algorithm), None) => {
                Self::signing(&named(SigningKey::generate(algorithm)?, kid, SigningKey::with_kid)?)
            }
            (kind, _) => Err(Failure::new(format_args!(
                "--curve is for ECDH-ES and ECDH-ES+A256KW; {} has none to choose",
                kind.name()
            ))),
        }
    }

    fn signing(key: &SigningKey) -> Result<Self, Failure> {
        let public = serde_json::to_string(&key.public_jwk()).map_err(Failure::new)?;
        Self::pair(key.to_pem()?, &public, KeySet::from(key).to_jwks())
    }

    fn decrypting(key: &DecryptionKey) -> Result<Self, Failure> {
        if let Some(text) = key.secret() {
            return Ok(Self::secret_of(
                text,
                private_jwk::of_secret(text, "enc", key.algorithm().name(), key.kid()),
            ));
        }
        let public = EncryptionKey::from(key).to_jwk().unwrap_or_default();
        Self::pair(key.to_pem()?, &public, DecryptionKeys::from(key).to_jwks())
    }

    fn shared(secret: &Secret) -> Result<Self, Failure> {
        let text = secret.secret();
        Ok(Self::secret_of(
            text,
            private_jwk::of_secret(text, "sig", secret.algorithm().name(), secret.kid()),
        ))
    }

    fn pair(pem: PrivatePem, public: &str, jwks: String) -> Result<Self, Failure> {
        let jwk = private_jwk::of_pair(public, &pem)?;
        Ok(Self { form: Form::Pair { pem, jwks }, jwk })
    }

    fn secret_of(text: &str, jwk: Zeroizing<String>) -> Self {
        Self { form: Form::Secret(Zeroizing::new(text.to_owned())), jwk }
    }

    /// The private JWK.
    pub(super) fn jwk(&self) -> &str {
        &self.jwk
    }

    pub(super) fn pem(&self) -> Option<&str> {
        match &self.form {
            Form::Pair { pem, .. } => Some(pem.secret()),
            Form::Secret(_) => None,
        }
    }

    pub(super) fn secret(&self) -> Option<&str> {
        match &self.form {
            Form::Pair { .. } => None,
            Form::Secret(text) => Some(text),
        }
    }

    /// The public half as a JWK Set.
    pub(super) fn jwks(&self) -> Option<&str> {
        match &self.form {
            Form::Pair { jwks, .. } => Some(jwks),
            Form::Secret(_) => None,
        }
    }
}

fn named<K>(
    key: K,
    kid: Option<&str>,
    with_kid: impl FnOnce(K, String) -> Result<K, jwtower::ConfigError>,
) -> Result<K, jwtower::ConfigError> {
    match kid {
        Some(kid) => with_kid(key, kid.to_owned()),
        None => Ok(key),
    }
}
