//! Key pairs as PEMs, made at run time, so that other libraries can read the same key.

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der},
    rsa::KeySize,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, ECDSA_P521_SHA512_FIXED_SIGNING,
        EcdsaKeyPair, Ed25519KeyPair, KeyPair, RsaKeyPair,
    },
};
use base64_simd::STANDARD;
use jwtower::Algorithm;

/// Both halves of a fresh key pair.
#[derive(Debug)]
pub struct PemPair {
    /// PKCS#8.
    pub private: String,
    /// SubjectPublicKeyInfo.
    pub public: String,
}

impl PemPair {
    /// A pair for this algorithm; RSA keys have 2048 bits.
    ///
    /// # Panics
    ///
    /// If the algorithm has no key pairs.
    #[must_use]
    pub fn generate(algorithm: Algorithm) -> Self {
        let (private, public) = match algorithm {
            Algorithm::ES256 => elliptic(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)),
            Algorithm::ES384 => elliptic(EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING)),
            Algorithm::ES512 => elliptic(EcdsaKeyPair::generate(&ECDSA_P521_SHA512_FIXED_SIGNING)),
            Algorithm::Ed25519 => edwards(),
            algorithm if algorithm.is_rsa() => rsa(),
            algorithm => panic!("{algorithm} has no key pairs"),
        };
        Self { private: armour("PRIVATE KEY", private), public: armour("PUBLIC KEY", public) }
    }
}

type Ders = (Vec<u8>, Vec<u8>);

fn elliptic(pair: Result<EcdsaKeyPair, aws_lc_rs::error::Unspecified>) -> Ders {
    let pair = pair.expect("a pair can be made");
    let private = pair.to_pkcs8v1().expect("a pair can be written");
    (private.as_ref().to_vec(), spki(pair.public_key()))
}

fn edwards() -> Ders {
    let pair = Ed25519KeyPair::generate().expect("a pair can be made");
    let private = pair.to_pkcs8v1().expect("a pair can be written");
    (private.as_ref().to_vec(), spki(pair.public_key()))
}

fn rsa() -> Ders {
    let pair = RsaKeyPair::generate(KeySize::Rsa2048).expect("a pair can be made");
    let private: Pkcs8V1Der<'_> = pair.as_der().expect("a pair can be written");
    (private.as_ref().to_vec(), spki(pair.public_key()))
}

fn spki(key: &impl AsDer<PublicKeyX509Der<'static>>) -> Vec<u8> {
    key.as_der().expect("a public key can be written").as_ref().to_vec()
}

/// Any bytes as a PEM of this label (RFC 7468).
#[must_use]
pub fn armour(label: &str, der: impl AsRef<[u8]>) -> String {
    let digits = STANDARD.encode_to_string(der);
    let mut pem = format!("-----BEGIN {label}-----\n");
    for line in digits.as_bytes().chunks(64) {
        pem.push_str(&String::from_utf8_lossy(line));
        pem.push('\n');
    }
    pem + &format!("-----END {label}-----\n")
}
