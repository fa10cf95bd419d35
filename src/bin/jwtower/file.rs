//! Files with keys and claims.

use std::{
    fmt::Display,
    fs::File,
    io::{self, Read as _},
    path::Path,
};

use zeroize::Zeroizing;

use crate::{failure::Failure, visible};

/// The most that is read; no key and no token's claims are as long.
const LIMIT: u64 = 1024 * 1024;

/// Reads the file that an option names; it may hold a secret.
pub(crate) fn read(option: &str, path: &Path) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let mut bytes = Zeroizing::new(Vec::new());
    let read =
        |bytes: &mut Vec<u8>| -> io::Result<usize> { File::open(path)?.take(LIMIT + 1).read_to_end(bytes) };
    read(&mut bytes).map_err(|error| unusable(option, path, error))?;
    if bytes.len() as u64 > LIMIT {
        return Err(unusable(option, path, "it has more than 1 MiB"));
    }
    Ok(bytes)
}

/// Says what is wrong with a file, without anything that it holds.
pub(crate) fn unusable(option: &str, path: &Path, problem: impl Display) -> Failure {
    Failure::new(format_args!("{option} {}: {problem}", visible::name(&path.to_string_lossy())))
}

/// What a file with a key looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Jwk,
    JwkSet,
    Pem,
    /// A secret in base64, say, or a key in DER.
    Other,
}

impl Form {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let has = |text: &[u8]| bytes.windows(text.len()).any(|part| part == text);
        match bytes.trim_ascii_start().first() {
            Some(b'{') if has(b"\"keys\"") => Self::JwkSet,
            Some(b'{') => Self::Jwk,
            _ if has(b"-----BEGIN ") => Self::Pem,
            _ => Self::Other,
        }
    }
}

/// The text of a secret.
pub(crate) fn text(bytes: &[u8]) -> Result<&str, String> {
    str::from_utf8(bytes).map_err(|_| "it is not text; a secret is written in base64".to_owned())
}
