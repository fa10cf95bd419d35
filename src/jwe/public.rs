//! The public half of a recipient's key.

use std::borrow::Cow;

use aws_lc_rs::{
    agreement::{PrivateKey, UnparsedPublicKey, agree},
    encoding::AsDer,
    rsa::{OAEP_SHA256_MGF1SHA256, OaepPublicEncryptingKey, PublicEncryptingKey},
};
use serde_json::{Map, Value};

use super::{Curve, KeyManagement};
use crate::{
    error::ConfigError,
    keys::{Algorithm, EcCurve, Pem, PublicKey, Reason, base64url, thumbprint},
};

/// What a content's key is encrypted to.
#[derive(Clone)]
pub(super) enum Public {
    Point(Point),
    Rsa(PublicKey),
}

/// A point of one of the curves, as the library takes it: of P-256 uncompressed, of X25519 its 32 bytes.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Point {
    pub(super) curve: Curve,
    pub(super) bytes: Box<[u8]>,
}

/// DER in front of the 32 bytes of an X25519 key, which has just this one form (RFC 8410 §4).
const X25519_SPKI: &[u8] = b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x6e\x03\x21\x00";

impl Public {
    /// The key in a `PUBLIC KEY` or `RSA PUBLIC KEY` PEM, if it is one that the algorithm takes.
    pub(super) fn from_pem(algorithm: KeyManagement, pem: &Pem) -> Result<Self, Reason> {
        let misfit = || pem.misfit_for(algorithm, algorithm.key_name(), algorithm.pem_names());
        match (algorithm.is_agreement(), pem.key_name()) {
            (false, Some("an RSA key")) => PublicKey::from_pem(Algorithm::RS256, pem).map(Self::Rsa),
            (true, Some("a P-256 key")) => match PublicKey::from_pem(Algorithm::ES256, pem)? {
                PublicKey::Ec { x, y, .. } => Ok(Self::Point(Point::p256(&x, &y))),
                _ => Err(misfit()),
            },
            (true, Some("an X25519 key")) => {
                let bytes = pem.der.strip_prefix(X25519_SPKI).ok_or_else(misfit)?;
                Point::x25519(bytes).map(Self::Point)
            }
            _ => Err(misfit()),
        }
    }

    pub(super) fn curve(&self) -> Option<Curve> {
        match self {
            Self::Point(point) => Some(point.curve),
            Self::Rsa(_) => None,
        }
    }

    /// The required members of the JWK, in the order of RFC 7638 §3.3.
    pub(super) fn members(&self) -> Vec<(&'static str, Cow<'static, str>)> {
        match self {
            Self::Point(point) => point.members(),
            Self::Rsa(key) => key.members(),
        }
    }

    pub(super) fn thumbprint(&self) -> String {
        thumbprint(&self.members())
    }
}

impl Point {
    /// Both coordinates have 32 bytes; whether the point is on the curve, [`check`](Self::check) finds.
    fn p256(x: &[u8], y: &[u8]) -> Self {
        Self { curve: Curve::P256, bytes: [&[4], x, y].concat().into() }
    }

    fn x25519(x: &[u8]) -> Result<Self, Reason> {
        match x.len() {
            32 => Ok(Self { curve: Curve::X25519, bytes: x.into() }),
            length => Err(format!("its x has {length} bytes; X25519 has 32").into()),
        }
    }

    pub(super) fn new(curve: Curve, x: &[u8], y: &[u8]) -> Result<Self, Reason> {
        match curve {
            Curve::P256 => PublicKey::ec(EcCurve::P256, x, y).map(|_| Self::p256(x, y)),
            Curve::X25519 => Self::x25519(x),
        }
    }

    /// The ephemeral key of a header; that it is on its curve, the agreement finds.
    pub(super) fn of_epk(epk: &Map<String, Value>) -> Option<Self> {
        // Whoever sends the private half too lets everybody read the token.
        if epk.contains_key("d") {
            return None;
        }
        let text = |name: &str| epk.get(name).and_then(Value::as_str);
        let number = |name: &str| base64url::decode(text(name)?);
        match (text("kty")?, text("crv")?) {
            ("EC", "P-256") => Self::new(Curve::P256, &number("x")?, &number("y")?).ok(),
            ("OKP", "X25519") => Self::new(Curve::X25519, &number("x")?, &[]).ok(),
            _ => None,
        }
    }

    /// Refuses a point with which nobody can agree on a key, or everybody knows which.
    pub(super) fn check(&self) -> Result<(), Reason> {
        let algorithm = self.curve.algorithm();
        // Only an agreement finds the points of X25519 that lead to zero (RFC 7748 §6.1).
        let trial = PrivateKey::generate(algorithm).map_err(|_| "the crypto library could not make a key")?;
        let point = UnparsedPublicKey::new(algorithm, &self.bytes);
        agree(&trial, point, (), |_| Ok(())).map_err(|()| match self.curve {
            Curve::P256 => "its point is not on P-256".into(),
            Curve::X25519 => "its point has a small order, so that anyone knows what is agreed on".into(),
        })
    }

    pub(super) fn members(&self) -> Vec<(&'static str, Cow<'static, str>)> {
        let number = |bytes: &[u8]| Cow::Owned(base64url::encode(bytes));
        match self.curve {
            Curve::P256 => {
                let (x, y) = self.bytes.split_at_checked(33).unwrap_or_default();
                let x = x.get(1..).unwrap_or_default();
                vec![("crv", "P-256".into()), ("kty", "EC".into()), ("x", number(x)), ("y", number(y))]
            }
            Curve::X25519 => {
                vec![("crv", "X25519".into()), ("kty", "OKP".into()), ("x", number(&self.bytes))]
            }
        }
    }
}

/// Encrypts with RSA-OAEP, SHA-256 and MGF1 with SHA-256 (RFC 7518 §4.3).
pub(super) struct RsaRecipient(OaepPublicEncryptingKey);

impl RsaRecipient {
    pub(super) fn new(key: &PublicKey) -> Result<Self, Reason> {
        let damaged = || Reason::from("its numbers do not make an RSA key");
        // The library takes a key for encryption as DER only, and writes that of a key for signatures.
        let parsed = key.prepare(Algorithm::RS256)?;
        let der =
            AsDer::<aws_lc_rs::encoding::PublicKeyX509Der<'_>>::as_der(&parsed).map_err(|_| damaged())?;
        let key = PublicEncryptingKey::from_der(der.as_ref()).map_err(|_| damaged())?;
        OaepPublicEncryptingKey::new(key).map(Self).map_err(|_| damaged())
    }

    pub(super) fn encrypt(&self, content_key: &[u8]) -> Result<Vec<u8>, ConfigError> {
        let mut encrypted = vec![0; self.0.ciphertext_size()];
        let length = self
            .0
            .encrypt(&OAEP_SHA256_MGF1SHA256, content_key, &mut encrypted, None)
            .map_err(|_| ConfigError::new("encryption", "the crypto library could not encrypt"))?
            .len();
        encrypted.truncate(length);
        Ok(encrypted)
    }
}
