//! Recognises the few points of Ed25519 for which signatures can be made without a private key.
//!
//! The curve has eight points of small order; a verifier's equation holds for them whatever was signed
//! (RFC 8032 §5.1, RFC 7748 §6.1 on the same points of Curve25519).

/// Their y coordinates, little-endian, without the sign of x; also those that are not reduced.
const COORDINATES: [[u8; 32]; 7] = [
    small(0),
    small(1),
    below_two_to_255(0xec),
    below_two_to_255(0xed),
    below_two_to_255(0xee),
    [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5,
        0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
    ],
    [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a,
        0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
    ],
];

const fn small(number: u8) -> [u8; 32] {
    let mut y = [0; 32];
    y[0] = number;
    y
}

/// 2^255 - 256 + `lowest`; the field's prime is 2^255 - 19.
const fn below_two_to_255(lowest: u8) -> [u8; 32] {
    let mut y = [0xff; 32];
    y[0] = lowest;
    y[31] = 0x7f;
    y
}

/// Whether this public key, in the encoding of RFC 8032 §5.1.2, is one of them.
pub(super) fn is_weak(x: &[u8]) -> bool {
    COORDINATES.iter().any(|weak| match (x.split_last(), weak.split_last()) {
        (Some((last, rest)), Some((weak_last, weak_rest))) => rest == weak_rest && last & 0x7f == *weak_last,
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, ParsedPublicKey};

    use super::*;

    #[test]
    fn points_for_which_a_fixed_signature_holds_are_recognised() {
        // R is the neutral point and S is 0: good for every message where A is neutral too, and for some
        // messages where A has a small order.
        let signature = [small(1), [0; 32]].concat();
        let mut forged = 0;
        for y in COORDINATES {
            for sign in [0, 0x80] {
                let mut point = y;
                point[31] |= sign;
                assert!(is_weak(&point));
                let Ok(key) = ParsedPublicKey::new(&ED25519, point) else { continue };
                forged +=
                    (0..64_u8).filter(|message| key.verify_sig(&[*message], &signature).is_ok()).count();
            }
        }
        assert!(forged > 64, "the library does not refuse them: {forged}");
    }

    #[test]
    fn real_keys_are_not() {
        for _ in 0..200 {
            assert!(!is_weak(Ed25519KeyPair::generate().unwrap().public_key().as_ref()));
        }
    }
}
