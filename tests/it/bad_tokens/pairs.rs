//! Key pairs that sign any header and payload, made with the crypto library alone.

use aws_lc_rs::{
    encoding::{AsDer, PublicKeyX509Der},
    rand::SystemRandom,
    rsa,
    signature::{
        ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING,
        EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384,
        RSA_PSS_SHA256, RsaEncoding,
    },
};
use base64_simd::STANDARD;
use jwtower_tests::encode;
use serde_json::{Value, json};

/// What a signature is made of: the bytes before it.
fn token(header: &str, payload: &str, sign: impl FnOnce(&[u8]) -> Vec<u8>) -> String {
    let signed = format!("{}.{}", encode(header), encode(payload));
    let signature = encode(sign(signed.as_bytes()));
    format!("{signed}.{signature}")
}

/// A key on a NIST curve.
pub(super) struct Ec {
    pkcs8: Vec<u8>,
    curve: &'static str,
    algorithm: &'static EcdsaSigningAlgorithm,
}

impl Ec {
    pub(super) fn p256() -> Self {
        Self::new("P-256", &ECDSA_P256_SHA256_FIXED_SIGNING)
    }

    pub(super) fn p384() -> Self {
        Self::new("P-384", &ECDSA_P384_SHA384_FIXED_SIGNING)
    }

    fn new(curve: &'static str, algorithm: &'static EcdsaSigningAlgorithm) -> Self {
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(algorithm, &SystemRandom::new()).expect("a key is made");
        Self { pkcs8: pkcs8.as_ref().to_vec(), curve, algorithm }
    }

    fn pair(&self, algorithm: &'static EcdsaSigningAlgorithm) -> EcdsaKeyPair {
        EcdsaKeyPair::from_pkcs8(algorithm, &self.pkcs8).expect("the key was made here")
    }

    /// A token as it should be, with the signature as R and S.
    pub(super) fn sign(&self, header: &str, payload: &str) -> String {
        self.sign_as(self.algorithm, header, payload)
    }

    /// A token whose signature is in DER, as TLS writes it (RFC 7518 §3.4 does not).
    pub(super) fn sign_der(&self, header: &str, payload: &str) -> String {
        self.sign_as(&ECDSA_P256_SHA256_ASN1_SIGNING, header, payload)
    }

    fn sign_as(&self, algorithm: &'static EcdsaSigningAlgorithm, header: &str, payload: &str) -> String {
        let pair = self.pair(algorithm);
        let sign = |bytes: &[u8]| pair.sign(&SystemRandom::new(), bytes).expect("it signs").as_ref().to_vec();
        token(header, payload, sign)
    }

    pub(super) fn jwk(&self) -> Value {
        let pair = self.pair(self.algorithm);
        let point = pair.public_key().as_ref();
        let (x, y) = point[1..].split_at((point.len() - 1) / 2);
        json!({ "kty": "EC", "crv": self.curve, "x": encode(x), "y": encode(y) })
    }
}

/// A key for Ed25519.
pub(super) struct Ed(Ed25519KeyPair);

impl Ed {
    pub(super) fn new() -> Self {
        Self(Ed25519KeyPair::generate().expect("a key is made"))
    }

    pub(super) fn sign(&self, header: &str, payload: &str) -> String {
        token(header, payload, |bytes| self.0.sign(bytes).as_ref().to_vec())
    }

    pub(super) fn jwk(&self) -> Value {
        json!({ "kty": "OKP", "crv": "Ed25519", "x": encode(self.0.public_key().as_ref()) })
    }
}

/// An RSA key of 2048 bits.
pub(super) struct Rsa(rsa::KeyPair);

impl Rsa {
    pub(super) fn new() -> Self {
        Self(rsa::KeyPair::generate(rsa::KeySize::Rsa2048).expect("a key is made"))
    }

    pub(super) fn sign(&self, header: &str, payload: &str) -> String {
        self.sign_as(&RSA_PKCS1_SHA256, header, payload)
    }

    pub(super) fn sign_with_sha384(&self, header: &str, payload: &str) -> String {
        self.sign_as(&RSA_PKCS1_SHA384, header, payload)
    }

    pub(super) fn sign_pss(&self, header: &str, payload: &str) -> String {
        self.sign_as(&RSA_PSS_SHA256, header, payload)
    }

    fn sign_as(&self, encoding: &'static dyn RsaEncoding, header: &str, payload: &str) -> String {
        token(header, payload, |bytes| {
            let mut signature = vec![0; self.0.public_modulus_len()];
            self.0.sign(encoding, &SystemRandom::new(), bytes, &mut signature).expect("it signs");
            signature
        })
    }

    pub(super) fn public_der(&self) -> Vec<u8> {
        let der: PublicKeyX509Der<'_> = self.0.public_key().as_der().expect("the key is public");
        der.as_ref().to_vec()
    }

    pub(super) fn public_pem(&self) -> String {
        let text = STANDARD.encode_to_string(self.public_der());
        let lines: Vec<_> = text.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
        format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", lines.join("\n"))
    }
}
