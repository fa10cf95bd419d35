//! A private key on its way out of the process.

use std::fmt;

use base64_simd::STANDARD;
use zeroize::Zeroizing;

/// A private key as a PEM of PKCS#8 (`PRIVATE KEY`, RFC 5958, RFC 7468), which openssl and other libraries read.
///
/// It has no `Display`, and its `Debug` prints no part of the key; [`secret`](Self::secret) is the one way to
/// the text, which is wiped from memory on drop.
///
/// ```
/// use jwtower::{Algorithm, SigningKey};
///
/// let key = SigningKey::generate(Algorithm::Ed25519)?;
/// let pem = key.to_pem()?;
/// assert!(pem.secret().starts_with("-----BEGIN PRIVATE KEY-----\n"));
/// assert_eq!(format!("{pem:?}"), "PrivatePem(..)");
///
/// let again = SigningKey::from_pem(Algorithm::Ed25519, pem.secret())?;
/// assert_eq!(again.kid(), key.kid());
/// # Ok::<(), jwtower::ConfigError>(())
/// ```
pub struct PrivatePem(Zeroizing<String>);

const BEGIN: &str = concat!("-----BEGIN PRIVATE", " KEY-----\n");
const END: &str = concat!("-----END PRIVATE", " KEY-----\n");

/// The bytes of a line of 64 characters (RFC 7468 §2).
const LINE: usize = 48;

impl PrivatePem {
    pub(crate) fn from_pkcs8(der: &[u8]) -> Self {
        let lines = der.chunks(LINE);
        // Enough from the start, because a text that grows leaves its old copy behind.
        let capacity = BEGIN.len() + 65 * lines.len() + END.len();
        let mut text = Zeroizing::new(String::with_capacity(capacity));
        text.push_str(BEGIN);
        for line in lines {
            STANDARD.encode_append(line, &mut *text);
            text.push('\n');
        }
        text.push_str(END);
        Self(text)
    }

    /// The PEM, to be kept where secrets are kept.
    ///
    /// # Security
    ///
    /// Whoever holds this text has the key: keep it in a secret store or in a file that its owner alone can
    /// read, and out of logs, repositories and error messages.
    #[must_use]
    pub fn secret(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PrivatePem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrivatePem(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pem_has_lines_of_64_characters_and_never_grew() {
        let der: Vec<u8> = (0..=u8::MAX).collect();
        for length in [0, 1, 47, 48, 49, 96, 97, 256] {
            let pem = PrivatePem::from_pkcs8(&der[..length]);
            let body = pem.secret().strip_prefix(BEGIN).unwrap().strip_suffix(END).unwrap();
            let lines: Vec<_> = body.lines().collect();
            assert_eq!(STANDARD.decode_to_vec(lines.concat()).unwrap(), &der[..length]);
            let (whole, rest) = lines.split_at(length / LINE);
            assert!(
                whole.iter().all(|line| line.len() == 64) && rest.len() == usize::from(length % LINE > 0)
            );
            assert_eq!(pem.0.capacity(), BEGIN.len() + 65 * lines.len() + END.len(), "{length}");
        }
    }
}
