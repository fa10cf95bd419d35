use super::support::random;
use crate::jwe::{ContentEncryption, Curve, DecryptionKey, DecryptionKeys, EncryptionKey, KeyManagement};

/// A key of every kind.
pub(super) fn keys() -> Vec<DecryptionKey> {
    let mut keys = vec![
        DecryptionKey::generate(KeyManagement::Dir).unwrap(),
        DecryptionKey::from_bytes(KeyManagement::Dir, random(16)).unwrap(),
        DecryptionKey::generate(KeyManagement::A256KW).unwrap(),
        DecryptionKey::generate(KeyManagement::RsaOaep256).unwrap(),
    ];
    for algorithm in [KeyManagement::EcdhEs, KeyManagement::EcdhEsA256KW] {
        keys.extend(Curve::ALL.map(|curve| DecryptionKey::generate_on(curve, algorithm).unwrap()));
    }
    keys
}

#[test]
fn what_is_encrypted_to_a_key_comes_out_again() {
    for key in keys() {
        for content in ContentEncryption::ALL {
            let Ok(recipient) = EncryptionKey::from(&key).with_content(content) else {
                assert_eq!(key.algorithm(), KeyManagement::Dir);
                continue;
            };
            let token = recipient.encrypt("a.b.c").unwrap();
            let opened = DecryptionKeys::from(&key).decrypt(&token).unwrap();
            assert_eq!(opened.secret(), "a.b.c", "{key:?}");
        }
    }
}

#[test]
fn a_pair_survives_every_form_that_it_is_written_in() {
    for key in keys().into_iter().filter(|key| !key.algorithm().is_symmetric()) {
        let again = DecryptionKey::from_pem(key.algorithm(), key.to_pem().unwrap().secret()).unwrap();
        let jwk = EncryptionKey::from(&key).to_jwk().unwrap();
        let token = EncryptionKey::from_jwk(jwk).unwrap().encrypt("a.b.c").unwrap();
        let again = again.with_kid(key.kid().unwrap()).unwrap();
        assert_eq!(DecryptionKeys::from(&again).decrypt(&token).unwrap().secret(), "a.b.c", "{key:?}");
    }
}
