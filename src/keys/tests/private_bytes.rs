use super::support::{rsa_pkcs8, signing_key};
use crate::keys::{Algorithm, KeySet, Secret, SigningKey, base64url};

const MESSAGE: &[u8] = b"header.payload";

#[test]
fn every_key_comes_back_from_its_private_bytes_under_its_name() {
    for algorithm in Algorithm::ALL {
        let key = signing_key(algorithm).with_kid("2026-07").unwrap();
        let bytes = key.private_bytes().unwrap();
        let again = SigningKey::from_private_bytes(algorithm, "2026-07", &bytes).unwrap();
        assert_eq!((again.algorithm(), again.kid()), (algorithm, Some("2026-07")));
        assert_eq!(*again.private_bytes().unwrap(), *bytes, "{algorithm}");

        for (signer, verifier) in [(&key, &again), (&again, &key)] {
            let keys = KeySet::from(verifier);
            let verifying = keys.find(Some("2026-07"), algorithm).unwrap();
            assert!(verifying.verify(MESSAGE, &signer.sign(MESSAGE).unwrap()), "{algorithm}");
        }
    }
}

#[test]
fn the_name_of_a_pair_that_nobody_named_comes_back_too() {
    let key = SigningKey::generate(Algorithm::ES256).unwrap();
    let kid = key.kid().unwrap();
    let again = SigningKey::from_private_bytes(Algorithm::ES256, kid, &key.private_bytes().unwrap()).unwrap();
    assert_eq!(again.kid(), again.public_jwk().map(|jwk| jwk.thumbprint()).as_deref());
    assert_eq!(again.kid(), Some(kid));
}

#[test]
fn the_private_bytes_are_the_ones_that_were_loaded() {
    assert_eq!(*signing_key(Algorithm::PS256).private_bytes().unwrap(), rsa_pkcs8());
    for length in [32, 33, 100] {
        let mut bytes = vec![0; length];
        getrandom::fill(&mut bytes).unwrap();
        let secret = Secret::from_bytes(Algorithm::HS256, &bytes).unwrap();
        let key = SigningKey::from(&secret);
        drop(secret);
        assert_eq!(*key.private_bytes().unwrap(), bytes);
    }
}

#[test]
fn the_text_of_a_secret_is_shared_and_not_copied() {
    let secret = Secret::generate(Algorithm::HS256).unwrap();
    let place = secret.secret().as_ptr();
    let text = secret.text();
    let named = secret.with_kid("a").unwrap();
    assert_eq!((text.as_ptr(), named.secret().as_ptr()), (place, place));
}

#[test]
fn bytes_of_another_key_or_of_none_are_refused() {
    for algorithm in Algorithm::ALL {
        for other in Algorithm::ALL {
            let fits = match algorithm {
                // Any bytes of the right length are a secret.
                _ if algorithm.is_symmetric() => continue,
                _ if algorithm.is_rsa() => other.is_rsa(),
                _ => algorithm == other,
            };
            let bytes = signing_key(other).private_bytes().unwrap();
            let key = SigningKey::from_private_bytes(algorithm, "a", &bytes);
            assert_eq!(key.is_ok(), fits, "{other} as {algorithm}");
        }
        let bytes = signing_key(algorithm).private_bytes().unwrap();
        let half = &bytes[..bytes.len() / 2];
        for bytes in [&[], half] {
            let error = SigningKey::from_private_bytes(algorithm, "a", bytes).unwrap_err();
            let needed = if algorithm.is_symmetric() { "secret" } else { "signing key" };
            assert_eq!(error.setting(), needed, "{algorithm}");
            assert!(!error.to_string().contains(&base64url::encode(half)), "{error}");
        }
        assert_eq!(SigningKey::from_private_bytes(algorithm, "", &bytes).unwrap_err().setting(), "kid");
    }
}
