//! Algorithms in words, those too that jwtower does not have.

use std::fmt;

/// How a token is signed.
pub(super) fn signature(name: &str) -> Option<&'static str> {
    Some(match name {
        "HS256" => "HMAC with SHA-256: one secret signs and verifies",
        "HS384" => "HMAC with SHA-384: one secret signs and verifies",
        "HS512" => "HMAC with SHA-512: one secret signs and verifies",
        "RS256" => "RSA PKCS #1 v1.5 with SHA-256",
        "RS384" => "RSA PKCS #1 v1.5 with SHA-384",
        "RS512" => "RSA PKCS #1 v1.5 with SHA-512",
        "PS256" => "RSA-PSS with SHA-256",
        "PS384" => "RSA-PSS with SHA-384",
        "PS512" => "RSA-PSS with SHA-512",
        "ES256" => "ECDSA on P-256 with SHA-256",
        "ES384" => "ECDSA on P-384 with SHA-384",
        "ES512" => "ECDSA on P-521 with SHA-512",
        "EdDSA" | "Ed25519" => "EdDSA on Curve25519",
        "Ed448" => "EdDSA on Curve448",
        "ES256K" => "ECDSA on secp256k1 with SHA-256",
        "ML-DSA-44" | "ML-DSA-65" | "ML-DSA-87" => "a signature by lattices",
        "none" => "no signature",
        _ => return None,
    })
}

/// How the key of an encrypted token comes to its recipient.
pub(super) fn key_management(name: &str) -> Option<&'static str> {
    Some(match name {
        "dir" => "a shared secret encrypts",
        "A128KW" | "A192KW" | "A256KW" | "A128GCMKW" | "A192GCMKW" | "A256GCMKW" => {
            "a shared secret wraps the key of this token"
        }
        "ECDH-ES" => "the key is agreed on with the recipient's public key",
        "ECDH-ES+A128KW" | "ECDH-ES+A192KW" | "ECDH-ES+A256KW" => {
            "what is agreed on with the recipient's public key wraps the key of this token"
        }
        "RSA1_5" => "the recipient's RSA key, with PKCS #1 v1.5",
        "RSA-OAEP" => "the recipient's RSA key, with SHA-1",
        "RSA-OAEP-256" => "the recipient's RSA key, with SHA-256",
        "PBES2-HS256+A128KW" | "PBES2-HS384+A192KW" | "PBES2-HS512+A256KW" => "a password",
        _ => return None,
    })
}

/// How the content is encrypted.
pub(super) fn content(name: &str) -> Option<&'static str> {
    Some(match name {
        "A128GCM" => "AES-GCM with 128 bits",
        "A192GCM" => "AES-GCM with 192 bits",
        "A256GCM" => "AES-GCM with 256 bits",
        "A128CBC-HS256" => "AES-CBC with 128 bits, and HMAC with SHA-256",
        "A192CBC-HS384" => "AES-CBC with 192 bits, and HMAC with SHA-384",
        "A256CBC-HS512" => "AES-CBC with 256 bits, and HMAC with SHA-512",
        _ => return None,
    })
}

/// How long signatures are, in bytes.
#[derive(Clone, Copy)]
pub(super) enum Length {
    Exactly(usize),
    /// RSA keys of 2048 to 8192 bits.
    OfRsa,
}

impl Length {
    pub(super) fn of(name: &str) -> Option<Self> {
        Some(match name {
            "HS256" => Self::Exactly(32),
            "HS384" => Self::Exactly(48),
            "HS512" | "ES256" | "EdDSA" | "Ed25519" => Self::Exactly(64),
            "ES384" => Self::Exactly(96),
            "ES512" => Self::Exactly(132),
            "RS256" | "RS384" | "RS512" | "PS256" | "PS384" | "PS512" => Self::OfRsa,
            _ => return None,
        })
    }

    pub(super) fn fits(self, bytes: usize) -> bool {
        match self {
            Self::Exactly(expected) => bytes == expected,
            Self::OfRsa => (256..=1024).contains(&bytes),
        }
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exactly(bytes) => write!(f, "{bytes}"),
            Self::OfRsa => f.write_str("256 to 1024"),
        }
    }
}
