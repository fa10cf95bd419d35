//! The private half of a recipient's key: it gets at the key of a content.

use std::sync::Arc;

use aws_lc_rs::{
    agreement::PrivateKey,
    digest::{SHA256, digest},
    encoding::{AsBigEndian, AsDer, Curve25519SeedBin, Pkcs8V1Der},
    rsa::{
        KeyPair as RsaKeyPair, KeySize, OAEP_SHA256_MGF1SHA256, OaepPrivateDecryptingKey,
        PrivateDecryptingKey,
    },
    signature::KeyPair as _,
};
use zeroize::Zeroizing;

use super::{
    Curve, KeyManagement,
    agreement::{Context, agree},
    content::{ContentKey, random_key},
    header::Header,
    public::{Point, Public, RsaRecipient},
    secret::{SecretKey, SharedSecret, WrappingKey},
};
use crate::{
    error::{Code, ConfigError},
    keys::{Pem, PemKind, PublicKey, Reason},
};

/// A private key, or a secret; parsed once.
#[derive(Clone)]
pub(super) enum Private {
    Secret(SharedSecret),
    Agreement(Arc<PrivateKey>, Point),
    Rsa(Arc<Rsa>),
}

pub(super) struct Rsa {
    pair: RsaKeyPair,
    decrypting: OaepPrivateDecryptingKey,
    pub(super) public: PublicKey,
    /// The public half, ready to encrypt.
    pub(super) recipient: Arc<RsaRecipient>,
}

/// DER in front of the 32 bytes of an X25519 key (RFC 8410 §7).
const X25519_PKCS8: &[u8] = b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x6e\x04\x22\x04\x20";

impl Private {
    pub(super) fn generate_pair(curve: Option<Curve>) -> Result<Self, ConfigError> {
        let made = match curve {
            Some(curve) => PrivateKey::generate(curve.algorithm()).ok().map(Self::of_agreement),
            None => RsaKeyPair::generate(KeySize::Rsa2048).ok().map(Self::of_rsa),
        };
        made.and_then(Result::ok)
            .ok_or_else(|| ConfigError::new("decryption key", "the crypto library could not make a key"))
    }

    /// The key in a private PEM, if it is one that the algorithm takes.
    pub(super) fn from_pem(algorithm: KeyManagement, pem: &Pem) -> Result<Self, Reason> {
        let misfit = || pem.misfit_for(algorithm, algorithm.key_name(), algorithm.pem_names());
        match (algorithm.is_agreement(), pem.key_name()) {
            (false, Some("an RSA key")) => {
                let pair = match pem.kind {
                    PemKind::RsaPrivate => RsaKeyPair::from_der(&pem.der),
                    _ => RsaKeyPair::from_pkcs8(&pem.der),
                };
                Self::of_rsa(pair.map_err(|rejected| match rejected.description_() {
                    "TooSmall" => "its RSA modulus has fewer than 2048 bits".into(),
                    "TooLarge" => "its RSA modulus has more than 8192 bits".into(),
                    _ => misfit(),
                })?)
            }
            (true, Some("a P-256 key")) => {
                let key = PrivateKey::from_private_key_der(Curve::P256.algorithm(), &pem.der);
                Self::of_agreement(key.map_err(|_| misfit())?)
            }
            (true, Some("an X25519 key")) => {
                let bytes = pem.der.strip_prefix(X25519_PKCS8).ok_or_else(misfit)?;
                Self::of_scalar(Curve::X25519, bytes)
            }
            _ => Err(misfit()),
        }
    }

    /// What [`to_pkcs8`](Self::to_pkcs8) wrote.
    pub(super) fn from_pkcs8(algorithm: KeyManagement, der: &[u8]) -> Result<Self, Reason> {
        Self::from_pem(algorithm, &Pem { kind: PemKind::Private, der: Zeroizing::new(der.to_vec()) })
    }

    /// The private number of a curve, big-endian (RFC 7518 §6.2.2.1) or as RFC 7748 §5 has it.
    pub(super) fn of_scalar(curve: Curve, bytes: &[u8]) -> Result<Self, Reason> {
        let key = PrivateKey::from_private_key(curve.algorithm(), bytes);
        Self::of_agreement(key.map_err(|_| format!("its private number is not one of {curve}"))?)
    }

    fn of_agreement(key: PrivateKey) -> Result<Self, Reason> {
        let curve = if key.algorithm() == Curve::P256.algorithm() { Curve::P256 } else { Curve::X25519 };
        let public = key.compute_public_key().map_err(|_| "its public half cannot be computed")?;
        let point = Point { curve, bytes: public.as_ref().into() };
        Ok(Self::Agreement(Arc::new(key), point))
    }

    pub(super) fn of_rsa(pair: RsaKeyPair) -> Result<Self, Reason> {
        let damaged = || Reason::from("its numbers do not make an RSA key");
        let public = PublicKey::of_rsa(pair.public_key())?;
        let der: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| damaged())?;
        let decrypting = PrivateDecryptingKey::from_pkcs8(der.as_ref()).map_err(|_| damaged())?;
        let decrypting = OaepPrivateDecryptingKey::new(decrypting).map_err(|_| damaged())?;
        let recipient = Arc::new(RsaRecipient::new(&public)?);
        Ok(Self::Rsa(Arc::new(Rsa { pair, decrypting, public, recipient })))
    }

    /// The public half; a secret has none.
    pub(super) fn public(&self) -> Option<Public> {
        match self {
            Self::Secret(_) => None,
            Self::Agreement(_, point) => Some(Public::Point(point.clone())),
            Self::Rsa(key) => Some(Public::Rsa(key.public.clone())),
        }
    }

    /// A hash of the secret, or of the public half.
    pub(super) fn fingerprint(&self) -> [u8; 32] {
        let hash = match self {
            Self::Secret(secret) => digest(&SHA256, secret.text().as_bytes()),
            Self::Agreement(_, point) => digest(&SHA256, &point.bytes),
            Self::Rsa(key) => digest(&SHA256, Public::Rsa(key.public.clone()).thumbprint().as_bytes()),
        };
        let mut fingerprint = [0; 32];
        for (byte, of_hash) in fingerprint.iter_mut().zip(hash.as_ref()) {
            *byte = *of_hash;
        }
        fingerprint
    }

    /// PKCS#8 (RFC 5208); a secret has none.
    pub(super) fn to_pkcs8(&self) -> Option<Zeroizing<Vec<u8>>> {
        let copy = |der: &[u8]| Zeroizing::new(der.to_vec());
        match self {
            Self::Secret(_) => None,
            Self::Agreement(key, Point { curve: Curve::P256, .. }) => {
                let der: Pkcs8V1Der<'_> = key.as_der().ok()?;
                Some(copy(der.as_ref()))
            }
            Self::Agreement(key, _) => {
                let seed: Curve25519SeedBin<'_> = key.as_be_bytes().ok()?;
                Some(Zeroizing::new([X25519_PKCS8, seed.as_ref()].concat()))
            }
            Self::Rsa(key) => {
                let der: Pkcs8V1Der<'_> = key.pair.as_der().ok()?;
                Some(copy(der.as_ref()))
            }
        }
    }

    /// Opens a content with the key that came with it, or that was agreed on.
    ///
    /// Whether the encrypted key was wrong or the content, nobody is to find out (RFC 7516 §11.5): where a key does
    /// not come out, a random one takes its place, so that the content's tag refuses either.
    pub(super) fn with_content_key<T>(
        &self,
        header: &Header,
        encrypted_key: &[u8],
        open: impl FnOnce(&ContentKey) -> Result<T, Code>,
    ) -> Result<T, Code> {
        let decrypted = match self {
            Self::Secret(SharedSecret { key: SecretKey::Direct(key), .. }) => {
                let fits = encrypted_key.is_empty() && key.content == header.content;
                return if fits { open(key) } else { Err(Code::DecryptionFailed) };
            }
            Self::Secret(SharedSecret { key: SecretKey::Wrapping(key), .. }) => key.unwrap(encrypted_key),
            Self::Agreement(key, point) => {
                let sender = header.agreement.as_ref().filter(|sender| sender.point.curve == point.curve);
                let sender = sender.ok_or(Code::DecryptionFailed)?;
                let [apu, apv] = &sender.parties;
                let context =
                    Context { algorithm: header.algorithm, content: header.content, parties: [apu, apv] };
                let agreed = agree(key, &sender.point.bytes, &context).map_err(|_| Code::DecryptionFailed)?;
                match header.algorithm {
                    KeyManagement::EcdhEsA256KW => WrappingKey::new(&agreed).unwrap(encrypted_key),
                    _ if encrypted_key.is_empty() => Some(agreed),
                    _ => return Err(Code::DecryptionFailed),
                }
            }
            Self::Rsa(key) => key.decrypt(encrypted_key),
        };
        let instead = random_key(header.content).map_err(|_| Code::DecryptionFailed)?;
        let fits = decrypted.filter(|bytes| bytes.len() == header.content.key_len());
        let key = ContentKey::new(header.content, &fits.unwrap_or(instead));
        open(&key.ok_or(Code::DecryptionFailed)?)
    }
}

impl Rsa {
    fn decrypt(&self, encrypted_key: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let mut buffer = Zeroizing::new(vec![0; self.decrypting.min_output_size()]);
        let decrypted =
            self.decrypting.decrypt(&OAEP_SHA256_MGF1SHA256, encrypted_key, &mut buffer, None).ok()?;
        Some(Zeroizing::new(decrypted.to_vec()))
    }
}
