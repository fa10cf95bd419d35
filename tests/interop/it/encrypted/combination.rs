//! What is combined.

use base64_simd::URL_SAFE_NO_PAD;
use jwtower::jwe::{ContentEncryption, Curve, DecryptionKey, KeyManagement};
use serde_json::{Value, json};

/// The algorithm of a key, the curve if there is one, and the algorithm of a content.
pub(super) struct Combination {
    pub(super) algorithm: KeyManagement,
    pub(super) curve: Option<Curve>,
    pub(super) content: ContentEncryption,
}

impl Combination {
    /// Whatever can be combined, also with algorithms that the library learns one day.
    pub(super) fn all() -> Vec<Self> {
        let mut all = Vec::new();
        for algorithm in KeyManagement::ALL {
            let curves =
                if algorithm.is_agreement() { Curve::ALL.map(Some).to_vec() } else { Vec::from([None]) };
            for curve in curves {
                all.extend(ContentEncryption::ALL.map(|content| Self { algorithm, curve, content }));
            }
        }
        assert_eq!(all.len(), 14, "combinations");
        all
    }

    pub(super) fn name(&self) -> String {
        let curve = self.curve.map_or("", Curve::name);
        format!("{:14} {curve:6} {}", self.algorithm.name(), self.content)
    }

    /// A key of ours: a pair is named by its thumbprint, a secret by us.
    pub(super) fn key(&self) -> DecryptionKey {
        let key = match (self.algorithm, self.curve) {
            (algorithm, Some(curve)) => DecryptionKey::generate_on(curve, algorithm),
            (KeyManagement::Dir, None) => {
                let long = DecryptionKey::generate(KeyManagement::Dir).expect("a secret");
                let bytes =
                    URL_SAFE_NO_PAD.decode_to_vec(long.secret().expect("a secret")).expect("base64url");
                DecryptionKey::from_bytes(KeyManagement::Dir, &bytes[..self.content_bits() / 8])
            }
            (algorithm, None) => DecryptionKey::generate(algorithm),
        };
        let key = key.expect("a key");
        if self.algorithm.is_symmetric() { key.with_kid(self.name()).expect("a name") } else { key }
    }

    /// How the peer is asked for a key of its own.
    pub(super) fn request(&self) -> Value {
        let mut request = match (self.algorithm, self.curve) {
            (KeyManagement::RsaOaep256, _) => json!({ "kty": "RSA", "size": 2048 }),
            (_, Some(Curve::X25519)) => json!({ "kty": "OKP", "crv": "X25519" }),
            (_, Some(curve)) => json!({ "kty": "EC", "crv": curve.name() }),
            (KeyManagement::Dir, None) => json!({ "kty": "oct", "size": self.content_bits() }),
            (_, None) => json!({ "kty": "oct", "size": 256 }),
        };
        request["alg"] = self.algorithm.name().into();
        request["kid"] = format!("theirs: {}", self.name()).into();
        request
    }

    /// Who shares a secret to encrypt with shares one to sign with.
    pub(super) fn signer(&self) -> &'static str {
        if self.algorithm.is_symmetric() { "HS256" } else { "ES256" }
    }

    fn content_bits(&self) -> usize {
        match self.content {
            ContentEncryption::A128GCM => 128,
            _ => 256,
        }
    }
}
