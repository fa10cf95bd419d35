use serde_json::Value;

use super::fixture::*;
use crate::{
    clock::Clock,
    issuer::{DecryptionRing, Issuer, Schedule},
    jwe::{EncryptionKey, KeyManagement},
};

#[tokio::test(start_paused = true)]
async fn a_sender_that_kept_the_old_key_is_understood_until_it_is_gone() {
    let ring = open(&TestStore::new(), &kek()).await;
    let (kept, verifier) = (published(&ring), verifier(&ring));
    let due = ring.rotate().await.unwrap().since(clock().now().into());
    tokio::time::sleep(due + HOUR).await;
    assert_ne!(kept.kid(), Some(&*ring.current_kid()));
    assert_eq!(refusal(&verifier, &encrypt(&kept)), "");
    tokio::time::sleep(22 * HOUR).await;
    let last = encrypt(&kept);
    assert_eq!(refusal(&verifier, &last), "");
    tokio::time::sleep(3 * HOUR).await;
    assert_eq!(refusal(&verifier, &last), "unknown_key");
    assert_eq!(refusal(&verifier, &encrypt(&kept)), "unknown_key");
    assert_eq!(refusal(&verifier, &encrypt(published(&ring))), "");
}

#[tokio::test(start_paused = true)]
async fn the_current_public_key_alone_is_published() {
    for algorithm in [KeyManagement::EcdhEs, KeyManagement::RsaOaep256] {
        let ring = DecryptionRing::open(&TestStore::new(), algorithm, schedule(), &kek()).await.unwrap();
        for kids in [2, 3] {
            ring.rotate().await.unwrap();
            assert_eq!(ring.kids().len(), kids);
            let set: Value = serde_json::from_str(&ring.jwks()).unwrap();
            let [key] = &**set["keys"].as_array().unwrap() else { panic!("{set}") };
            assert_eq!(
                (&key["kid"], &key["use"], &key["alg"]),
                (&ring.current_kid().into(), &"enc".into(), &algorithm.name().into()),
            );
            assert!(["d", "p", "q", "dp", "dq", "qi", "k"].iter().all(|member| key.get(member).is_none()));
            tokio::time::sleep(3 * HOUR).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_ring_of_secrets_rotates_and_publishes_none() {
    for algorithm in [KeyManagement::Dir, KeyManagement::A256KW] {
        let ring = DecryptionRing::open(&TestStore::new(), algorithm, schedule(), &kek()).await.unwrap();
        let (old, first, verifier) = (encrypt(&ring), ring.current_kid(), verifier(&ring));
        ring.rotate().await.unwrap();
        tokio::time::sleep(3 * HOUR).await;
        assert_ne!(ring.current_kid(), first);
        assert_eq!((refusal(&verifier, &old), refusal(&verifier, &encrypt(&ring))), ("", ""));
        assert_eq!(ring.jwks(), r#"{"keys":[]}"#);
        let error = EncryptionKey::from_jwks(ring.jwks()).unwrap_err().to_string();
        assert!(error.contains("it is empty"), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_key_stays_as_long_as_its_senders_tokens_may_come() {
    // 10 min max-age, 1 h cache, 5 min poll, 1 min leeway, and 10 min of a token.
    let (store, kek, fitting) = (TestStore::new(), kek(), Schedule::default().retire(86 * MINUTE));
    let open = |schedule| DecryptionRing::open(&store, KeyManagement::EcdhEs, schedule, &kek);
    let error = open(fitting.retire(85 * MINUTE)).await.unwrap_err().to_string();
    assert!(error.starts_with("schedule: a replaced key decrypts for 5100s"), "{error}");
    assert!(error.contains("may come for 5160s"), "{error}");
    assert_eq!(store.blob_of("decryption-keys").0, 0);

    let ring = open(fitting).await.unwrap();
    let builder = || Issuer::builder().key(secret()).encrypt_to(&ring).issuer("me").audience("api");
    builder().build().unwrap();
    let error = builder().lifetime(11 * MINUTE).build().unwrap_err().to_string();
    assert!(error.contains("may come for 5220s"), "{error}");
    assert!(
        error.contains("raise the schedule's retire, or lower the others or the issuer's lifetime"),
        "{error}"
    );
    let published = Issuer::builder().key(secret()).encrypt_to(published(&ring)).issuer("me").audience("api");
    published.lifetime(11 * MINUTE).build().unwrap();
}

#[test]
fn an_impossible_schedule_opens_nothing() {
    let (store, kek) = (TestStore::new(), kek());
    let opened = DecryptionRing::open(&store, KeyManagement::EcdhEs, schedule().lifetime(DAY), &kek);
    let opened = futures_util::FutureExt::now_or_never(opened);
    assert_eq!(opened.unwrap().unwrap_err().setting(), "schedule");
    assert_eq!(store.blob_of("decryption-keys").0, 0);
}
