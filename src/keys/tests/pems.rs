use aws_lc_rs::{
    encoding::{AsBigEndian, AsDer, EcPublicKeyCompressedBin, PublicKeyX509Der},
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P256K1_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING,
        ECDSA_P521_SHA512_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair,
    },
};

use super::support::{armour, rsa_pair, rsa_pkcs1, rsa_pkcs8};
use crate::keys::{Algorithm, KeySet, SigningKey};

/// The private PEMs of one key, and the public ones.
struct Forms {
    algorithm: Algorithm,
    private: Vec<String>,
    public: Vec<String>,
}

fn spki(key: &impl AsDer<PublicKeyX509Der<'static>>) -> String {
    armour("PUBLIC KEY", key.as_der().unwrap().as_ref())
}

fn ec(algorithm: Algorithm, sign: &'static EcdsaSigningAlgorithm) -> Forms {
    let pair = EcdsaKeyPair::generate(sign).unwrap();
    let sec1 = armour("EC PRIVATE KEY", pair.private_key().as_der().unwrap().as_ref());
    Forms {
        algorithm,
        private: vec![
            armour("PRIVATE KEY", pair.to_pkcs8v1().unwrap().as_ref()),
            // As `openssl ecparam -genkey` writes it.
            armour("EC PARAMETERS", &[6, 1, 0]) + &sec1,
            sec1,
        ],
        public: vec![spki(pair.public_key())],
    }
}

fn rsa(algorithm: Algorithm) -> Forms {
    Forms {
        algorithm,
        private: vec![armour("PRIVATE KEY", &rsa_pkcs8()), armour("RSA PRIVATE KEY", &rsa_pkcs1())],
        public: vec![
            spki(rsa_pair().public_key()),
            armour("RSA PUBLIC KEY", rsa_pair().public_key().as_ref()),
        ],
    }
}

fn ed25519() -> Forms {
    let pair = Ed25519KeyPair::generate().unwrap();
    Forms {
        algorithm: Algorithm::Ed25519,
        private: vec![
            armour("PRIVATE KEY", pair.to_pkcs8v1().unwrap().as_ref()),
            armour("PRIVATE KEY", pair.to_pkcs8().unwrap().as_ref()),
        ],
        public: vec![spki(pair.public_key())],
    }
}

fn all_forms() -> Vec<Forms> {
    let mut forms: Vec<_> =
        Algorithm::ALL.into_iter().filter(|algorithm| algorithm.is_rsa()).map(rsa).collect();
    forms.extend([
        ec(Algorithm::ES256, &ECDSA_P256_SHA256_FIXED_SIGNING),
        ec(Algorithm::ES384, &ECDSA_P384_SHA384_FIXED_SIGNING),
        ec(Algorithm::ES512, &ECDSA_P521_SHA512_FIXED_SIGNING),
        ed25519(),
    ]);
    forms
}

fn no_signer(algorithm: Algorithm, pem: &str) -> String {
    SigningKey::from_pem(algorithm, pem).unwrap_err().to_string()
}

fn no_set(algorithm: Algorithm, pem: &str) -> String {
    KeySet::from_pem(algorithm, pem).unwrap_err().to_string()
}

#[test]
fn every_form_of_a_key_signs_and_verifies() {
    for Forms { algorithm, private, public } in all_forms() {
        for private in &private {
            let key = SigningKey::from_pem(algorithm, private).unwrap();
            let signature = key.sign(b"message").unwrap();
            for public in &public {
                let keys = KeySet::from_pem(algorithm, public).unwrap();
                assert!(
                    keys.find(key.kid(), algorithm).unwrap().verify(b"message", &signature),
                    "{algorithm}"
                );
                let named = keys.with_kid(key.kid().unwrap()).unwrap();
                assert_eq!(named.to_jwks(), KeySet::from(&key).to_jwks());
            }
        }
    }
}

#[test]
fn indentation_and_windows_line_ends_are_read() {
    for Forms { algorithm, private, public } in all_forms() {
        for change in [|pem: &str| pem.replace('\n', "\r\n"), |pem: &str| pem.replace('\n', "\n    ")] {
            SigningKey::from_pem(algorithm, format!("  {}", change(&private[0]))).unwrap();
            KeySet::from_pem(algorithm, format!("# a comment\n{}", change(&public[0]))).unwrap();
        }
    }
}

#[test]
fn a_public_key_does_not_sign_and_a_private_key_is_not_for_verifiers() {
    for Forms { algorithm, private, public } in all_forms() {
        for pem in public {
            assert!(no_signer(algorithm, &pem).contains("KeySet::from_pem"));
        }
        for pem in private {
            assert!(no_set(algorithm, &pem).contains("SigningKey::from_pem"));
        }
    }
}

#[test]
fn a_key_of_another_kind_is_refused_with_both_kinds_named() {
    let name = |algorithm: Algorithm| match algorithm {
        Algorithm::ES256 => "a P-256 key",
        Algorithm::ES384 => "a P-384 key",
        Algorithm::ES512 => "a P-521 key",
        Algorithm::Ed25519 => "an Ed25519 key",
        _ => "an RSA key",
    };
    for Forms { algorithm, private, public } in all_forms() {
        for other in Algorithm::ALL.into_iter().filter(|other| !other.is_symmetric()) {
            let (own, needed) = (name(algorithm), name(other));
            if own == needed {
                continue;
            }
            let refusals = private
                .iter()
                .map(|pem| no_signer(other, pem))
                .chain(public.iter().map(|pem| no_set(other, pem)));
            for text in refusals {
                assert!(text.ends_with(&format!("holds {own}, and {other} takes {needed}")), "{text}");
            }
        }
    }
}

#[test]
fn keys_that_no_algorithm_takes_are_named() {
    let raw = |head: &[u8], length: usize| armour("PUBLIC KEY", &[head, &vec![9; length]].concat());
    let k1 = EcdsaKeyPair::generate(&ECDSA_P256K1_SHA256_FIXED_SIGNING).unwrap();
    for (pem, name) in [
        (raw(b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x6e\x03\x21\x00", 32), "X25519"),
        (raw(b"\x30\x42\x30\x05\x06\x03\x2b\x65\x6f\x03\x39\x00", 56), "X448"),
        (raw(b"\x30\x43\x30\x05\x06\x03\x2b\x65\x71\x03\x3a\x00", 57), "Ed448"),
        (spki(k1.public_key()), "secp256k1"),
    ] {
        for algorithm in Algorithm::ALL.into_iter().filter(|algorithm| !algorithm.is_symmetric()) {
            assert!(no_set(algorithm, &pem).contains(name), "{algorithm} {name}");
        }
    }
    let pem = armour("PRIVATE KEY", k1.to_pkcs8v1().unwrap().as_ref());
    assert!(no_signer(Algorithm::ES256, &pem).contains("secp256k1"));
}

#[test]
fn an_rsa_key_for_pss_alone_is_for_pss_alone() {
    let der = rsa_pair().public_key().as_der().unwrap();
    let plain = b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00";
    assert_eq!(&der.as_ref()[4..19], plain);
    // The same key under id-RSASSA-PSS without parameters, two bytes shorter.
    let mut pss = der.as_ref().to_vec();
    pss.splice(4..19, *b"\x30\x0b\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a");
    let length = u16::from_be_bytes([pss[2], pss[3]]) - 2;
    pss[2..4].copy_from_slice(&length.to_be_bytes());
    let pem = armour("PUBLIC KEY", &pss);
    for algorithm in [Algorithm::RS256, Algorithm::RS384, Algorithm::RS512] {
        assert!(no_set(algorithm, &pem).contains("RSASSA-PSS alone"), "{}", no_set(algorithm, &pem));
    }
    assert!(KeySet::from_pem(Algorithm::PS256, &pem).is_ok());
}

#[test]
fn what_is_not_one_open_key_is_refused_with_what_to_do() {
    let public = &ed25519().public[0];
    let private = &rsa(Algorithm::RS256).private[1];
    let encrypted =
        private.replacen("-----\n", "-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n", 1);
    for (pem, reason) in [
        (String::new(), "is not a PEM"),
        ("c2VjcmV0".into(), "is not a PEM"),
        (r#"{"keys":[]}"#.into(), "a JWK Set to `from_jwks`"),
        (public.replace('\n', "\\n"), "line breaks"),
        (public.replace('\n', ""), "lost its line breaks"),
        (private.replace('\n', " "), "lost its line breaks"),
        (private.replace('\n', "\r"), "lost its line breaks"),
        (public.replace("END", "E"), "damaged"),
        (public.replace("MC", "!!"), "damaged"),
        (format!("{public}{public}"), "holds 2 sections"),
        (armour("CERTIFICATE", &[1, 2, 3]), "openssl x509 -pubkey"),
        (armour("ENCRYPTED PRIVATE KEY", &[1, 2, 3]), "is encrypted"),
        (encrypted, "is encrypted"),
        (armour("OPENSSH PRIVATE KEY", &[1, 2, 3]), "ssh-keygen"),
        (armour("DSA PRIVATE KEY", &[1, 2, 3]), "\"DSA PRIVATE KEY\""),
        (armour("CERTIFICATE REQUEST", &[1, 2, 3]), "\"CERTIFICATE REQUEST\""),
    ] {
        for text in [no_signer(Algorithm::RS256, &pem), no_set(Algorithm::RS256, &pem)] {
            assert!(text.contains(reason), "{reason}: {text}");
        }
    }
    for bytes in [&b"\x30\x82\xff\xfe"[..], &rsa_pkcs8()] {
        assert!(SigningKey::from_pem(Algorithm::RS256, bytes).unwrap_err().to_string().contains("DER"));
    }
}

#[test]
fn a_damaged_key_is_refused() {
    for Forms { algorithm, private, public } in all_forms() {
        let damage = |pem: &String| {
            let mut lines: Vec<_> = pem.lines().map(str::to_owned).collect();
            let last = lines.len() - 2;
            let half = lines[last].len() / 8 * 4;
            lines[last].truncate(half);
            lines.join("\n")
        };
        for pem in &private {
            no_signer(algorithm, &damage(pem));
        }
        for pem in &public {
            no_set(algorithm, &damage(pem));
        }
    }
    assert!(no_set(Algorithm::RS256, &armour("PUBLIC KEY", &[])).contains("damaged"));
    assert!(no_signer(Algorithm::ES256, &armour("PRIVATE KEY", &[0x30, 0])).contains("damaged"));
}

#[test]
fn a_weak_rsa_key_is_refused() {
    let tagged = |tag: u8, body: &[u8]| match body.len() {
        length @ 0x80..=0xff => [&[tag, 0x81, length as u8], body].concat(),
        length => [&[tag, 0x82, (length >> 8) as u8, length as u8], body].concat(),
    };
    let pkcs1 = |bits: usize| {
        let n = [&[0][..], &vec![0xc5; bits / 8]].concat();
        let body = [tagged(2, &n), vec![2, 3, 1, 0, 1]].concat();
        armour("RSA PUBLIC KEY", &tagged(0x30, &body))
    };
    assert!(KeySet::from_pem(Algorithm::RS256, pkcs1(2048)).is_ok());
    for bits in [1024, 2040, 8200] {
        let text = no_set(Algorithm::RS256, &pkcs1(bits));
        assert!(text.contains(&format!("has {bits} bits; 2048 to 8192")), "{text}");
    }
}

#[test]
fn a_compressed_point_is_read() {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    let point: EcPublicKeyCompressedBin<'_> = pair.public_key().as_be_bytes().unwrap();
    let head = b"\x30\x39\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x22\x00";
    let pem = armour("PUBLIC KEY", &[head, point.as_ref()].concat());
    let read = |pem: &str| KeySet::from_pem(Algorithm::ES256, pem).unwrap().to_jwks();
    assert_eq!(read(&pem), read(&spki(pair.public_key())));
}

#[test]
fn hmac_takes_no_pem() {
    // The public key of a key pair, taken as a secret, would let everybody sign.
    for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
        for Forms { private, public, .. } in all_forms() {
            assert!(no_set(algorithm, &public[0]).contains("takes a Secret"));
            assert!(no_signer(algorithm, &private[0]).contains("takes a Secret"));
        }
    }
}
