//! The public half of a key pair: its numbers, checked, and how they are written.

use std::borrow::Cow;

use aws_lc_rs::{
    digest,
    encoding::AsDer,
    rsa,
    signature::{ED25519, ParsedPublicKey},
};

use super::{
    Algorithm, base64url,
    family::{Curve, Family},
    pem::Pem,
    roca::is_roca,
    small_order,
};

/// Why a key cannot be used, in words that hold nothing of the key.
pub(crate) type Reason = Cow<'static, str>;

/// The numbers of a public key, of the right size and form.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum PublicKey {
    /// RFC 7518 §6.3.1; both are big-endian without a leading zero octet.
    Rsa { n: Box<[u8]>, e: Box<[u8]> },
    /// RFC 7518 §6.2.1; both coordinates have the curve's full length.
    Ec { curve: Curve, x: Box<[u8]>, y: Box<[u8]> },
    /// RFC 8037 §2; 32 bytes.
    Ed25519 { x: Box<[u8]> },
}

impl PublicKey {
    /// An RSA key of 2048 to 8192 bits (RFC 7518 §3.3), not from a generator known to be broken.
    pub(crate) fn rsa(n: &[u8], e: &[u8]) -> Result<Self, Reason> {
        for (name, number) in [("n", n), ("e", e)] {
            if number.first().is_none_or(|first| *first == 0) {
                return Err(
                    format!("its {name} is empty or has a leading zero octet (RFC 7518 §6.3.1)").into()
                );
            }
        }
        let bits = n.len() * 8 - n.first().map_or(0, |first| first.leading_zeros() as usize);
        if !(2048..=8192).contains(&bits) {
            return Err(format!("its RSA modulus has {bits} bits; 2048 to 8192 are allowed").into());
        }
        if n.last().is_none_or(|last| last % 2 == 0) {
            return Err("its RSA modulus is even".into());
        }
        // The library has the same bounds, but looks at them only when the key is used.
        let exponent =
            e.iter().try_fold(0_u64, |value, byte| Some(value.checked_mul(256)? | u64::from(*byte)));
        if !exponent.is_some_and(|e| e % 2 == 1 && (3..1 << 33).contains(&e)) {
            return Err("its RSA exponent is even, below 3, or longer than 33 bits".into());
        }
        if is_roca(n) {
            return Err(
                "it comes from a generator whose keys can be broken (CVE-2017-15361); make a new one".into(),
            );
        }
        Ok(Self::Rsa { n: n.into(), e: e.into() })
    }

    pub(crate) fn of_rsa(key: &rsa::PublicKey) -> Result<Self, Reason> {
        Self::rsa(
            key.modulus().big_endian_without_leading_zero(),
            key.exponent().big_endian_without_leading_zero(),
        )
    }

    /// Coordinates of the curve's full length; whether the point is on it, [`prepare`](Self::prepare) finds.
    pub(crate) fn ec(curve: Curve, x: &[u8], y: &[u8]) -> Result<Self, Reason> {
        let expected = curve.coordinate_len();
        for (name, coordinate) in [("x", x), ("y", y)] {
            if coordinate.len() != expected {
                let (length, curve) = (coordinate.len(), curve.name());
                return Err(format!("its {name} has {length} bytes; {curve} has {expected}").into());
            }
        }
        Ok(Self::Ec { curve, x: x.into(), y: y.into() })
    }

    /// A point as the library writes it: the octet 4, then x and y (SEC 1 §2.3.3).
    pub(super) fn ec_point(curve: Curve, point: &[u8]) -> Result<Self, Reason> {
        let (x, y) = point
            .strip_prefix(&[4])
            .and_then(|numbers| numbers.split_at_checked(curve.coordinate_len()))
            .ok_or("its point is compressed; write it uncompressed")?;
        Self::ec(curve, x, y)
    }

    pub(super) fn ed25519(x: &[u8]) -> Result<Self, Reason> {
        match x.len() {
            32 if small_order::is_weak(x) => {
                Err("its point has a small order, so anyone can sign for it".into())
            }
            32 => Ok(Self::Ed25519 { x: x.into() }),
            length => Err(format!("its x has {length} bytes; Ed25519 has 32").into()),
        }
    }

    /// The key in a `PUBLIC KEY` or `RSA PUBLIC KEY` PEM, if it is one that the algorithm takes.
    pub(crate) fn from_pem(algorithm: Algorithm, pem: &Pem) -> Result<Self, Reason> {
        let misfit = || pem.misfit(algorithm);
        // The library re-encodes what it understood, so that the numbers stand at a known place.
        let spki = |parsed: Result<ParsedPublicKey, _>| {
            parsed.ok().and_then(|key| key.as_der().ok()).ok_or_else(misfit)
        };
        match Family::of(algorithm) {
            Family::Hmac(_) => Err(misfit()),
            Family::Rsa { .. } if pem.is_for_pss_alone() && !algorithm.is_pss() => Err(misfit()),
            Family::Rsa { .. } => Self::of_rsa(&rsa::PublicKey::from_der(&pem.der).map_err(|_| misfit())?),
            Family::Ec { curve, verify, .. } => {
                let der = spki(ParsedPublicKey::new(verify, &*pem.der))?;
                Self::ec_point(curve, tail(der.as_ref(), 1 + 2 * curve.coordinate_len()))
            }
            Family::Ed25519 => {
                let der = spki(ParsedPublicKey::new(&ED25519, &*pem.der))?;
                Self::ed25519(tail(der.as_ref(), 32))
            }
        }
    }

    /// The algorithm that the numbers alone tell. RSA numbers serve several; RS256 is the usual one.
    pub(super) fn usual_algorithm(&self) -> Algorithm {
        match self {
            Self::Rsa { .. } => Algorithm::RS256,
            Self::Ec { curve, .. } => curve.algorithm(),
            Self::Ed25519 { .. } => Algorithm::Ed25519,
        }
    }

    pub(super) fn is_rsa(&self) -> bool {
        matches!(self, Self::Rsa { .. })
    }

    /// Parses the key once, for many signatures.
    pub(crate) fn prepare(&self, algorithm: Algorithm) -> Result<ParsedPublicKey, Reason> {
        match (self, Family::of(algorithm)) {
            (Self::Rsa { n, e }, Family::Rsa { verify, .. }) => rsa::PublicKeyComponents { n, e }
                .to_parsed_public_key(verify)
                .map_err(|_| "its numbers do not make an RSA key".into()),
            (Self::Ec { curve, x, y }, Family::Ec { curve: expected, verify, .. }) if *curve == expected => {
                ParsedPublicKey::new(verify, [&[4], &**x, &**y].concat())
                    .map_err(|_| format!("its point is not on {}", curve.name()).into())
            }
            (Self::Ed25519 { x }, Family::Ed25519) => {
                ParsedPublicKey::new(&ED25519, x).map_err(|_| "its x does not make an Ed25519 key".into())
            }
            _ => Err(self.misfit(algorithm)),
        }
    }

    /// Why the algorithm does not take a key of this kind.
    pub(super) fn misfit(&self, algorithm: Algorithm) -> Reason {
        let [own, needed] =
            [self.usual_algorithm(), algorithm].map(|algorithm| Family::of(algorithm).key_name());
        format!("it is {own}, and {algorithm} takes {needed}").into()
    }

    /// The required members of the JWK, in the order of RFC 7638 §3.3.
    pub(crate) fn members(&self) -> Vec<(&'static str, Cow<'static, str>)> {
        let number = |bytes| Cow::Owned(base64url::encode(bytes));
        match self {
            Self::Rsa { n, e } => vec![("e", number(e)), ("kty", "RSA".into()), ("n", number(n))],
            Self::Ec { curve, x, y } => {
                vec![("crv", curve.name().into()), ("kty", "EC".into()), ("x", number(x)), ("y", number(y))]
            }
            Self::Ed25519 { x } => vec![("crv", "Ed25519".into()), ("kty", "OKP".into()), ("x", number(x))],
        }
    }

    /// The SHA-256 thumbprint in base64url (RFC 7638).
    pub(crate) fn thumbprint(&self) -> String {
        thumbprint(&self.members())
    }
}

fn tail(bytes: &[u8], length: usize) -> &[u8] {
    bytes.len().checked_sub(length).and_then(|start| bytes.get(start..)).unwrap_or_default()
}

/// The SHA-256 thumbprint of the required members, which stand in the order of RFC 7638 §3.3.
pub(crate) fn thumbprint(members: &[(&'static str, Cow<'static, str>)]) -> String {
    // Names and values are base64url or fixed words, so nothing needs escaping.
    let members: Vec<_> = members.iter().map(|(name, value)| format!("\"{name}\":\"{value}\"")).collect();
    let json = format!("{{{}}}", members.join(","));
    base64url::encode(digest::digest(&digest::SHA256, json.as_bytes()))
}
