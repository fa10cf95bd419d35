//! What a secret could look like, and what was logged.

#[cfg(feature = "tracing")]
use std::{
    io,
    sync::{Arc, Mutex},
};

use super::{
    super::{document, key::RingKey},
    fixture::*,
};
use crate::{issuer::KeyEncryptionKey, keys::base64url};

/// Every way in which a private key of that ring, or the key-encryption key, could be written down.
pub(super) async fn secrets<K: RingKey>(
    store: &TestStore,
    kek: &KeyEncryptionKey,
    name: &str,
) -> Vec<Vec<u8>> {
    let (vault, mut found) = (vault(store, kek), Vec::new());
    let loaded = vault.load(name).await.unwrap();
    let roster = document::read::<K>(&vault.open(name, &loaded).unwrap()).unwrap();
    for key in roster.keys() {
        let bytes = key.key.private_bytes().unwrap();
        // PKCS#8 begins with what all keys share; the secret itself stands within.
        let windows = bytes.windows(16).skip(20).step_by(16).map(<[u8]>::to_vec);
        found.extend(windows);
        found.extend([
            bytes.to_vec(),
            base64url::encode(&*bytes).into_bytes(),
            format!("{bytes:?}").into_bytes(),
        ]);
    }
    found.push(kek.secret().as_bytes().to_vec());
    found.push(base64url::decode(kek.secret()).unwrap());
    found
}

pub(super) fn contains(text: &[u8], secret: &[u8]) -> bool {
    text.windows(secret.len()).any(|window| window == secret)
}

/// What was logged.
#[cfg(feature = "tracing")]
#[derive(Clone, Default)]
pub(super) struct Log(Arc<Mutex<Vec<u8>>>);

#[cfg(feature = "tracing")]
impl Log {
    /// Everything that this thread logs from now on.
    pub(super) fn start() -> (Self, tracing::subscriber::DefaultGuard) {
        let log = Self::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .finish();
        (log, tracing::subscriber::set_default(subscriber))
    }

    pub(super) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

#[cfg(feature = "tracing")]
impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
