#[cfg(feature = "tracing")]
use super::leaks::Log;
use super::{
    fixture::*,
    leaks::{contains, secrets},
};
use crate::{
    issuer::KeyRing,
    keys::{Algorithm, SigningKey},
};

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
        for secret in secrets::<SigningKey>(&store, &kek, "signing-keys").await {
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
    let mut hidden = secrets::<SigningKey>(&store, &kek, "signing-keys").await;
    tokio::time::sleep(2 * DAY).await;
    let second = ring.current_kid();
    ring.withdraw(&second).await.unwrap();
    hidden.extend(secrets::<SigningKey>(&store, &kek, "signing-keys").await);
    other.advance().await.unwrap();
    store.set_broken(true);
    tokio::time::sleep(HOUR).await;

    let text = log.text();
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
