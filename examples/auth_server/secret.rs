//! The key that encrypts the signing keys, in a file of its own.

use std::{
    fs,
    io::{self, Write},
    path::Path,
};

use jwtower::{issuer::KeyEncryptionKey, session::BoxError};

/// Reads the key from the file, which is made where it is missing. A key without a file is gone with the process.
pub(crate) fn key_encryption_key(file: Option<&Path>) -> Result<KeyEncryptionKey, BoxError> {
    let Some(file) = file else { return Ok(KeyEncryptionKey::generate()?) };
    let named = |error| format!("{}: {error}", file.display());
    if !file.exists() {
        write_for_us_alone(file, KeyEncryptionKey::generate()?.secret()).map_err(named)?;
        println!("{} is new; keep it, or the keys in the store are lost", file.display());
    }
    let text = fs::read_to_string(file).map_err(named)?;
    KeyEncryptionKey::from_base64(text).map_err(|error| format!("{}: {error}", file.display()).into())
}

fn write_for_us_alone(file: &Path, text: &str) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    writeln!(options.open(file)?, "{text}")
}
