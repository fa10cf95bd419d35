//! Tells random secrets from what people write instead.
//!
//! An HMAC secret that a person made up is found by trying words against one token, offline
//! (RFC 8725 §3.5). No test proves randomness; these find the usual mistakes and let random bytes pass, in
//! raw form or written as hex, base32 or base64, but for a few in a million; of random lower-case letters
//! it refuses one in ten thousand.

/// Words of at least six letters that stand in placeholders, and that random text does not hit by chance.
const PLACEHOLDERS: [&str; 10] = [
    "secret", "password", "passwd", "changeme", "change-", "change_", "default", "example", "qwerty",
    "replace",
];

/// The commonest pairs of neighbouring letters in English words.
const PAIRS: [&[u8; 2]; 52] = [
    b"th", b"he", b"in", b"er", b"an", b"re", b"nd", b"on", b"en", b"at", b"ou", b"ed", b"ha", b"to", b"or",
    b"it", b"is", b"hi", b"es", b"ng", b"te", b"al", b"st", b"ar", b"nt", b"ti", b"se", b"le", b"of", b"ve",
    b"me", b"de", b"ri", b"ro", b"io", b"ic", b"ne", b"ea", b"ra", b"co", b"li", b"ch", b"ll", b"be", b"ma",
    b"si", b"om", b"ur", b"ec", b"et", b"el", b"us",
];

/// Why this secret must not be used, or `None` if nothing speaks against it.
///
/// Length is not looked at here.
pub(super) fn mistaken_form(bytes: &[u8]) -> Option<&'static str> {
    let text = bytes.trim_ascii();
    if contains(text, b"-----BEGIN") {
        Some(
            "looks like a PEM; an HMAC secret is random bytes, a PEM goes to SigningKey::from_pem or KeySet::from_pem",
        )
    } else if text.starts_with(b"{") && contains(text, b"\":") && is_ascii_text(text) {
        Some("looks like JSON, perhaps a JWK; give only the value of its member `k` to Secret::from_base64")
    } else if is_der(bytes) {
        Some("looks like a key in DER; an HMAC secret is random bytes that belong to nothing else")
    } else {
        None
    }
}

/// Why this secret can be guessed, or `None` if nothing speaks against it.
pub(crate) fn weakness(bytes: &[u8]) -> Option<&'static str> {
    if repeats(bytes) {
        Some("repeats itself")
    } else if is_sequence(bytes) {
        Some("counts up or down")
    } else if is_wordy(bytes) {
        Some("is made of words")
    } else {
        None
    }
}

/// Whether the bytes are one DER sequence that starts as public and private keys do.
fn is_der(bytes: &[u8]) -> bool {
    let (length, body) = match bytes {
        [0x30, length @ 0..=0x7f, body @ ..] => (usize::from(*length), body),
        [0x30, 0x81, length, body @ ..] => (usize::from(*length), body),
        [0x30, 0x82, high, low, body @ ..] => (usize::from(u16::from_be_bytes([*high, *low])), body),
        _ => return false,
    };
    // An algorithm identifier, a version, or a long number.
    length == body.len() && matches!(body, [0x30, _, 0x06, ..] | [0x02, 0x01, 0 | 1, ..] | [0x02, 0x82, ..])
}

/// Whether a few bytes, or one stretch again and again, make up the whole.
fn repeats(bytes: &[u8]) -> bool {
    let mut counts = [0_usize; 256];
    for byte in bytes {
        if let Some(count) = counts.get_mut(usize::from(*byte)) {
            *count += 1;
        }
    }
    let distinct = counts.iter().filter(|count| **count > 0).count();
    let dominated = counts.iter().any(|count| count * 2 > bytes.len());
    let has_period = |period: usize| bytes.get(period..).is_some_and(|rest| bytes.starts_with(rest));
    distinct < 6 || dominated || (1..=bytes.len() / 2).any(has_period)
}

/// Whether half of the bytes are the neighbour of the byte before.
fn is_sequence(bytes: &[u8]) -> bool {
    let steps = pairs(bytes).filter(|(one, next)| one.abs_diff(*next) == 1).count();
    steps * 2 >= bytes.len()
}

/// Whether the bytes are text with spaces, with a placeholder's word, or with the letters of a language.
fn is_wordy(bytes: &[u8]) -> bool {
    // Random bytes of a secret's length are neither ASCII text nor valid UTF-8, but for odds not worth a thought.
    if !is_ascii_text(bytes) {
        return std::str::from_utf8(bytes).is_ok_and(|text| !text.contains(char::is_control));
    }
    let lower = zeroize::Zeroizing::new(bytes.to_ascii_lowercase());
    let common = pairs(&lower).filter(|pair| PAIRS.contains(&&[pair.0, pair.1])).count();
    bytes.contains(&b' ')
        || PLACEHOLDERS.iter().any(|word| contains(&lower, word.as_bytes()))
        || common * 3 >= bytes.len()
}

fn is_ascii_text(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| matches!(byte, b' '..=b'~' | b'\t' | b'\r' | b'\n'))
}

fn pairs(bytes: &[u8]) -> impl Iterator<Item = (u8, u8)> {
    bytes.iter().copied().zip(bytes.iter().skip(1).copied())
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_make_up_is_found() {
        let repeated = [
            "a".repeat(32),
            format!("{}bcdefg", "a".repeat(26)),
            "changeme".repeat(4),
            "abc123!".repeat(5),
            "\0".repeat(64),
            "ab".repeat(16),
        ];
        for text in repeated {
            assert_eq!(weakness(text.as_bytes()), Some("repeats itself"), "{text:?}");
        }
        for text in ["abcdefghijklmnopqrstuvwxyz123456", "0123456789ABCDEFGHIJKLMNOPQRSTUV"] {
            assert_eq!(weakness(text.as_bytes()), Some("counts up or down"), "{text:?}");
        }
        assert_eq!(weakness(&(0..32).collect::<Vec<u8>>()), Some("counts up or down"));
        for text in [
            "your-256-bit-secret-goes-right-here",
            "a-string-secret-at-least-256-bits-long",
            "MySuperSecretKeyForJwtTokens2024!",
            "Password1Password2Password3Passw",
            "correct-horse-battery-staple-for-me",
            "correct horse battery staple for me",
            "ThisIsMyApplicationSigningKey2023",
            "DasIstEinSehrLangesGeheimnisFuerJwt",
            "NotARealKeyDoNotUseInProduction!",
            "qwertyuiopasdfghjklzxcvbnm1234567",
            "ein-ganz-geheimes-Schlüsselwort-für-uns",
        ] {
            assert_eq!(weakness(text.as_bytes()), Some("is made of words"), "{text:?}");
        }
    }

    #[test]
    fn random_bytes_pass_raw_and_as_text() {
        for _ in 0..500 {
            let mut bytes = [0; 32];
            getrandom::fill(&mut bytes).unwrap();
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            bytes[..3].copy_from_slice(&[0x30, 30, 0]);
            assert_eq!(mistaken_form(&bytes), None, "two bytes of chance do not make a DER key");
            bytes[0] = b'{';
            bytes[31] = b'}';
            assert_eq!(mistaken_form(&bytes), None, "nor a JWK");
            let base64 = base64_simd::STANDARD.encode_to_string(bytes);
            for text in [bytes.as_slice(), hex.as_bytes(), &hex.as_bytes()[..32], base64.as_bytes()] {
                assert_eq!(weakness(text), None);
                assert_eq!(mistaken_form(text), None);
            }
        }
    }

    #[test]
    fn keys_in_other_forms_are_named() {
        let der = |head: &[u8], length: usize| [head, b"\x30\x05\x06", &vec![7; length - 3]].concat();
        for (bytes, word) in [
            (b"-----BEGIN PUBLIC KEY-----\nAAAA".to_vec(), "PEM"),
            (b"\n {\"kty\":\"oct\",\"k\":\"AAAA\"}\n".to_vec(), "JWK"),
            (der(&[0x30, 42], 42), "DER"),
            (der(&[0x30, 0x81, 200], 200), "DER"),
            (der(&[0x30, 0x82, 1, 34], 290), "DER"),
        ] {
            assert!(mistaken_form(&bytes).is_some_and(|reason| reason.contains(word)), "{word}");
        }
    }
}
