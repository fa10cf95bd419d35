//! The signature: whole, of this token, by this key, in the form of RFC 7518 §3.

use base64_simd::URL_SAFE_NO_PAD;
use jwtower::{Algorithm, KeySet};
use jwtower_tests::{Forge, HEADER, encode};
use serde_json::json;

use super::{
    Answer::Invalid,
    Api, Row, Table, User, builder, good,
    pairs::{Ec, Ed, Rsa},
    with,
};

pub(super) fn rows() -> Vec<Row> {
    [of_hmac(), of_ecdsa(), of_eddsa(), of_rsa()].concat()
}

fn parts(token: &str) -> (&str, Vec<u8>) {
    let (signed, signature) = token.rsplit_once('.').expect("a token has dots");
    (signed, URL_SAFE_NO_PAD.decode_to_vec(signature).expect("it is base64url"))
}

/// What every algorithm must refuse, given a good token and a good one with other claims.
fn common(table: &mut Table, token: &str, other: &str) {
    let ((signed, signature), (other_signed, other_signature)) = (parts(token), parts(other));
    let flipped = |place: usize| {
        let mut bytes = signature.clone();
        bytes[place] ^= 1;
        bytes
    };
    let (last, length) = (signature.len() - 1, signature.len());
    for (name, bytes) in [
        ("empty", vec![]),
        ("one byte", vec![0]),
        ("one byte less", signature[..last].to_vec()),
        ("the first byte missing", signature[1..].to_vec()),
        ("half of it", signature[..length / 2].to_vec()),
        ("one byte more", [&signature[..], &[0]].concat()),
        ("a zero byte before", [&[0], &signature[..]].concat()),
        ("twice", signature.repeat(2)),
        ("all zeros", vec![0; length]),
        ("all ones", vec![0xff; length]),
        ("its first bit changed", flipped(0)),
        ("its last bit changed", flipped(last)),
        ("its bytes reversed", signature.iter().rev().copied().collect()),
        ("that of another token", other_signature),
        ("in text", encode(&signature).into_bytes()),
        ("the bytes that it covers", signed.as_bytes()[..length.min(signed.len())].to_vec()),
        ("a kilobyte", vec![7; 1024]),
    ] {
        table.bad(name, format!("{signed}.{}", encode(bytes)), Invalid("bad_signature"));
    }
    let longer = format!("{signed}.{}", encode([7; 1025]));
    table.bad("longer than any", longer, Invalid("malformed_token"));
    table.bad(
        "over another payload",
        format!("{other_signed}.{}", encode(&signature)),
        Invalid("bad_signature"),
    );
}

fn of_hmac() -> Vec<Row> {
    let (forge, other) = (Forge::new(), Forge::new());
    let api = Api::verifying(builder::<User>(forge.secret()).build().expect("the settings are right"));
    let token = forge.sign(HEADER, good());
    let mut table = Table::new("HS256 signature", api, &token);
    common(&mut table, &token, &forge.sign(HEADER, with("roles", json!(["admin"]))));
    table.bad("by another secret", other.sign(HEADER, good()), Invalid("bad_signature"));
    let header = encode(r#"{"alg":"HS256","typ":"jwt"}"#);
    let (_, rest) = token.split_once('.').expect("a token has dots");
    table.bad("under another header", format!("{header}.{rest}"), Invalid("bad_signature"));
    table.into_rows()
}

fn of_ecdsa() -> Vec<Row> {
    const HEADER: &str = r#"{"alg":"ES256"}"#;
    let (ec, other) = (Ec::p256(), Ec::p256());
    let keys = KeySet::from_jwks(json!({ "keys": [ec.jwk()] }).to_string()).expect("the key is right");
    let api = Api::verifying(builder::<User>(keys).build().expect("the settings are right"));
    let token = ec.sign(HEADER, &good());
    let mut table = Table::new("ES256 signature", api, &token);
    common(&mut table, &token, &ec.sign(HEADER, &with("roles", json!(["admin"]))));
    table.bad("by another key", other.sign(HEADER, &good()), Invalid("bad_signature"));
    table.bad("in DER", ec.sign_der(HEADER, &good()), Invalid("bad_signature"));
    let (signed, signature) = parts(&token);
    let (r, s) = signature.split_at(32);
    for (name, bytes) in [
        ("S before R", [s, r].concat()),
        ("R is zero", [&[0; 32], s].concat()),
        ("S is zero", [r, &[0; 32]].concat()),
        ("R of 33 bytes", [&[0], r, &[0], s].concat()),
        ("R is the group's order", [&ORDER, s].concat()),
    ] {
        table.bad(name, format!("{signed}.{}", encode(bytes)), Invalid("bad_signature"));
    }
    table.into_rows()
}

/// The order of P-256.
const ORDER: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa,
    0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
];

fn of_eddsa() -> Vec<Row> {
    const HEADER: &str = r#"{"alg":"EdDSA"}"#;
    let (ed, other) = (Ed::new(), Ed::new());
    let keys = KeySet::from_jwks(json!({ "keys": [ed.jwk()] }).to_string()).expect("the key is right");
    let api = Api::verifying(builder::<User>(keys).build().expect("the settings are right"));
    let token = ed.sign(HEADER, &good());
    let mut table = Table::new("EdDSA signature", api, &token);
    common(&mut table, &token, &ed.sign(HEADER, &with("roles", json!(["admin"]))));
    table.bad("by another key", other.sign(HEADER, &good()), Invalid("bad_signature"));
    let (signed, signature) = parts(&token);
    let second = format!("{signed}.{}", encode(with_order_added(&signature)));
    table.bad("S plus the group's order, the same number", second, Invalid("bad_signature"));
    table.into_rows()
}

/// The second spelling of an Ed25519 signature, which RFC 8032 §5.1.7 refuses.
fn with_order_added(signature: &[u8]) -> Vec<u8> {
    const ORDER: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let mut bytes = signature.to_vec();
    let mut carry = 0;
    for (byte, add) in bytes[32..].iter_mut().zip(ORDER) {
        let sum = u16::from(*byte) + u16::from(add) + carry;
        (*byte, carry) = ((sum & 0xff) as u8, sum >> 8);
    }
    bytes
}

fn of_rsa() -> Vec<Row> {
    const HEADER: &str = r#"{"alg":"RS256"}"#;
    let (rsa, other) = (Rsa::new(), Rsa::new());
    let keys = KeySet::from_pem(Algorithm::RS256, rsa.public_pem()).expect("the PEM is right");
    let api = Api::verifying(builder::<User>(keys).build().expect("the settings are right"));
    let token = rsa.sign(HEADER, &good());
    let mut table = Table::new("RS256 signature", api, &token);
    common(&mut table, &token, &rsa.sign(HEADER, &with("roles", json!(["admin"]))));
    table.bad("by another key", other.sign(HEADER, &good()), Invalid("bad_signature"));
    let (signed, _) = parts(&token);
    let one = [vec![0; 255], vec![1]].concat();
    table.bad("the number one", format!("{signed}.{}", encode(one)), Invalid("bad_signature"));
    table.into_rows()
}
