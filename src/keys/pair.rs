//! The key pairs of the crypto library, as one type.

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    error::{KeyRejected, Unspecified},
    rand::SystemRandom,
    rsa::KeySize,
    signature::{EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RsaKeyPair, RsaSignatureEncoding},
};
use zeroize::Zeroizing;

use super::{
    Algorithm,
    family::{Curve, Family},
    pem::{Kind, Pem},
    public::{PublicKey, Reason},
};

/// A private key with its public half and its one algorithm; the library wipes it on drop.
#[derive(Clone)]
pub(super) enum KeyPair {
    Rsa(RsaKeyPair, &'static RsaSignatureEncoding),
    Ec(EcdsaKeyPair, Curve),
    Ed25519(Ed25519KeyPair),
}

impl KeyPair {
    /// A new pair, or `None` for HMAC, which has none. RSA keys have 2048 bits.
    pub(super) fn generate(algorithm: Algorithm) -> Result<Option<Self>, Unspecified> {
        Ok(match Family::of(algorithm) {
            Family::Hmac(_) => None,
            Family::Rsa { sign, .. } => Some(Self::Rsa(RsaKeyPair::generate(KeySize::Rsa2048)?, sign)),
            Family::Ec { sign, curve, .. } => Some(Self::Ec(EcdsaKeyPair::generate(sign)?, curve)),
            Family::Ed25519 => Some(Self::Ed25519(Ed25519KeyPair::generate()?)),
        })
    }

    pub(super) fn from_pem(algorithm: Algorithm, pem: &Pem) -> Result<Self, Reason> {
        let der = &*pem.der;
        let pair = match (Family::of(algorithm), pem.kind) {
            (Family::Rsa { sign, .. }, Kind::RsaPrivate) => {
                RsaKeyPair::from_der(der).map(|pair| Self::Rsa(pair, sign))
            }
            (Family::Rsa { sign, .. }, Kind::Private) => {
                RsaKeyPair::from_pkcs8(der).map(|pair| Self::Rsa(pair, sign))
            }
            (Family::Ec { sign, curve, .. }, Kind::EcPrivate) => {
                EcdsaKeyPair::from_private_key_der(sign, der).map(|pair| Self::Ec(pair, curve))
            }
            (Family::Ec { sign, curve, .. }, Kind::Private) => {
                EcdsaKeyPair::from_pkcs8(sign, der).map(|pair| Self::Ec(pair, curve))
            }
            (Family::Ed25519, Kind::Private) => Ed25519KeyPair::from_pkcs8(der).map(Self::Ed25519),
            _ => return Err(pem.misfit(algorithm)),
        };
        pair.map_err(|rejected: KeyRejected| match rejected.description_() {
            "TooSmall" => "its RSA modulus has fewer than 2048 bits".into(),
            "TooLarge" => "its RSA modulus has more than 8192 bits".into(),
            _ => pem.misfit(algorithm),
        })
    }

    pub(super) fn from_pkcs8(algorithm: Algorithm, der: &[u8]) -> Result<Self, Reason> {
        Self::from_pem(algorithm, &Pem { kind: Kind::Private, der: Zeroizing::new(der.to_vec()) })
    }

    /// The library wipes its own copy.
    pub(super) fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, Unspecified> {
        let copy = |der: &[u8]| Zeroizing::new(der.to_vec());
        match self {
            Self::Rsa(pair, _) => {
                let der: Pkcs8V1Der<'_> = pair.as_der()?;
                Ok(copy(der.as_ref()))
            }
            Self::Ec(pair, _) => Ok(copy(pair.to_pkcs8v1()?.as_ref())),
            Self::Ed25519(pair) => Ok(copy(pair.to_pkcs8v1()?.as_ref())),
        }
    }

    pub(super) fn public(&self) -> Result<PublicKey, Reason> {
        match self {
            Self::Rsa(pair, _) => PublicKey::of_rsa(pair.public_key()),
            Self::Ec(pair, curve) => PublicKey::ec_point(*curve, pair.public_key().as_ref()),
            Self::Ed25519(pair) => PublicKey::ed25519(pair.public_key().as_ref()),
        }
    }

    /// The signature in the form of RFC 7518 §3.3 to §3.5 and RFC 8037 §3.1.
    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Unspecified> {
        // The library draws from its own generator and ignores this one.
        let random = SystemRandom::new();
        match self {
            Self::Rsa(pair, encoding) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(*encoding, &random, message, &mut signature)?;
                Ok(signature)
            }
            Self::Ec(pair, _) => Ok(pair.sign(&random, message)?.as_ref().to_vec()),
            Self::Ed25519(pair) => Ok(pair.try_sign(message)?.as_ref().to_vec()),
        }
    }
}
