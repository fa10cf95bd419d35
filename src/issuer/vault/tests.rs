use std::time::SystemTime;

use super::{seal::Sealer, *};

fn sealer() -> Sealer {
    KeyEncryptionKey::generate().unwrap().sealer()
}

#[test]
fn what_was_sealed_is_opened_again() {
    let sealer = sealer();
    for length in [0, 1, 32, 5000] {
        let plaintext = vec![7; length];
        let blob = sealer.seal("name", 3, &plaintext).unwrap();
        assert_eq!(*sealer.open("name", 3, &blob).unwrap(), plaintext);
        assert_eq!(blob.len(), 8 + 8 + 12 + length + 16);
    }
}

#[test]
fn no_two_blobs_are_alike() {
    let sealer = sealer();
    let (one, other) = (sealer.seal("name", 1, b"same").unwrap(), sealer.seal("name", 1, b"same").unwrap());
    assert_ne!(one[16..28], other[16..28], "the nonce is fresh");
    assert_ne!(one[28..], other[28..]);
}

#[test]
fn a_blob_fits_its_name_and_version_alone() {
    let sealer = sealer();
    let blob = sealer.seal("name", 3, b"keys").unwrap();
    for (name, version) in [("name", 4), ("name", 2), ("other", 3), ("", 3), ("nam", 3)] {
        let error = sealer.open(name, version, &blob).unwrap_err().to_string();
        assert!(
            error.starts_with("key store: ") && error.contains("another name or as another version"),
            "{error}"
        );
        assert!(error.contains(&format!("{name:?}, version {version}")), "{error}");
    }
}

#[test]
fn another_key_is_told_apart_from_damage() {
    let blob = sealer().seal("name", 1, b"keys").unwrap();
    let error = sealer().open("name", 1, &blob).unwrap_err();
    assert_eq!(error.setting(), "key-encryption key");
    assert!(error.to_string().contains("sealed with another key-encryption key"), "{error}");
}

#[test]
fn every_flipped_bit_and_every_cut_is_found() {
    let sealer = sealer();
    let blob = sealer.seal("name", 1, b"keys").unwrap();
    for place in 0..blob.len() {
        for bit in 0..8 {
            let mut changed = blob.clone();
            changed[place] ^= 1 << bit;
            sealer.open("name", 1, &changed).unwrap_err();
        }
        sealer.open("name", 1, &blob[..place]).unwrap_err();
    }
    sealer.open("name", 1, &[&*blob, b"x"].concat()).unwrap_err();
    sealer.open("name", 1, &blob).unwrap();
}

#[test]
fn a_key_encryption_key_survives_its_text() {
    let key = KeyEncryptionKey::generate().unwrap();
    let blob = key.sealer().seal("name", 1, b"keys").unwrap();
    let bytes = crate::keys::base64url::decode(key.secret()).unwrap();
    let standard = base64_simd::STANDARD.encode_to_string(&bytes);
    for text in [key.secret(), &standard, standard.trim_end_matches('='), &format!(" {standard}\n")] {
        let again = KeyEncryptionKey::from_base64(text).unwrap();
        again.sealer().open("name", 1, &blob).unwrap();
    }
    let again = KeyEncryptionKey::from_bytes(bytes.try_into().unwrap()).unwrap();
    again.sealer().open("name", 1, &blob).unwrap();
    assert_eq!(format!("{key:?}"), "KeyEncryptionKey(..)");
}

#[test]
fn a_key_encryption_key_that_someone_made_up_is_refused() {
    for (text, says) in [
        ("", "has 0 characters"),
        ("changeme", "has 8 characters"),
        (&"0123456789abcdef".repeat(4), "looks like hex"),
        (&"A".repeat(43), "repeats itself"),
        ("MySuperSecretKeyForJwtTokensInProduction200", "is made of words"),
        (&format!("{}!", "Ab3".repeat(14)), "is not base64"),
        (&base64_simd::STANDARD.encode_to_string([9; 33]), "has 44 characters"),
        (&base64_simd::STANDARD.encode_to_string([9; 31]), "has 42 characters"),
    ] {
        let error = KeyEncryptionKey::from_base64(text).unwrap_err().to_string();
        assert!(error.starts_with("key-encryption key: "), "{error}");
        assert!(error.contains(says), "{text}: {error}");
        assert!(text.is_empty() || !error.contains(text), "{error}");
    }
    for bytes in [[0; 32], *b"MySuperSecretKeyForJwtTokens2024", std::array::from_fn(|index| index as u8)] {
        let error = KeyEncryptionKey::from_bytes(bytes).unwrap_err().to_string();
        assert!(error.contains("openssl rand -base64 32"), "{error}");
    }
}

#[tokio::test]
async fn a_swap_needs_the_version_that_is_there() {
    let vault = Vault::of_process(LocalKeys::new(SystemTime::now), &KeyEncryptionKey::generate().unwrap());
    let write = async |expected, text: &[u8]| {
        let blob = vault.seal("name", expected, text).unwrap();
        vault.swap("name", expected, blob).await.unwrap()
    };
    assert_eq!(vault.load("name").await.unwrap().version, 0);
    assert!(write(0, b"one").await);
    assert!(!write(0, b"two").await);
    assert!(write(1, b"three").await);
    let loaded = vault.load("name").await.unwrap();
    assert_eq!((loaded.version, &**vault.open("name", &loaded).unwrap()), (2, b"three".as_slice()));
    assert_eq!(vault.load("other").await.unwrap().version, 0);
}
