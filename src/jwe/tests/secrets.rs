//! Secrets of `dir` and `A256KW`, from bytes and from base64.

use base64_simd::{STANDARD, URL_SAFE_NO_PAD};

use super::support::random;
use crate::jwe::{
    ContentEncryption, Curve, DecryptionKey, DecryptionKeys, EncryptionKey,
    KeyManagement::{self, A256KW, Dir, EcdhEs, EcdhEsA256KW, RsaOaep256},
};

fn of_bytes(algorithm: KeyManagement, bytes: &[u8]) -> Result<DecryptionKey, String> {
    DecryptionKey::from_bytes(algorithm, bytes).map_err(|error| error.to_string())
}

fn of_text(algorithm: KeyManagement, text: &str) -> Result<DecryptionKey, String> {
    DecryptionKey::from_base64(algorithm, text).map_err(|error| error.to_string())
}

#[test]
fn a_secret_has_the_length_of_its_algorithm_and_no_other() {
    for length in 0..=80 {
        let bytes = random(length);
        for (algorithm, allowed) in [(Dir, &[16, 32][..]), (A256KW, &[32])] {
            let text = STANDARD.encode_to_string(&bytes);
            for read in [of_bytes(algorithm, &bytes), of_text(algorithm, &text)] {
                match read {
                    Ok(key) => {
                        assert!(allowed.contains(&length), "{algorithm} took {length} bytes");
                        assert_eq!(key.secret(), Some(&*URL_SAFE_NO_PAD.encode_to_string(&bytes)));
                        assert_eq!((key.kid(), key.algorithm(), key.curve()), (None, algorithm, None));
                    }
                    Err(refusal) => {
                        let expected =
                            format!("has {length} bytes; {algorithm} takes {}", algorithm.key_name());
                        let known =
                            refusal.contains(&expected) || (length == 0 && refusal.contains("is not base64"));
                        assert!(known && !allowed.contains(&length), "{refusal}");
                    }
                }
            }
        }
    }
}

#[test]
fn the_length_of_a_direct_secret_chooses_how_it_encrypts() {
    for (length, own, other) in [
        (16, ContentEncryption::A128GCM, ContentEncryption::A256GCM),
        (32, ContentEncryption::A256GCM, ContentEncryption::A128GCM),
    ] {
        let key = of_bytes(Dir, &random(length)).unwrap();
        let recipient = EncryptionKey::from(&key);
        assert_eq!(recipient.content(), own);
        assert_eq!(recipient.clone().with_content(own).unwrap().content(), own);
        let refusal = recipient.with_content(other).unwrap_err().to_string();
        assert_eq!(refusal, format!("enc: the secret is for {own}, by its length; {other} was given"));
    }
    let wrapping = EncryptionKey::from(&DecryptionKey::generate(A256KW).unwrap());
    assert_eq!(wrapping.content(), ContentEncryption::A256GCM);
    for content in ContentEncryption::ALL {
        assert_eq!(wrapping.clone().with_content(content).unwrap().content(), content);
    }
}

#[test]
fn what_a_person_made_up_is_no_secret() {
    for (bytes, reason) in [
        (vec![7; 32], "repeats itself"),
        (b"changeme".repeat(4), "repeats itself"),
        ((0..32).collect(), "counts up or down"),
        (b"correct horse battery staple etc".to_vec(), "is made of words"),
        (b"MySuperSecretKeyForJweTokens2024".to_vec(), "is made of words"),
    ] {
        assert_eq!(bytes.len(), 32);
        for algorithm in [Dir, A256KW] {
            let refusal = of_bytes(algorithm, &bytes).unwrap_err();
            assert!(refusal.starts_with("secret: ") && refusal.contains(reason), "{refusal}");
            let refusal = of_text(algorithm, &STANDARD.encode_to_string(&bytes)).unwrap_err();
            assert!(refusal.contains(reason), "{refusal}");
        }
        let half = of_bytes(Dir, &bytes[..16]).unwrap_err();
        assert!(half.contains(reason) || half.contains("is made of words"), "{half}");
    }
    // The text can be made up where the bytes that it spells look random.
    let text = "ThisIsTheSecretOfOurEncryptedTokensInTestsA";
    assert!(of_text(A256KW, text).unwrap_err().contains("is made of words"));
}

#[test]
fn another_key_or_a_document_is_no_secret() {
    let pem = DecryptionKey::generate(EcdhEs).unwrap().to_pem().unwrap();
    for (text, reason) in [
        (pem.secret(), "looks like a PEM"),
        (r#"{"kty":"oct","k":"c2VjcmV0"}"#, "looks like JSON"),
        ("0123456789abcdef0123456789abcdeffedcba9876543210fedcba9876543210", "looks like hex"),
        ("", "is not base64"),
        ("not base64!", "is not base64"),
        ("AAAAA", "is not base64"),
    ] {
        for algorithm in [Dir, A256KW] {
            let refusal = of_text(algorithm, text).unwrap_err();
            assert!(refusal.contains(reason), "{text:.20}: {refusal}");
        }
    }
    assert!(of_bytes(Dir, pem.secret().as_bytes()).unwrap_err().contains("looks like a PEM"));
}

#[test]
fn both_alphabets_padding_and_line_breaks_are_read() {
    let bytes = [&[0xfb, 0xef, 0xbe, 0xff][..], &random(28)].concat();
    let texts = [
        STANDARD.encode_to_string(&bytes),
        STANDARD.encode_to_string(&bytes).trim_end_matches('=').to_owned(),
        URL_SAFE_NO_PAD.encode_to_string(&bytes),
        format!(" {}\n", STANDARD.encode_to_string(&bytes)),
    ];
    for text in texts {
        assert_eq!(
            of_text(A256KW, &text).unwrap().secret(),
            Some(&*URL_SAFE_NO_PAD.encode_to_string(&bytes))
        );
    }
}

#[test]
fn a_secret_is_none_for_an_algorithm_of_pairs_and_has_no_pem() {
    for algorithm in [EcdhEs, EcdhEsA256KW, RsaOaep256] {
        let refusal = of_bytes(algorithm, &random(32)).unwrap_err();
        let expected = format!(
            "{algorithm} takes {}, not a secret; secrets are for dir and A256KW",
            algorithm.key_name()
        );
        assert_eq!(refusal, format!("secret: {expected}"));
        let pair = DecryptionKey::generate(algorithm).unwrap();
        assert_eq!(pair.secret(), None);
        assert!(pair.to_pem().is_ok());
    }
    for algorithm in [Dir, A256KW] {
        let refusal = DecryptionKey::generate(algorithm).unwrap().to_pem().map(drop).unwrap_err().to_string();
        assert_eq!(refusal, "decryption key: has no PEM, as it is a secret; `secret()` gives its text");
        for curve in Curve::ALL {
            assert!(DecryptionKey::generate_on(curve, algorithm).is_err());
        }
    }
    assert!(DecryptionKey::generate_on(Curve::P256, RsaOaep256).is_err());
}

#[test]
fn who_has_the_text_of_a_secret_reads_what_was_encrypted_with_it() {
    for algorithm in [Dir, A256KW] {
        let key = DecryptionKey::generate(algorithm).unwrap();
        let again = of_text(algorithm, key.secret().unwrap()).unwrap();
        let token = EncryptionKey::from(&key).encrypt("a.b.c").unwrap();
        assert_eq!(DecryptionKeys::from(&again).decrypt(&token).unwrap().secret(), "a.b.c");
        let other = DecryptionKey::generate(algorithm).unwrap();
        let refusal = DecryptionKeys::from(&other).decrypt(&token).unwrap_err();
        assert_eq!(refusal.code(), "decryption_failed");
    }
}
