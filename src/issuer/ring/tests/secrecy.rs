use super::{super::document, fixture::*};
use crate::{
    issuer::KeyRing,
    keys::{Algorithm, SigningKey, base64url},
};

/// Every way in which a private key of the ring could be written down.
async fn secrets(store: &TestStore, kek: &crate::issuer::KeyEncryptionKey) -> Vec<Vec<u8>> {
    let (vault, mut found) = (vault(store, kek), Vec::new());
    let loaded = vault.load("signing-keys").await.unwrap();
    let roster = document::read::<SigningKey>(&vault.open("signing-keys", &loaded).unwrap()).unwrap();
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

fn contains(text: &[u8], secret: &[u8]) -> bool {
    text.windows(secret.len()).any(|window| window == secret)
}

#[tokio::test(start_paused = true)]
async fn nothing_of_a_key_is_in_the_store_in_debug_or_in_the_jwk_set() {
    for algorithm in [Algorithm::HS512, Algorithm::ES256, Algorithm::Ed25519, Algorithm::RS256] {
        let (store, kek) = (TestStore::new(), kek());
        let ring = KeyRing::open(&store, schedule().algorithm(algorithm), &kek).await.unwrap();
        ring.rotate().await.unwrap();
        let shown = [
            store.blob().1,
            format!("{ring:?} {:#?} {:?}", issuer(&ring), verifier(&ring)).into_bytes(),
            ring.jwks().into_bytes(),
        ];
        // The end of PKCS#8 is the public key for some algorithms, which may be shown: only the blob and the
        // whole key are looked for there.
        for secret in secrets(&store, &kek).await {
            assert!(!contains(&shown[0], &secret), "{algorithm}");
            assert!(secret.len() == 16 || shown.iter().all(|text| !contains(text, &secret)), "{algorithm}");
        }
        assert!(format!("{ring:?}").contains(&ring.current_kid()), "{ring:?}");
    }
}

#[cfg(feature = "tracing")]
#[tokio::test(start_paused = true)]
async fn events_name_keys_and_show_none() {
    use std::{
        io,
        sync::{Arc, Mutex},
    };

    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Log {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);

    let (store, kek) = (TestStore::new(), kek());
    let (ring, other) = (open(&store, &kek).await, open(&store, &kek).await);
    let first = ring.current_kid();
    ring.rotate().await.unwrap();
    let mut hidden = secrets(&store, &kek).await;
    tokio::time::sleep(2 * DAY).await;
    let second = ring.current_kid();
    ring.withdraw(&second).await.unwrap();
    hidden.extend(secrets(&store, &kek).await);
    other.advance().await.unwrap();
    store.set_broken(true);
    tokio::time::sleep(HOUR).await;

    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    for (says, kid) in [
        ("INFO jwtower: a key begins to sign", &first),
        ("INFO jwtower: a key was announced", &second),
        ("INFO jwtower: a key is to sign as soon as verifiers know it", &second),
        ("INFO jwtower: a key begins to sign", &second),
        ("INFO jwtower: a key signs no more", &first),
        ("INFO jwtower: a key is no longer published", &first),
        ("INFO jwtower: a key was withdrawn", &second),
        ("INFO jwtower: another node changed the keys", &"signing-keys".to_owned()),
        ("ERROR jwtower: the keys could not be read or changed", &"the disk is gone".to_owned()),
    ] {
        assert!(text.lines().any(|line| line.contains(says) && line.contains(kid)), "{says} {kid}\n{text}");
    }
    for secret in hidden {
        assert!(!contains(text.as_bytes(), &secret));
    }
}
