//! Opens encrypted tokens.

use std::{fs::File, io::Read as _, path::Path};

use jwtower::{
    ConfigError,
    jwe::{DecryptionKey, DecryptionKeys},
};

use super::report::Report;
use crate::{failure::Failure, visible};

/// The largest file that is read as a key.
const LIMIT: u64 = 64 * 1024;

/// A key from a file: a PEM, a private JWK, or a secret in base64. What is no JWK is for the token's `alg`.
pub(super) fn key(file: &Path, token: &Report) -> Result<DecryptionKeys, Failure> {
    let wrong = |problem: &dyn std::fmt::Display| {
        Failure::new(format_args!("{}: {problem}", visible::name(&file.to_string_lossy())))
    };
    let text = read(file).map_err(|error| wrong(&error))?;
    let text = text.trim();
    let algorithm = || token.header_text("alg").unwrap_or_default().parse();
    let key: Result<DecryptionKey, ConfigError> = match text.as_bytes().first() {
        Some(b'{') => DecryptionKey::from_jwk(text),
        Some(b'-') => algorithm().and_then(|algorithm| DecryptionKey::from_pem(algorithm, text)),
        _ => algorithm().and_then(|algorithm| DecryptionKey::from_base64(algorithm, text)),
    };
    key.map(|key| DecryptionKeys::from(&key)).map_err(|error| wrong(&error))
}

fn read(file: &Path) -> std::io::Result<String> {
    let mut text = String::new();
    File::open(file)?.take(LIMIT).read_to_string(&mut text)?;
    Ok(text)
}
