//! A key that is ready to verify.

use std::{fmt, sync::Arc};

use aws_lc_rs::{hmac, signature::ParsedPublicKey};

use super::{
    Algorithm,
    jwk::Jwk,
    kid::Kid,
    public::{PublicKey, Reason},
};

/// One key with its one algorithm, parsed once (RFC 8725 §3.1).
#[derive(Clone)]
pub(crate) struct VerifyingKey {
    kid: Option<Kid>,
    algorithm: Algorithm,
    /// Whether the key's owner named the algorithm; otherwise it is the usual one.
    named: bool,
    prepared: Prepared,
}

#[derive(Clone)]
enum Prepared {
    Hmac(Arc<hmac::Key>),
    Public { key: PublicKey, parsed: ParsedPublicKey },
}

impl VerifyingKey {
    pub(super) fn hmac(kid: Option<Kid>, algorithm: Algorithm, key: Arc<hmac::Key>) -> Self {
        Self { kid, algorithm, named: true, prepared: Prepared::Hmac(key) }
    }

    /// A public key for the algorithm, or for its usual one.
    pub(super) fn public(kid: Option<Kid>, named: Option<Algorithm>, key: PublicKey) -> Result<Self, Reason> {
        let algorithm = named.unwrap_or_else(|| key.usual_algorithm());
        let parsed = key.prepare(algorithm)?;
        // Of EC and OKP keys the curve is the name.
        let named = named.is_some() || !key.is_rsa();
        Ok(Self { kid, algorithm, named, prepared: Prepared::Public { key, parsed } })
    }

    pub(crate) fn kid(&self) -> Option<&str> {
        self.kid.as_ref().map(Kid::as_str)
    }

    pub(crate) fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Whether `signature` is this key's over `message`; a signature of another length is none.
    pub(crate) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        match &self.prepared {
            Prepared::Hmac(key) => hmac::verify(key, message, signature).is_ok(),
            Prepared::Public { parsed, .. } => parsed.verify_sig(message, signature).is_ok(),
        }
    }

    pub(super) fn with_kid(self, kid: Kid) -> Self {
        Self { kid: Some(kid), ..self }
    }

    /// The same key for another algorithm, if its owner left that open.
    pub(super) fn with_open_algorithm(&self, algorithm: Algorithm) -> Option<Self> {
        match &self.prepared {
            Prepared::Public { key, .. } if !self.named => {
                Self::public(self.kid.clone(), Some(algorithm), key.clone()).ok()
            }
            _ => None,
        }
    }

    /// The key as it may be published; a secret may not.
    pub(super) fn jwk(&self) -> Option<Jwk> {
        match &self.prepared {
            Prepared::Hmac(_) => None,
            Prepared::Public { key, .. } => {
                Some(Jwk::new(self.kid.clone(), self.named.then_some(self.algorithm), key.clone()))
            }
        }
    }

    /// Whether no token could tell the two apart.
    pub(super) fn clashes_with(&self, other: &Self) -> bool {
        self.kid == other.kid && self.algorithm == other.algorithm
    }

    /// Whether both are the same public key; secrets are never compared.
    pub(super) fn is_same_key(&self, other: &Self) -> bool {
        match (&self.prepared, &other.prepared) {
            (Prepared::Public { key: one, .. }, Prepared::Public { key: other, .. }) => one == other,
            _ => false,
        }
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyingKey")
            .field("kid", &self.kid)
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}
