//! Base64url as JOSE means it: no padding, no white space, one spelling per value (RFC 7515 §2).

use base64_simd::{AsOut, URL_SAFE_NO_PAD};

/// The bytes that `text` spells, or nothing where it is not strict base64url.
///
/// Padding, characters outside the alphabet and non-zero trailing bits are refused, so that no value has
/// two spellings.
pub(crate) fn decode(text: impl AsRef<[u8]>) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode_to_vec(text).ok()
}

/// The same, in a buffer of the caller's; nothing also where the bytes do not fit.
pub(crate) fn decode_into(text: impl AsRef<[u8]>, buffer: &mut [u8]) -> Option<&[u8]> {
    let text = text.as_ref();
    if URL_SAFE_NO_PAD.decoded_length(text).ok()? > buffer.len() {
        return None;
    }
    URL_SAFE_NO_PAD.decode(text, buffer.as_out()).ok().map(|bytes| &*bytes)
}

/// The same, behind what the buffer holds.
#[cfg(feature = "jwe")]
pub(crate) fn decode_onto(text: impl AsRef<[u8]>, buffer: &mut Vec<u8>) -> Option<()> {
    URL_SAFE_NO_PAD.decode_append(text, buffer).ok()
}

/// The one spelling of `bytes`.
pub(crate) fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode_to_string(bytes)
}

/// Appends the one spelling of `bytes`.
pub(crate) fn encode_into(bytes: impl AsRef<[u8]>, text: &mut String) {
    URL_SAFE_NO_PAD.encode_append(bytes, text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_survives_a_round_trip() {
        for length in 0..100_u8 {
            let bytes: Vec<u8> = (0..length).map(|index| index.wrapping_mul(37)).collect();
            let text = encode(&bytes);
            assert_eq!(decode(&text).as_deref(), Some(bytes.as_slice()));

            let (mut appended, mut buffer) = (String::from("a."), [0; 99]);
            encode_into(&bytes, &mut appended);
            assert_eq!(appended.strip_prefix("a."), Some(text.as_str()));
            assert_eq!(decode_into(&text, &mut buffer), Some(bytes.as_slice()));
            let mut exact = vec![0; bytes.len()];
            assert_eq!(decode_into(&text, &mut exact), Some(bytes.as_slice()));
            if let Some(short) = exact.get_mut(1..) {
                assert_eq!(decode_into(&text, short), None);
            }
        }
    }

    #[test]
    fn padding_white_space_and_foreign_characters_are_refused() {
        for text in [
            "Zg==", "Zm8=", "Zm9v=", "Zg=", "Zm9v\n", " Zm9v", "Zm 9v", "+/+/", "Zm9v.", "Zm9ü", "Z", "Zm9vZ",
        ] {
            assert_eq!(decode(text), None, "{text:?}");
            assert_eq!(decode_into(text, &mut [0; 99]), None, "{text:?}");
        }
    }

    #[test]
    fn of_all_spellings_only_those_without_trailing_bits_are_read() {
        let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        for prefix in ["", "AAAA", &"AAAA".repeat(20)] {
            let read = |tail: &[u8]| decode([prefix.as_bytes(), tail].concat()).is_some();
            let two = alphabet.iter().filter(|last| read(&[b'A', **last])).count();
            let three = alphabet.iter().filter(|last| read(&[b'A', b'A', **last])).count();
            assert_eq!((two, three), (4, 16));
        }
    }

    #[test]
    fn every_byte_outside_the_alphabet_is_refused_at_every_place() {
        for place in 0..80 {
            for byte in 0..=u8::MAX {
                let mut text = [b'A'; 80];
                text[place] = byte;
                let inside = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
                assert_eq!(decode(text).is_some(), inside, "{byte} at {place}");
            }
        }
    }
}
