//! Files that the program reads and writes.

use std::{fs, path::Path};

use jwtower::{
    Algorithm, Secret, SigningKey,
    jwe::{Curve, DecryptionKey, KeyManagement},
};
use jwtower_tests::pem::PemPair;
use tempfile::TempDir;

/// A folder of its own, gone with it.
#[derive(Debug)]
pub(super) struct Files(TempDir);

impl Files {
    pub(super) fn new() -> Self {
        Self(TempDir::new().expect("a folder can be made"))
    }

    pub(super) fn folder(&self) -> &Path {
        self.0.path()
    }

    /// The path of a file that may not be there.
    pub(super) fn path(&self, name: &str) -> String {
        self.folder().join(name).to_str().expect("the path is text").to_owned()
    }

    /// Writes a file, and tells its path.
    pub(super) fn write(&self, name: &str, text: impl AsRef<[u8]>) -> String {
        fs::write(self.folder().join(name), text).expect("a file can be written");
        self.path(name)
    }

    pub(super) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder().join(name)).expect("the file is there")
    }

    /// The file of a key that decrypts: a PEM, unless it is a secret.
    pub(super) fn private(&self, key: &DecryptionKey) -> String {
        match key.secret() {
            Some(secret) => self.write("decryption.secret", secret),
            None => self.write("decryption.pem", key.to_pem().expect("it is a pair").secret()),
        }
    }

    /// The files of a key for this algorithm: what signs, and what verifies, with its option.
    pub(super) fn key(&self, algorithm: Algorithm) -> (String, &'static str, String) {
        if algorithm.is_symmetric() {
            let secret = Secret::generate(algorithm).expect("the system has randomness");
            let path = self.write(&format!("{algorithm}.secret"), secret.secret());
            return (path.clone(), "--secret-file", path);
        }
        let pair = PemPair::generate(algorithm);
        let private = self.write(&format!("{algorithm}.pem"), &pair.private);
        (private, "--pem", self.write(&format!("{algorithm}.pub"), &pair.public))
    }
}

/// A private key from the file that the program reads.
pub(super) fn signing_key(algorithm: Algorithm, text: &str) -> SigningKey {
    match algorithm.is_symmetric() {
        true => (&Secret::from_base64(algorithm, text).expect("it is a secret")).into(),
        false => SigningKey::from_pem(algorithm, text).expect("it is a key"),
    }
}

/// A key of every kind, to decrypt with.
pub(super) fn decryption_keys() -> Vec<DecryptionKey> {
    let of_each = KeyManagement::ALL.map(DecryptionKey::generate);
    let on_x25519 = [KeyManagement::EcdhEs, KeyManagement::EcdhEsA256KW]
        .map(|algorithm| DecryptionKey::generate_on(Curve::X25519, algorithm));
    of_each.into_iter().chain(on_x25519).map(|key| key.expect("a key is made")).collect()
}
