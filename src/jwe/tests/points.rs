//! Points of a curve, and what only looks like one (RFC 7748 §6.1, RFC 8725 §3.4).

use aws_lc_rs::agreement::{PrivateKey, X25519};

use super::support::{Members, decrypts, encrypts, private_jwk, public_half, random, x25519_jwk};
use crate::{
    jwe::{EncryptionKey, KeyManagement},
    keys::{base64url, tests::support::armour},
};

/// The numbers of X25519 with which every agreement leads to zero, but for the bit that nobody reads
/// (RFC 7748 §5, §7).
pub(super) fn points_of_small_order() -> Vec<[u8; 32]> {
    let small = |number| {
        let mut point = [0; 32];
        point[0] = number;
        point
    };
    let near_the_prime = |lowest| {
        let mut point = [0xff; 32];
        (point[0], point[31]) = (lowest, 0x7f);
        point
    };
    let points = [
        small(0),
        small(1),
        number("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
        number("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"),
        near_the_prime(0xec),
        near_the_prime(0xed),
        near_the_prime(0xee),
    ];
    let with_the_bit = points.map(|mut point| {
        point[31] |= 0x80;
        point
    });
    [points, with_the_bit].concat()
}

fn number(hex: &str) -> [u8; 32] {
    std::array::from_fn(|place| u8::from_str_radix(&hex[2 * place..2 * place + 2], 16).unwrap())
}

/// A public JWK with another point.
fn with(members: &Members, name: &str, bytes: &[u8]) -> Members {
    let mut members = public_half(members);
    members.insert(name.into(), base64url::encode(bytes).into());
    members
}

fn x25519_pem(point: &[u8]) -> String {
    let spki = [b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x6e\x03\x21\x00", point].concat();
    armour("PUBLIC KEY", &spki)
}

#[test]
fn a_point_of_small_order_is_nobodys_key() {
    let jwk = x25519_jwk(KeyManagement::EcdhEs);
    for point in points_of_small_order() {
        let refusal = encrypts(&with(&jwk, "x", &point)).unwrap_err();
        assert!(refusal.contains("small order"), "{refusal}");
        let refusal = EncryptionKey::from_pem(KeyManagement::EcdhEs, x25519_pem(&point)).unwrap_err();
        assert!(refusal.to_string().contains("small order"), "{refusal}");
    }
    for _ in 0..20 {
        let point = PrivateKey::generate(&X25519).unwrap().compute_public_key().unwrap();
        encrypts(&with(&jwk, "x", point.as_ref())).unwrap();
        EncryptionKey::from_pem(KeyManagement::EcdhEs, x25519_pem(point.as_ref())).unwrap();
    }
}

#[test]
fn a_point_that_is_not_on_the_curve_is_nobodys_key() {
    let jwk = private_jwk(KeyManagement::EcdhEsA256KW);
    encrypts(&public_half(&jwk)).unwrap();
    for (name, bytes) in [("x", [0; 32]), ("y", [0; 32]), ("y", [7; 32]), ("x", [0xff; 32])] {
        let refusal = encrypts(&with(&jwk, name, &bytes)).unwrap_err();
        assert!(refusal.contains("its point is not on P-256"), "{refusal}");
    }
    let zero = with(&with(&jwk, "x", &[0; 32]), "y", &[0; 32]);
    assert!(encrypts(&zero).unwrap_err().contains("not on P-256"));
}

#[test]
fn a_private_key_whose_point_is_another_is_refused() {
    let x25519 = x25519_jwk(KeyManagement::EcdhEs);
    let mut cases = vec![(private_jwk(KeyManagement::EcdhEs), "y", vec![7; 32])];
    cases.push((x25519.clone(), "x", random(32)));
    cases.extend(points_of_small_order().into_iter().map(|point| (x25519.clone(), "x", point.to_vec())));
    for (mut jwk, name, bytes) in cases {
        decrypts(&jwk).unwrap();
        jwk.insert(name.into(), base64url::encode(bytes).into());
        let refusal = decrypts(&jwk).unwrap_err();
        assert!(refusal.contains("its d is not the private half"), "{refusal}");
    }
}
