//! What each algorithm means to the crypto library.

use aws_lc_rs::{
    hmac,
    signature::{
        self, EcdsaSigningAlgorithm, EcdsaVerificationAlgorithm, RsaParameters, RsaSignatureEncoding,
    },
};

use super::Algorithm;

/// The kind of key that an algorithm takes, with the library's parameters.
pub(super) enum Family {
    Hmac(hmac::Algorithm),
    Rsa { verify: &'static RsaParameters, sign: &'static RsaSignatureEncoding },
    Ec { curve: Curve, verify: &'static EcdsaVerificationAlgorithm, sign: &'static EcdsaSigningAlgorithm },
    Ed25519,
}

/// The curves of ES256, ES384 and ES512.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Curve {
    P256,
    P384,
    P521,
}

impl Family {
    pub(super) fn of(algorithm: Algorithm) -> Self {
        use signature::*;
        let rsa = |verify, sign| Self::Rsa { verify, sign };
        match algorithm {
            Algorithm::HS256 => Self::Hmac(hmac::HMAC_SHA256),
            Algorithm::HS384 => Self::Hmac(hmac::HMAC_SHA384),
            Algorithm::HS512 => Self::Hmac(hmac::HMAC_SHA512),
            Algorithm::RS256 => rsa(&RSA_PKCS1_2048_8192_SHA256, &RSA_PKCS1_SHA256),
            Algorithm::RS384 => rsa(&RSA_PKCS1_2048_8192_SHA384, &RSA_PKCS1_SHA384),
            Algorithm::RS512 => rsa(&RSA_PKCS1_2048_8192_SHA512, &RSA_PKCS1_SHA512),
            Algorithm::PS256 => rsa(&RSA_PSS_2048_8192_SHA256, &RSA_PSS_SHA256),
            Algorithm::PS384 => rsa(&RSA_PSS_2048_8192_SHA384, &RSA_PSS_SHA384),
            Algorithm::PS512 => rsa(&RSA_PSS_2048_8192_SHA512, &RSA_PSS_SHA512),
            Algorithm::ES256 => Self::Ec {
                curve: Curve::P256,
                verify: &ECDSA_P256_SHA256_FIXED,
                sign: &ECDSA_P256_SHA256_FIXED_SIGNING,
            },
            Algorithm::ES384 => Self::Ec {
                curve: Curve::P384,
                verify: &ECDSA_P384_SHA384_FIXED,
                sign: &ECDSA_P384_SHA384_FIXED_SIGNING,
            },
            Algorithm::ES512 => Self::Ec {
                curve: Curve::P521,
                verify: &ECDSA_P521_SHA512_FIXED,
                sign: &ECDSA_P521_SHA512_FIXED_SIGNING,
            },
            Algorithm::Ed25519 => Self::Ed25519,
        }
    }

    /// The key that the algorithm needs, in words.
    pub(super) fn key_name(&self) -> &'static str {
        match self {
            Self::Hmac(_) => "a secret",
            Self::Rsa { .. } => "an RSA key",
            Self::Ec { curve: Curve::P256, .. } => "a P-256 key",
            Self::Ec { curve: Curve::P384, .. } => "a P-384 key",
            Self::Ec { curve: Curve::P521, .. } => "a P-521 key",
            Self::Ed25519 => "an Ed25519 key",
        }
    }
}

impl Curve {
    pub(super) fn named(name: &str) -> Option<Self> {
        [Self::P256, Self::P384, Self::P521].into_iter().find(|curve| curve.name() == name)
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
        }
    }

    /// The length of a coordinate in bytes (RFC 7518 §6.2.1.2).
    pub(super) fn coordinate_len(self) -> usize {
        match self {
            Self::P256 => 32,
            Self::P384 => 48,
            Self::P521 => 66,
        }
    }

    pub(super) fn algorithm(self) -> Algorithm {
        match self {
            Self::P256 => Algorithm::ES256,
            Self::P384 => Algorithm::ES384,
            Self::P521 => Algorithm::ES512,
        }
    }
}
