//! Names of keys and of algorithms, and what `Debug` says of keys.

use super::round_trips::keys;
use crate::{
    jwe::{
        ContentEncryption, Curve, DecryptionKey, DecryptionKeys, DecryptionSource, EncryptionKey,
        KeyManagement::{self, A256KW, Dir},
    },
    keys::{Jwk, KeySet, base64url},
};

#[test]
fn a_pair_that_was_made_here_has_its_thumbprint_as_its_name() {
    for key in keys() {
        let jwk = EncryptionKey::from(&key).to_jwk();
        assert_eq!(key.kid().is_some(), jwk.is_some());
        let Some(jwk) = jwk else { continue };
        let mut members: serde_json::Map<_, serde_json::Value> = serde_json::from_str(&jwk).unwrap();
        assert_eq!(members["kid"].as_str(), key.kid());
        // RFC 7638 §3.1: the required members alone, in the order of their names.
        members.retain(|name, _| ["crv", "e", "kty", "n", "x", "y"].contains(&name.as_str()));
        let text = serde_json::to_string(&members).unwrap();
        let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
        assert_eq!(key.kid(), Some(&*base64url::encode(hash)));
    }
}

#[test]
fn a_name_has_1_to_256_bytes() {
    for key in keys() {
        let recipient = EncryptionKey::from(&key);
        for name in [String::new(), "k".repeat(257), "é".repeat(129)] {
            assert_eq!(key.clone().with_kid(&name).unwrap_err().setting(), "kid");
            assert_eq!(recipient.clone().with_kid(&name).unwrap_err().setting(), "kid");
        }
        for name in ["k", "\"\\\u{1}é", &*"k".repeat(256)] {
            let key = key.clone().with_kid(name).unwrap();
            let recipient = recipient.clone().with_kid(name).unwrap();
            assert_eq!((key.kid(), recipient.kid()), (Some(name), Some(name)));
            let token = recipient.encrypt("a.b.c").unwrap();
            assert!(DecryptionKeys::from(&key).decrypt(&token).is_ok(), "{name:?}");
        }
    }
}

#[test]
fn an_algorithm_is_read_by_its_exact_name() {
    for algorithm in KeyManagement::ALL {
        assert_eq!(algorithm.name().parse::<KeyManagement>().unwrap(), algorithm);
        assert_eq!(algorithm.to_string(), algorithm.name());
    }
    for content in ContentEncryption::ALL {
        assert_eq!(content.name().parse::<ContentEncryption>().unwrap(), content);
        assert_eq!(content.to_string(), content.name());
    }
    for curve in Curve::ALL {
        assert_eq!(curve.name().parse::<Curve>().unwrap(), curve);
        assert_eq!(curve.to_string(), curve.name());
    }
    for (name, reason) in [
        ("RSA1_5", "Bleichenbacher"),
        ("RSA-OAEP", "rests on SHA-1"),
        ("PBES2-HS256+A128KW", "can be guessed"),
        ("PBES2-HS512+A256KW", "can be guessed"),
        ("A128KW", "is not supported"),
        ("A256GCMKW", "is not supported"),
        ("ECDH-ES+A128KW", "is not supported"),
        ("RSA-OAEP-512", "is not supported"),
        ("DIR", "is not supported"),
        ("a256kw", "is not supported"),
        ("none", "is not supported"),
        ("", "is not supported"),
        (" dir", "is not supported"),
    ] {
        let error = name.parse::<KeyManagement>().unwrap_err();
        assert!(
            error.to_string().contains(reason) && error.to_string().contains("write one of dir, A256KW"),
            "{error}"
        );
    }
    for name in ["A192GCM", "A128CBC-HS256", "a128gcm", ""] {
        let error = name.parse::<ContentEncryption>().unwrap_err().to_string();
        assert!(error.contains("write one of A128GCM, A256GCM"), "{error}");
    }
    for name in ["P-384", "p-256", "X448", "Ed25519", ""] {
        assert!(name.parse::<Curve>().unwrap_err().to_string().contains("write one of P-256, X25519"));
    }
}

#[test]
fn debug_names_a_key_and_prints_none() {
    for key in keys() {
        let key = key.with_kid("the-name").unwrap();
        let (recipient, all) = (EncryptionKey::from(&key), DecryptionKeys::from(&key));
        let private = key.private_bytes().unwrap();
        let bytes = format!("{:?}", &private[private.len() - 8..]);
        let tail = base64url::encode(&private[private.len() - 9..]);
        let secret = key.secret().unwrap_or("no secret").to_owned();
        let shown = [
            format!("{key:?}"),
            format!("{recipient:?}"),
            format!("{all:?}"),
            format!("{:?}", DecryptionSource::from(&key)),
            format!("{key:#?}"),
        ];
        for text in &shown {
            assert!(text.contains("the-name") && text.contains("algorithm: "), "{text}");
            for hidden in [bytes.trim_matches(['[', ']']), &*tail, &*secret] {
                assert!(!text.contains(hidden), "{text}");
            }
        }
        assert_eq!(
            shown[0],
            format!("DecryptionKey {{ kid: Some(\"the-name\"), algorithm: {:?}, .. }}", key.algorithm())
        );
        assert_eq!(shown[2], format!("[{}]", shown[0]));
        assert_eq!(shown[3], shown[2]);
    }
}

#[test]
fn a_key_that_encrypts_does_not_verify() {
    for key in keys() {
        let Some(jwk) = EncryptionKey::from(&key).to_jwk() else { continue };
        assert!(Jwk::from_json(&jwk).is_err(), "{jwk}");
        assert!(KeySet::from_jwks(DecryptionKeys::from(&key).to_jwks()).is_err());
    }
    for algorithm in [Dir, A256KW] {
        assert_eq!(DecryptionKey::generate(algorithm).unwrap().kid(), None);
    }
}
