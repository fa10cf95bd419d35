use super::support::{rsa_pair, signing_key};
use crate::keys::{Algorithm, Jwk, KeySet, Secret, SigningKey};

const MESSAGE: &[u8] = b"header.payload";

fn signature_len(algorithm: Algorithm) -> usize {
    match algorithm {
        Algorithm::HS256 => 32,
        Algorithm::HS384 => 48,
        Algorithm::HS512 | Algorithm::ES256 | Algorithm::Ed25519 => 64,
        Algorithm::ES384 => 96,
        Algorithm::ES512 => 132,
        _ => 256,
    }
}

#[test]
fn every_algorithm_verifies_what_it_signed_and_nothing_else() {
    for algorithm in Algorithm::ALL {
        let key = signing_key(algorithm);
        let keys = KeySet::from(&key);
        let verifying = keys.find(key.kid(), algorithm).unwrap();
        let signature = key.sign(MESSAGE).unwrap();
        assert_eq!(signature.len(), signature_len(algorithm), "{algorithm}");
        assert!(verifying.verify(MESSAGE, &signature), "{algorithm}");
        assert!(!verifying.verify(b"header.payloae", &signature), "{algorithm}");
        assert!(!verifying.verify(b"", &signature), "{algorithm}");
        for place in 0..signature.len() {
            let mut changed = signature.clone();
            changed[place] ^= 1;
            assert!(!verifying.verify(MESSAGE, &changed), "{algorithm}, byte {place}");
        }
    }
}

#[test]
fn a_signature_of_another_length_is_none() {
    for algorithm in Algorithm::ALL {
        let key = signing_key(algorithm);
        let keys = KeySet::from(&key);
        let verifying = keys.find(key.kid(), algorithm).unwrap();
        let signature = key.sign(MESSAGE).unwrap();
        let longer = [&signature[..], &[0]].concat();
        let padded = [&[0], &signature[..]].concat();
        let split = signature.len() / 2;
        let both_padded = [&[0], &signature[..split], &[0], &signature[split..]].concat();
        for other in [&[], &signature[1..], &signature[..signature.len() - 1], &longer, &padded, &both_padded]
        {
            assert!(!verifying.verify(MESSAGE, other), "{algorithm}, {} bytes", other.len());
        }
    }
}

#[test]
fn a_key_pair_made_here_has_its_thumbprint_as_its_name() {
    for algorithm in Algorithm::ALL {
        let key = SigningKey::generate(algorithm).unwrap();
        assert_eq!(key.algorithm(), algorithm);
        let thumbprint = key.public_jwk().map(|jwk| jwk.thumbprint());
        assert_eq!(key.kid(), thumbprint.as_deref(), "{algorithm}");
        assert_eq!(thumbprint.is_none(), algorithm.is_symmetric());
        let named = key.with_kid("2026-07").unwrap();
        assert_eq!(named.kid(), Some("2026-07"));
        assert_eq!(
            named.public_jwk().and_then(|jwk| jwk.kid().map(str::to_owned)).is_none(),
            algorithm.is_symmetric()
        );
    }
}

#[test]
fn public_keys_survive_a_jwk_set() {
    for algorithm in Algorithm::ALL.into_iter().filter(|algorithm| !algorithm.is_symmetric()) {
        let key = signing_key(algorithm);
        let published = KeySet::from(&key).to_jwks();
        let keys = KeySet::from_jwks(&published).unwrap();
        assert_eq!(keys.to_jwks(), published);
        let verifying = keys.find(key.kid(), algorithm).unwrap();
        assert!(verifying.verify(MESSAGE, &key.sign(MESSAGE).unwrap()), "{algorithm}");

        let jwk = key.public_jwk().unwrap();
        let again = Jwk::from_json(serde_json::to_string(&jwk).unwrap()).unwrap();
        assert_eq!(again.thumbprint(), jwk.thumbprint());
        let keys = KeySet::from_jwk(&again).unwrap();
        assert!(keys.find(key.kid(), algorithm).unwrap().verify(MESSAGE, &key.sign(MESSAGE).unwrap()));
    }
}

#[test]
fn a_secret_verifies_what_it_signed_under_its_name() {
    let secret = Secret::generate(Algorithm::HS512).unwrap().with_kid("a").unwrap();
    let signature = SigningKey::from(&secret).sign(MESSAGE).unwrap();
    let keys = KeySet::from(&secret);
    assert!(keys.find(Some("a"), Algorithm::HS512).unwrap().verify(MESSAGE, &signature));
    let other = Secret::generate(Algorithm::HS512).unwrap();
    assert!(!KeySet::from(&other).find(None, Algorithm::HS512).unwrap().verify(MESSAGE, &signature));
}

#[test]
fn one_rsa_pair_under_two_algorithms_gives_signatures_that_differ() {
    for signer in Algorithm::ALL.into_iter().filter(|algorithm| algorithm.is_rsa()) {
        let signature = signing_key(signer).sign(MESSAGE).unwrap();
        assert_eq!(signature.len(), rsa_pair().public_modulus_len());
        for verifier in Algorithm::ALL.into_iter().filter(|algorithm| algorithm.is_rsa()) {
            let keys = KeySet::from(&signing_key(verifier));
            let key = keys.find(None, verifier).unwrap();
            assert_eq!(key.verify(MESSAGE, &signature), signer == verifier, "{signer} as {verifier}");
        }
    }
}

#[test]
fn secrets_never_enter_a_jwk_set() {
    let secret = Secret::generate(Algorithm::HS256).unwrap();
    let keys = KeySet::from(&secret).and(&SigningKey::generate(Algorithm::ES256).unwrap()).unwrap();
    let published = keys.to_jwks();
    assert!(!published.contains("oct") && !published.contains(secret.secret()));
    assert_eq!(KeySet::from_jwks(published).unwrap().len(), 1);
    assert_eq!(KeySet::from(&secret).to_jwks(), r#"{"keys":[]}"#);
}

#[test]
fn debug_prints_names_and_no_numbers() {
    for algorithm in Algorithm::ALL {
        let key = signing_key(algorithm).with_kid("k1").unwrap();
        let mut texts = vec![format!("{key:?}"), format!("{:?}", KeySet::from(&key))];
        texts.extend(key.public_jwk().map(|jwk| format!("{jwk:?}")));
        for text in texts {
            assert!(text.contains("k1") && text.contains(algorithm.name()), "{text}");
            assert!(text.len() < 100, "{text}");
        }
    }
}

#[test]
fn keys_can_be_shared_between_threads() {
    fn shared<T: Send + Sync + 'static>() {}
    shared::<Secret>();
    shared::<SigningKey>();
    shared::<KeySet>();
    shared::<Jwk>();
}

#[test]
fn the_thumbprints_of_the_standards_come_out() {
    // RFC 7638 §3.1 and RFC 8037 A.3.
    let rsa = Jwk::from_json(
        r#"{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}"#,
    );
    let okp =
        Jwk::from_json(r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#);
    assert_eq!(rsa.unwrap().thumbprint(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    assert_eq!(okp.unwrap().thumbprint(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
}
