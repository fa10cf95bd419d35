//! Keys and their forms, for the tests.

use std::sync::LazyLock;

use aws_lc_rs::{
    encoding::{AsBigEndian, AsDer, EcPrivateKeyBin, Pkcs8V1Der},
    rsa::KeySize,
    signature::{EcdsaKeyPair, RsaKeyPair},
};
use serde_json::{Map, Value};

use crate::keys::{Algorithm, Jwk, SigningKey, base64url, family::Family};

/// One RSA pair for all tests, because making one takes a while.
static RSA: LazyLock<RsaKeyPair> = LazyLock::new(|| RsaKeyPair::generate(KeySize::Rsa2048).unwrap());

pub(crate) fn rsa_pair() -> &'static RsaKeyPair {
    &RSA
}

pub(crate) fn rsa_pkcs8() -> Vec<u8> {
    let der: Pkcs8V1Der<'_> = RSA.as_der().unwrap();
    der.as_ref().to_vec()
}

/// The PKCS#1 structure, which a PKCS#8 of this size holds from its 26th byte on.
pub(crate) fn rsa_pkcs1() -> Vec<u8> {
    rsa_pkcs8().split_off(26)
}

/// A key for the algorithm, new but for RSA.
pub(super) fn signing_key(algorithm: Algorithm) -> SigningKey {
    if algorithm.is_rsa() {
        SigningKey::from_pem(algorithm, armour("PRIVATE KEY", &rsa_pkcs8())).unwrap()
    } else {
        SigningKey::generate(algorithm).unwrap()
    }
}

pub(crate) fn armour(label: &str, der: &[u8]) -> String {
    let body = base64_simd::STANDARD.encode_to_string(der);
    let lines: Vec<_> = body.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

pub(super) fn members(jwk: &Jwk) -> Map<String, Value> {
    match serde_json::to_value(jwk).unwrap() {
        Value::Object(members) => members,
        other => panic!("{other} is not an object"),
    }
}

pub(crate) fn public_members(algorithm: Algorithm) -> Map<String, Value> {
    members(&signing_key(algorithm).public_jwk().unwrap())
}

/// A key with its private members, as a JWK that signs.
pub(crate) fn private_members(algorithm: Algorithm) -> Map<String, Value> {
    let key = signing_key(algorithm);
    let bytes = key.private_bytes().unwrap();
    let mut members = key.public_jwk().map_or_else(Map::new, |jwk| members(&jwk));
    let mut set =
        |name: &str, bytes: &[u8]| drop(members.insert(name.into(), base64url::encode(bytes).into()));
    match Family::of(algorithm) {
        Family::Hmac(_) => set("k", &bytes),
        Family::Rsa { .. } => {
            for (name, number) in
                ["", "n", "e", "d", "p", "q", "dp", "dq", "qi"].iter().zip(integers(&bytes[26..]))
            {
                set(name, number);
            }
            members.remove("");
        }
        Family::Ec { sign, .. } => {
            let pair = EcdsaKeyPair::from_pkcs8(sign, &bytes).unwrap();
            let number: EcPrivateKeyBin<'_> = pair.private_key().as_be_bytes().unwrap();
            set("d", number.as_ref());
        }
        // The seed is the last field of the structure.
        Family::Ed25519 => set("d", &bytes[bytes.len() - 32..]),
    }
    if algorithm.is_symmetric() {
        members.insert("kty".into(), "oct".into());
        members.insert("alg".into(), algorithm.name().into());
    }
    members
}

/// The numbers of a DER sequence longer than 255 bytes, without the zero octet that only says "positive".
fn integers(sequence: &[u8]) -> Vec<&[u8]> {
    let (mut rest, mut integers) = (&sequence[4..], Vec::new());
    while let [2, length, tail @ ..] = rest {
        let (length, tail) = match length {
            0x81 => (usize::from(tail[0]), &tail[1..]),
            0x82 => (usize::from(u16::from_be_bytes([tail[0], tail[1]])), &tail[2..]),
            short => (usize::from(*short), tail),
        };
        let (number, after) = tail.split_at(length);
        integers.push(number.strip_prefix(&[0]).unwrap_or(number));
        rest = after;
    }
    integers
}

pub(super) fn jwks(keys: &[Map<String, Value>]) -> String {
    serde_json::json!({ "keys": keys }).to_string()
}

/// Events at level warn and above while `f` runs, as text.
#[cfg(feature = "tracing")]
pub(super) fn warnings_of(f: impl FnOnce()) -> String {
    use std::{
        io,
        sync::{Arc, Mutex},
    };

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::WARN)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::with_default(subscriber, f);
    let bytes = lines.0.lock().unwrap().clone();
    String::from_utf8(bytes).unwrap()
}
