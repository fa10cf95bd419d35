use super::support::armour;
use crate::keys::{Algorithm, Secret};

const HMAC: [(Algorithm, usize); 3] =
    [(Algorithm::HS256, 32), (Algorithm::HS384, 48), (Algorithm::HS512, 64)];

fn random(length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    getrandom::fill(&mut bytes).unwrap();
    bytes
}

fn refusal(secret: Result<Secret, crate::ConfigError>) -> String {
    secret.map(drop).unwrap_err().to_string()
}

#[test]
fn a_secret_shorter_than_its_hash_is_refused() {
    for (algorithm, length) in HMAC {
        assert!(Secret::from_bytes(algorithm, random(length)).is_ok());
        assert!(Secret::from_bytes(algorithm, random(length * 4)).is_ok());
        for short in [0, 1, length - 1] {
            let text = refusal(Secret::from_bytes(algorithm, random(short)));
            assert!(text.contains(&format!("has {short} bytes")), "{text}");
            assert!(text.contains(&format!("at least {length} bytes")), "{text}");
        }
    }
}

#[test]
fn a_generated_secret_can_be_saved_and_read_again() {
    for (algorithm, length) in HMAC {
        let secret = Secret::generate(algorithm).unwrap();
        assert_eq!(secret.secret().len(), (length * 4).div_ceil(3));
        assert_eq!(secret.algorithm(), algorithm);
        let again = Secret::from_base64(algorithm, secret.secret()).unwrap();
        assert_eq!(again.secret(), secret.secret());
        assert_ne!(Secret::generate(algorithm).unwrap().secret(), secret.secret());
    }
}

#[test]
fn both_alphabets_padding_and_line_breaks_are_read() {
    for bytes in [random(64), vec![0xfb; 40].into_iter().chain(random(64)).collect(), random(65), random(66)]
    {
        let expected = Secret::from_bytes(Algorithm::HS512, &bytes).unwrap();
        let standard = base64_simd::STANDARD.encode_to_string(&bytes);
        let (first, second) = standard.split_at(64);
        for text in [
            standard.clone(),
            base64_simd::STANDARD_NO_PAD.encode_to_string(&bytes),
            base64_simd::URL_SAFE.encode_to_string(&bytes),
            base64_simd::URL_SAFE_NO_PAD.encode_to_string(&bytes),
            format!(" \t{standard}\r\n"),
            format!("{first}\n{second}\n"),
            format!("{first}\r\n{second}\r\n"),
        ] {
            assert_eq!(
                Secret::from_base64(Algorithm::HS512, &text).unwrap().secret(),
                expected.secret(),
                "{text:?}"
            );
        }
    }
}

#[test]
fn what_is_not_base64_is_refused() {
    let good = base64_simd::STANDARD.encode_to_string(random(32));
    for text in [
        String::new(),
        "====".into(),
        format!("{good}="),
        format!("{good}===="),
        format!("{}!", &good[..42]),
        format!("{} {}", &good[..20], &good[20..]),
        format!("=={}", &good[..42]),
        format!("+-/_{}", &good[..40]),
    ] {
        let text = refusal(Secret::from_base64(Algorithm::HS256, &text));
        assert!(text.starts_with("secret: is not base64"), "{text}");
    }
}

#[test]
fn words_and_patterns_are_refused_in_every_form() {
    for (made_up, reason) in [
        ("a".repeat(64), "repeats itself"),
        ("changeme".repeat(8), "repeats itself"),
        ("correct-horse-battery-staple-".repeat(2) + "and-some-other-words", "is made of words"),
        ("your-256-bit-secret-is-what-stands-in-the-example-that-you-copied".into(), "is made of words"),
        ("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ+/".into(), "counts up or down"),
    ] {
        let text = refusal(Secret::from_bytes(Algorithm::HS512, &made_up));
        assert!(text.contains(reason) && text.contains("from `generate`"), "{text}");
        let text =
            refusal(Secret::from_base64(Algorithm::HS512, base64_simd::STANDARD.encode_to_string(&made_up)));
        assert!(text.contains(reason), "{text}");
    }
    // Text of base64's alphabet decodes to bytes that look random, and stays as guessable as it was.
    let words =
        "TheseAreJustSomeEnglishWordsOneAfterTheOtherThatNobodyWouldCallRandomAtAllWhateverTheyDecodeIntoX";
    assert!(refusal(Secret::from_base64(Algorithm::HS512, &words[..96])).contains("is made of words"));
}

#[test]
fn keys_in_other_forms_are_refused_by_name() {
    let pem = armour("PUBLIC KEY", &random(64));
    let jwk =
        format!(r#"{{"kty":"oct","k":"{}"}}"#, base64_simd::URL_SAFE_NO_PAD.encode_to_string(random(32)));
    for (bytes, word) in [(&pem, "PEM"), (&jwk, "JWK")] {
        for refused in
            [Secret::from_bytes(Algorithm::HS256, bytes), Secret::from_base64(Algorithm::HS256, bytes)]
        {
            let text = refusal(refused);
            assert!(text.contains(word), "{text}");
        }
    }
    let der = [b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", &random(32)[..]].concat();
    assert!(refusal(Secret::from_bytes(Algorithm::HS256, der)).contains("DER"));
}

#[test]
fn a_refusal_never_quotes_the_secret() {
    for text in
        ["hunter2", "hunter2-hunter2-hunter2-hunter2-hunter2", "hunter2 is the secret that I chose today!"]
    {
        for refused in
            [Secret::from_bytes(Algorithm::HS256, text), Secret::from_base64(Algorithm::HS256, text)]
        {
            assert!(!format!("{:?}", refused.unwrap_err()).contains("hunter"));
        }
    }
}

#[test]
fn algorithms_of_key_pairs_take_no_secret() {
    for algorithm in Algorithm::ALL.into_iter().filter(|algorithm| !algorithm.is_symmetric()) {
        for refused in [Secret::generate(algorithm), Secret::from_bytes(algorithm, random(64))] {
            let text = refusal(refused);
            assert!(text.contains(algorithm.name()) && text.contains("SigningKey"), "{text}");
        }
    }
}

#[test]
fn debug_prints_no_part_of_the_secret() {
    let secret = Secret::generate(Algorithm::HS256).unwrap().with_kid("2026").unwrap();
    assert_eq!(format!("{secret:?}"), r#"Secret { algorithm: HS256, kid: Some("2026"), .. }"#);
    assert_eq!(secret.kid(), Some("2026"));
}

#[test]
fn a_name_has_1_to_256_bytes() {
    let named = |kid: &str| Secret::generate(Algorithm::HS256).unwrap().with_kid(kid);
    assert!(named(&"k".repeat(256)).is_ok());
    for kid in [String::new(), "k".repeat(257)] {
        assert_eq!(named(&kid).unwrap_err().setting(), "kid");
    }
}
