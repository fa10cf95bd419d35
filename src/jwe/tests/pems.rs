//! Keys as PEMs: every form is read, and what is no such key is refused by what it is.

use aws_lc_rs::{
    agreement::{ECDH_P256, PrivateKey},
    encoding::{AsDer, EcPrivateKeyRfc5915Der, Pkcs8V1Der, PublicKeyX509Der},
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P256K1_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING,
        ECDSA_P521_SHA512_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair,
    },
};
use base64_simd::STANDARD;

use super::support::{public_jwk, random};
use crate::{
    jwe::{
        Curve, DecryptionKey, DecryptionKeys, EncryptionKey,
        KeyManagement::{self, A256KW, Dir, EcdhEs, EcdhEsA256KW, RsaOaep256},
    },
    keys::{
        base64url,
        tests::support::{armour, rsa_pair, rsa_pkcs1, rsa_pkcs8},
    },
};

/// One key in every form.
struct Forms {
    algorithm: KeyManagement,
    name: &'static str,
    private: Vec<String>,
    public: Vec<String>,
}

fn private(algorithm: KeyManagement, pem: &str) -> Result<DecryptionKey, String> {
    DecryptionKey::from_pem(algorithm, pem).map_err(|error| error.to_string())
}

fn public(algorithm: KeyManagement, pem: &str) -> Result<EncryptionKey, String> {
    EncryptionKey::from_pem(algorithm, pem).map_err(|error| error.to_string())
}

fn rsa() -> Forms {
    let spki = rsa_pair().public_key();
    Forms {
        algorithm: RsaOaep256,
        name: "an RSA key",
        private: vec![armour("PRIVATE KEY", &rsa_pkcs8()), armour("RSA PRIVATE KEY", &rsa_pkcs1())],
        public: vec![
            armour("PUBLIC KEY", AsDer::<PublicKeyX509Der<'_>>::as_der(spki).unwrap().as_ref()),
            armour("RSA PUBLIC KEY", spki.as_ref()),
        ],
    }
}

fn p256(algorithm: KeyManagement) -> Forms {
    let pair = PrivateKey::generate(&ECDH_P256).unwrap();
    let sec1: EcPrivateKeyRfc5915Der<'_> = pair.as_der().unwrap();
    let sec1 = armour("EC PRIVATE KEY", sec1.as_ref());
    let pkcs8: Pkcs8V1Der<'_> = pair.as_der().unwrap();
    let public = pair.compute_public_key().unwrap();
    let spki: PublicKeyX509Der<'_> = public.as_der().unwrap();
    Forms {
        algorithm,
        name: "a P-256 key",
        private: vec![
            armour("PRIVATE KEY", pkcs8.as_ref()),
            // As `openssl ecparam -genkey` writes it.
            armour("EC PARAMETERS", &[6, 1, 0]) + &sec1,
            sec1,
        ],
        public: vec![armour("PUBLIC KEY", spki.as_ref())],
    }
}

fn x25519(algorithm: KeyManagement) -> Forms {
    let key = DecryptionKey::generate_on(Curve::X25519, algorithm).unwrap();
    let x = base64url::decode(public_jwk(&key)["x"].as_str().unwrap()).unwrap();
    let spki = [b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x6e\x03\x21\x00", &*x].concat();
    Forms {
        algorithm,
        name: "an X25519 key",
        private: vec![key.to_pem().unwrap().secret().to_owned()],
        public: vec![armour("PUBLIC KEY", &spki)],
    }
}

fn all_forms() -> Vec<Forms> {
    vec![rsa(), p256(EcdhEs), p256(EcdhEsA256KW), x25519(EcdhEs), x25519(EcdhEsA256KW)]
}

fn der(pem: &str) -> Vec<u8> {
    let digits: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    STANDARD.decode_to_vec(digits).unwrap()
}

#[test]
fn what_is_encrypted_to_any_form_of_a_key_any_other_decrypts() {
    for Forms { algorithm, private: privates, public: publics, .. } in all_forms() {
        for pem in &publics {
            let recipient = public(algorithm, pem).unwrap();
            assert_eq!((recipient.kid(), recipient.algorithm()), (None, algorithm));
            let token = recipient.with_kid("any").unwrap().encrypt("a.b.c").unwrap();
            for pem in &privates {
                let key = private(algorithm, pem).unwrap();
                assert_eq!((key.kid(), key.algorithm()), (None, algorithm));
                assert_eq!(DecryptionKeys::from(&key).decrypt(&token).unwrap().secret(), "a.b.c");
            }
        }
    }
}

#[test]
fn indentation_and_windows_line_ends_are_read() {
    for Forms { algorithm, private: privates, public: publics, .. } in all_forms() {
        for change in [|pem: &str| pem.replace('\n', "\r\n"), |pem: &str| pem.replace('\n', "\n    ")] {
            private(algorithm, &format!("  {}", change(&privates[0]))).unwrap();
            public(algorithm, &format!("# a comment\n{}", change(&publics[0]))).unwrap();
        }
    }
}

#[test]
fn a_public_key_does_not_decrypt_and_nothing_is_encrypted_to_a_private_one() {
    for Forms { algorithm, private: privates, public: publics, .. } in all_forms() {
        for pem in publics {
            let refusal = private(algorithm, &pem).unwrap_err();
            assert!(
                refusal.contains("is a public key") && refusal.contains("EncryptionKey::from_pem"),
                "{refusal}"
            );
        }
        for pem in privates {
            let refusal = public(algorithm, &pem).unwrap_err();
            assert!(
                refusal.contains("is a private key") && refusal.contains("DecryptionKey::from_pem"),
                "{refusal}"
            );
        }
    }
}

#[test]
fn a_pem_for_another_algorithm_is_refused_with_both_named() {
    for Forms { algorithm, name, private: privates, public: publics } in all_forms() {
        for other in [RsaOaep256, EcdhEs, EcdhEsA256KW] {
            if other.is_agreement() == algorithm.is_agreement() {
                continue;
            }
            let privates = privates.iter().map(|pem| private(other, pem).unwrap_err());
            let publics = publics.iter().map(|pem| public(other, pem).unwrap_err());
            for refusal in privates.chain(publics) {
                let expected = format!("holds {name}, and {other} takes {}", other.key_name());
                assert!(refusal.ends_with(&expected), "{refusal}");
            }
        }
        for secret in [Dir, A256KW] {
            let refusal = private(secret, &privates[0]).unwrap_err();
            assert!(refusal.contains("not a PEM; call `from_base64`"), "{refusal}");
            let refusal = public(secret, &publics[0]).unwrap_err();
            assert!(refusal.contains("not a PEM; call DecryptionKey::from_base64"), "{refusal}");
        }
    }
}

/// Both halves of a key pair that signs.
fn signing(algorithm: &'static EcdsaSigningAlgorithm) -> (Vec<u8>, Vec<u8>) {
    let pair = EcdsaKeyPair::generate(algorithm).unwrap();
    let public = pair.public_key().as_der().unwrap().as_ref().to_vec();
    (pair.to_pkcs8v1().unwrap().as_ref().to_vec(), public)
}

#[test]
fn keys_on_other_curves_are_named() {
    let edwards = Ed25519KeyPair::generate().unwrap();
    let ed25519 = (edwards.to_pkcs8v1().unwrap().as_ref().to_vec(), {
        let der: PublicKeyX509Der<'_> = edwards.public_key().as_der().unwrap();
        der.as_ref().to_vec()
    });
    // The library has no X448; what is behind its name does not matter.
    let x448 = (
        [b"\x30\x46\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x6f\x04\x3a\x04\x38", &*random(56)].concat(),
        [b"\x30\x42\x30\x05\x06\x03\x2b\x65\x6f\x03\x39\x00", &*random(56)].concat(),
    );
    for (name, (secret, open)) in [
        ("a P-384 key", signing(&ECDSA_P384_SHA384_FIXED_SIGNING)),
        ("a P-521 key", signing(&ECDSA_P521_SHA512_FIXED_SIGNING)),
        ("a secp256k1 key", signing(&ECDSA_P256K1_SHA256_FIXED_SIGNING)),
        ("an Ed25519 key", ed25519),
        ("an X448 key", x448),
    ] {
        for algorithm in [EcdhEs, EcdhEsA256KW, RsaOaep256] {
            let expected = format!("holds {name}, and {algorithm} takes {}", algorithm.key_name());
            let refusal = private(algorithm, &armour("PRIVATE KEY", &secret)).unwrap_err();
            assert!(refusal.ends_with(&expected), "{refusal}");
            let refusal = public(algorithm, &armour("PUBLIC KEY", &open)).unwrap_err();
            assert!(refusal.ends_with(&expected), "{refusal}");
        }
    }
    // A P-256 key is one, whatever it was made for.
    let (secret, open) = signing(&ECDSA_P256_SHA256_FIXED_SIGNING);
    private(EcdhEs, &armour("PRIVATE KEY", &secret)).unwrap();
    public(EcdhEs, &armour("PUBLIC KEY", &open)).unwrap();
}

#[test]
fn a_damaged_key_is_called_so() {
    for Forms { algorithm, name, private: privates, public: publics } in all_forms() {
        let cut = |pem: &str| {
            let mut der = der(pem);
            der.pop();
            der
        };
        let expected = format!("holds {name} that is damaged");
        let refusal = private(algorithm, &armour("PRIVATE KEY", &cut(&privates[0]))).unwrap_err();
        assert!(refusal.ends_with(&expected) || refusal.contains("is not one of X25519"), "{refusal}");
        let refusal = public(algorithm, &armour("PUBLIC KEY", &cut(&publics[0]))).unwrap_err();
        assert!(refusal.ends_with(&expected) || refusal.contains("X25519 has 32"), "{refusal}");
    }
}

#[test]
fn a_private_pem_with_the_public_half_of_another_is_damaged() {
    // In both forms the public point is the end.
    for pem in [0, 2] {
        let (ours, theirs) = (p256(EcdhEs).private.swap_remove(pem), p256(EcdhEs).private.swap_remove(pem));
        let (ours, theirs) = (der(&ours), der(&theirs));
        let label = ["PRIVATE KEY", "", "EC PRIVATE KEY"][pem];
        let mixed = [&ours[..ours.len() - 64], &theirs[theirs.len() - 64..]].concat();
        private(EcdhEs, &armour(label, &ours)).unwrap();
        let refusal = private(EcdhEs, &armour(label, &mixed)).unwrap_err();
        assert!(refusal.ends_with("holds a P-256 key that is damaged"), "{refusal}");
    }
}

#[test]
fn an_rsa_key_that_is_too_short_or_too_long_is_refused_for_its_size() {
    let tagged = |tag: u8, body: &[u8]| match u16::try_from(body.len()).unwrap().to_be_bytes() {
        [0, length] => [&[tag, 0x81, length], body].concat(),
        [high, low] => [&[tag, 0x82, high, low], body].concat(),
    };
    let pem = |bits: usize| {
        let n = [&[0][..], &vec![0xc5; bits / 8]].concat();
        armour("RSA PUBLIC KEY", &tagged(0x30, &[tagged(2, &n), vec![2, 3, 1, 0, 1]].concat()))
    };
    public(RsaOaep256, &pem(2048)).unwrap();
    for bits in [1024, 2040, 8200] {
        let refusal = public(RsaOaep256, &pem(bits)).unwrap_err();
        assert!(refusal.contains(&format!("has {bits} bits; 2048 to 8192")), "{refusal}");
    }
}

#[test]
fn what_is_not_one_open_pem_is_refused_with_what_to_do() {
    let Forms { private: privates, public: publics, .. } = p256(EcdhEs);
    for (text, reason) in [
        (String::new(), "is not a PEM"),
        (r#"{"kty":"EC"}"#.into(), "is JSON, not a PEM"),
        (privates[0].replace("-----END PRIVATE KEY-----", ""), "damaged PEM"),
        (privates[0].replace('\n', ""), "has lost its line breaks"),
        (format!("{}{}", privates[0], privates[2]), "holds 2 sections"),
        (format!("{}{}", privates[0], publics[0]), "holds 2 sections"),
        (armour("ENCRYPTED PRIVATE KEY", &[7; 99]), "is encrypted"),
        (armour("CERTIFICATE", &[7; 99]), "is a certificate"),
        (armour("PRIVATE KEY", &[7; 99]), "holds another or a damaged key"),
    ] {
        for refusal in [private(EcdhEs, &text).unwrap_err(), public(EcdhEs, &text).unwrap_err()] {
            let of_its_kind = refusal.contains("is a private key; to encrypt");
            assert!(refusal.contains(reason) || of_its_kind, "{reason}: {refusal}");
        }
    }
    let bytes = der(&privates[0]);
    assert!(DecryptionKey::from_pem(EcdhEs, &bytes).unwrap_err().to_string().contains("is not"));
}
