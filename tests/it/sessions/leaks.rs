//! What a thief of the store gets: nothing that logs in or signs.

use std::{fs, path::Path};

use jwtower::{
    RefreshToken,
    session::{EventKind, Login},
};

use serde_json::{Value, json};

use super::fixture::{SECOND, World};

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

fn decode(text: &str) -> Vec<u8> {
    base64_simd::URL_SAFE_NO_PAD.decode_to_vec(text).unwrap()
}

fn read(folder: &Path) -> Vec<u8> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        all.extend(fs::read(entry.unwrap().path()).unwrap());
    }
    all
}

#[tokio::test]
async fn a_copy_of_the_file_holds_nothing_that_logs_in_or_signs() {
    let world = World::in_a_file().await;
    let mut tokens = Vec::new();
    for subject in ["u-1", "u-2", "u-3"] {
        let first = world.sessions.login_with(subject, Login::new().label("firefox")).await.unwrap();
        world.clock.advance(60 * SECOND);
        let second = world.sessions.refresh(&first.refresh_token).await.unwrap();
        tokens.extend([first, second]);
    }
    world.sessions.logout(&tokens[0].refresh_token).await.unwrap();
    let file = read(world.folder.as_ref().unwrap().path());
    assert!(contains(&file, b"u-1"), "the test reads the right file");

    for pair in &tokens {
        let refresh = pair.refresh_token.secret();
        let bytes = decode(refresh.strip_prefix("jwtr_").unwrap());
        let (nonce, code) = (&bytes[49..65], &bytes[65..97]);
        for (name, secret) in [("nonce", nonce), ("code", code), ("token", refresh.as_bytes())] {
            assert!(!contains(&file, secret), "the file holds a {name}");
        }
        let hex: String = nonce.iter().map(|byte| format!("{byte:02x}")).collect();
        let list = nonce.iter().map(u8::to_string).collect::<Vec<_>>().join(",");
        let base64 = base64_simd::URL_SAFE_NO_PAD.encode_to_string(nonce);
        for spelling in [hex, list, base64, base64_simd::STANDARD.encode_to_string(nonce)] {
            assert!(!contains(&file, spelling.as_bytes()), "the file holds a nonce as {spelling}");
        }
        let access = pair.access_token.secret();
        let signature = access.rsplit('.').next().unwrap();
        assert!(!contains(&file, signature.as_bytes()) && !contains(&file, &decode(signature)));
    }
    let kek = world.kek.secret().to_owned();
    assert!(!contains(&file, kek.as_bytes()) && !contains(&file, &decode(kek.trim_end_matches('='))));
    for mark in ["PRIVATE KEY", "\"d\":", "pkcs8", "\"k\":", "\"private\""] {
        assert!(!contains(&file, mark.as_bytes()), "the file holds {mark}");
    }
    // The DER of an Ed25519 private key begins like this, whatever the key.
    let pkcs8 = [0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];
    assert!(!contains(&file, &pkcs8), "the file holds a private key");
}

#[tokio::test]
async fn without_its_key_encryption_key_a_store_opens_no_ring() {
    let world = World::in_a_file().await;
    let other = jwtower::issuer::KeyEncryptionKey::generate().unwrap();
    let schedule = jwtower::issuer::Schedule::default().algorithm(jwtower::Algorithm::Ed25519);
    let error = jwtower::issuer::KeyRing::open(&world.store, schedule, &other).await.unwrap_err();
    assert!(error.to_string().contains("key-encryption key"), "{error}");
    let still = world.restarted().await;
    assert!(still.login("u-1").await.is_ok(), "nothing was overwritten");
}

#[tokio::test]
async fn refresh_tokens_are_no_shorter_than_they_must_be() {
    let world = World::in_memory().await;
    let token: RefreshToken = world.sessions.login("u-1").await.unwrap().refresh_token;
    // RFC 6749 §10.10 and RFC 6750 §2.1: 128 bits that nobody can guess, of a token's alphabet.
    assert_eq!(token.secret().len(), 5 + 130);
    assert!(token.secret().bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte)));
}

#[tokio::test]
async fn whoever_writes_to_the_store_cannot_change_what_a_login_fixed() {
    let world = World::in_memory().await;
    let pair = world.sessions.login("u-1").await.unwrap();
    let changes: [fn(&mut Value); 7] = [
        |record| record["login"]["subject"] = json!("root"),
        |record| record["login"]["generation"] = json!(u64::MAX),
        |record| record["login"]["expires"] = json!(u64::MAX),
        |record| record["login"]["idle_limit"] = json!(u64::MAX),
        |record| record["login"]["scope"] = json!("admin"),
        |record| record["login"]["transport"] = json!("cookie"),
        |record| record["login"]["nonce_hash"] = json!(vec![0; 32]),
    ];
    for change in changes {
        *world.store.tamper.lock().unwrap() = Some(change);
        let error = world.sessions.refresh(&pair.refresh_token).await.unwrap_err();
        assert_eq!(error.code(), "session_tampered");
        assert!(world.sessions.find(pair.session).await.unwrap().is_none());
    }
    *world.store.tamper.lock().unwrap() = None;
    assert!(world.sessions.refresh(&pair.refresh_token).await.is_ok());
    let happened = world.happened();
    assert_eq!(happened.iter().filter(|kind| **kind == EventKind::Tampered).count(), 7);
}
