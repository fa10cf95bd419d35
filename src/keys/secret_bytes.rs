//! The bytes of a shared secret: how they are written, and whether they are random.

use zeroize::Zeroizing;

use super::weakness::{mistaken_form, weakness};
use crate::error::ConfigError;

/// Makes a secret of the bytes that a text in base64 spells, either alphabet, padded or not.
pub(crate) fn from_base64<T>(
    text: &str,
    make: impl FnOnce(&[u8]) -> Result<T, ConfigError>,
) -> Result<T, ConfigError> {
    let text = text.trim();
    refuse_mistaken_form(text.as_bytes())?;
    let text: Zeroizing<String> = Zeroizing::new(text.split(['\r', '\n']).collect());
    let digits = text.trim_end_matches('=');
    let padding = text.len() - digits.len();
    let alphabet =
        if digits.contains(['-', '_']) { base64_simd::URL_SAFE_NO_PAD } else { base64_simd::STANDARD_NO_PAD };
    if digits.len() >= 32 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return Err(refused(
            "looks like hex, which is base64 too, of other bytes; decode it and call `from_bytes`",
        ));
    }
    let bytes = Zeroizing::new(alphabet.decode_to_vec(digits.as_bytes()).unwrap_or_default());
    if bytes.is_empty() || padding > 2 || (padding > 0 && !text.len().is_multiple_of(4)) {
        return Err(refused("is not base64; for other forms decode it yourself and call `from_bytes`"));
    }
    let secret = make(&bytes)?;
    refuse_weak(digits.as_bytes())?;
    Ok(secret)
}

/// Refuses what is no secret but another key, or a document.
pub(crate) fn refuse_mistaken_form(bytes: &[u8]) -> Result<(), ConfigError> {
    mistaken_form(bytes).map_or(Ok(()), |reason| Err(refused(reason)))
}

/// Refuses what can be guessed.
pub(crate) fn refuse_weak(bytes: &[u8]) -> Result<(), ConfigError> {
    weakness(bytes).map_or(Ok(()), |reason| {
        let advice = "take random bytes, from `generate` or `openssl rand -base64 64`";
        Err(ConfigError::new("secret", format!("{reason}, so it can be guessed; {advice}")))
    })
}

fn refused(reason: &'static str) -> ConfigError {
    ConfigError::new("secret", reason)
}
