//! One key per algorithm, as both libraries read it.

use std::sync::{LazyLock, Once};

use base64_simd::URL_SAFE_NO_PAD;
use jsonwebtoken as theirs;
use jwtower::{Algorithm, KeySet, Secret, SigningKey, Verifier};
use jwtower_tests::{AUDIENCE, ISSUER, encode, pem::PemPair};
use serde_json::Value;

/// The algorithms that jsonwebtoken knows; it has neither ES512 nor RFC 9864's name for EdDSA.
pub(super) const KNOWN: [(Algorithm, theirs::Algorithm); 12] = [
    (Algorithm::HS256, theirs::Algorithm::HS256),
    (Algorithm::HS384, theirs::Algorithm::HS384),
    (Algorithm::HS512, theirs::Algorithm::HS512),
    (Algorithm::RS256, theirs::Algorithm::RS256),
    (Algorithm::RS384, theirs::Algorithm::RS384),
    (Algorithm::RS512, theirs::Algorithm::RS512),
    (Algorithm::PS256, theirs::Algorithm::PS256),
    (Algorithm::PS384, theirs::Algorithm::PS384),
    (Algorithm::PS512, theirs::Algorithm::PS512),
    (Algorithm::ES256, theirs::Algorithm::ES256),
    (Algorithm::ES384, theirs::Algorithm::ES384),
    (Algorithm::Ed25519, theirs::Algorithm::EdDSA),
];

/// One key in both libraries, with what both demand of its tokens.
pub(super) struct Pair {
    pub(super) algorithm: Algorithm,
    pub(super) signing: SigningKey,
    pub(super) verifier: Verifier<Value>,
    pub(super) name: theirs::Algorithm,
    pub(super) encoding: theirs::EncodingKey,
    decoding: theirs::DecodingKey,
    validation: theirs::Validation,
}

/// A pair for each of [`KNOWN`], in its order.
pub(super) static PAIRS: LazyLock<Vec<Pair>> = LazyLock::new(|| {
    install();
    KNOWN.iter().map(|(algorithm, name)| Pair::generate(*algorithm, *name)).collect()
});

/// jsonwebtoken has both backends here and wants to be told which one to use, once in a process. RustCrypto
/// shares no code with ours.
fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        theirs::crypto::rust_crypto::DEFAULT_PROVIDER.install_default().expect("nobody installs another one");
    });
}

impl Pair {
    fn generate(algorithm: Algorithm, name: theirs::Algorithm) -> Self {
        let (signing, keys, encoding, decoding) = if algorithm.is_symmetric() {
            let secret = Secret::generate(algorithm).unwrap();
            let bytes = URL_SAFE_NO_PAD.decode_to_vec(secret.secret()).unwrap();
            (
                SigningKey::from(&secret),
                KeySet::from(&secret),
                theirs::EncodingKey::from_secret(&bytes),
                theirs::DecodingKey::from_secret(&bytes),
            )
        } else {
            let PemPair { private, public } = PemPair::generate(algorithm);
            let (encoding, decoding) = read(algorithm, private.as_bytes(), public.as_bytes()).unwrap();
            (
                SigningKey::from_pem(algorithm, &private).unwrap(),
                KeySet::from_pem(algorithm, &public).unwrap(),
                encoding,
                decoding,
            )
        };
        let mut validation = theirs::Validation::new(name);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud"]);
        validation.validate_nbf = true;
        validation.leeway = 60;
        let verifier = Verifier::builder().keys(keys).issuer(ISSUER).audience(AUDIENCE).build().unwrap();
        Self { algorithm, signing, verifier, name, encoding, decoding, validation }
    }

    /// A token over two segments, truly signed; by the backend that signs fast without optimization.
    pub(super) fn sign(&self, header: &str, payload: &str) -> String {
        let signed = format!("{header}.{payload}");
        let backend = &theirs::crypto::aws_lc::DEFAULT_PROVIDER;
        let signer = (backend.signer_factory)(&self.name, &self.encoding).unwrap();
        let signature = signer.try_sign(signed.as_bytes()).unwrap();
        format!("{signed}.{}", encode(signature))
    }

    /// jwtower's verdict, as its code where it refuses.
    pub(super) fn ours(&self, token: &str) -> Result<Value, &'static str> {
        self.verifier.verify(token).map(|token| token.into_claims()).map_err(|error| error.code())
    }

    /// jsonwebtoken's verdict.
    pub(super) fn theirs(&self, token: &str) -> Result<Value, theirs::errors::ErrorKind> {
        theirs::decode(token, &self.decoding, &self.validation)
            .map(|token| token.claims)
            .map_err(theirs::errors::Error::into_kind)
    }
}

fn read(
    algorithm: Algorithm,
    private: &[u8],
    public: &[u8],
) -> theirs::errors::Result<(theirs::EncodingKey, theirs::DecodingKey)> {
    Ok(match algorithm {
        Algorithm::Ed25519 => {
            (theirs::EncodingKey::from_ed_pem(private)?, theirs::DecodingKey::from_ed_pem(public)?)
        }
        algorithm if algorithm.is_rsa() => {
            (theirs::EncodingKey::from_rsa_pem(private)?, theirs::DecodingKey::from_rsa_pem(public)?)
        }
        _ => (theirs::EncodingKey::from_ec_pem(private)?, theirs::DecodingKey::from_ec_pem(public)?),
    })
}
