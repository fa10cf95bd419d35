#[cfg(feature = "tracing")]
use super::super::leaks::Log;
use super::{
    super::leaks::{contains, secrets},
    fixture::*,
};
use crate::{
    issuer::DecryptionRing,
    jwe::{DecryptionKey, KeyManagement},
};

#[tokio::test(start_paused = true)]
async fn nothing_of_a_key_is_in_the_store_in_debug_or_in_the_jwk_set() {
    for algorithm in KeyManagement::ALL {
        let (store, kek) = (TestStore::new(), kek());
        let ring = DecryptionRing::open(&store, algorithm, schedule(), &kek).await.unwrap();
        ring.rotate().await.unwrap();
        let shown = [
            store.blob_of("decryption-keys").1,
            format!("{ring:?} {:#?} {:?}", issuer(&ring), verifier(&ring)).into_bytes(),
            ring.jwks().into_bytes(),
        ];
        // The end of PKCS#8 is the public key for some algorithms, which may be shown: only the blob and the
        // whole key are looked for there.
        for secret in secrets::<DecryptionKey>(&store, &kek, "decryption-keys").await {
            assert!(!contains(&shown[0], &secret), "{algorithm}");
            assert!(secret.len() == 16 || shown.iter().all(|text| !contains(text, &secret)), "{algorithm}");
        }
        assert!(format!("{ring:?}").contains(&ring.current_kid()), "{ring:?}");
    }
}

#[cfg(feature = "tracing")]
#[tokio::test(start_paused = true)]
async fn events_name_keys_and_show_none() {
    let (log, _guard) = Log::start();
    let (store, kek) = (TestStore::new(), kek());
    let (ring, other) = (open(&store, &kek).await, open(&store, &kek).await);
    let first = ring.current_kid();
    ring.rotate().await.unwrap();
    let mut hidden = secrets::<DecryptionKey>(&store, &kek, "decryption-keys").await;
    tokio::time::sleep(2 * DAY).await;
    let second = ring.current_kid();
    ring.withdraw(&second).await.unwrap();
    hidden.extend(secrets::<DecryptionKey>(&store, &kek, "decryption-keys").await);
    other.advance().await.unwrap();

    let text = log.text();
    for (says, kid) in [
        ("INFO jwtower: a key begins to be encrypted to", &first),
        ("INFO jwtower: a key was announced", &second),
        ("INFO jwtower: a key is to be encrypted to as soon as every node knows it", &second),
        ("INFO jwtower: a key begins to be encrypted to", &second),
        ("INFO jwtower: a key is encrypted to no more", &first),
        ("INFO jwtower: a key decrypts no more", &first),
        ("INFO jwtower: a key was withdrawn", &second),
        ("INFO jwtower: another node changed the keys", &"decryption-keys".to_owned()),
    ] {
        assert!(text.lines().any(|line| line.contains(says) && line.contains(kid)), "{says} {kid}\n{text}");
    }
    for secret in hidden {
        assert!(!contains(text.as_bytes(), &secret));
    }
}
