//! Any JWK Set, private JWK, PEM or secret.

use std::sync::LazyLock;

use base64_simd::{STANDARD, URL_SAFE_NO_PAD};
use jwtower::{Algorithm, ConfigError, KeySet, NoClaims, Secret, SigningKey, Verifier, keys::Jwk};
use jwtower_tests::pem::{PemPair, armour};
use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Value, json};

use super::{
    config,
    json::{damaged, object_of, value},
};

/// What a key was read from says no secret; what was read can be used.
fn use_keys(keys: Result<KeySet, ConfigError>) {
    match keys {
        Ok(keys) => {
            let _ = (format!("{keys:?}"), keys.to_jwks(), keys.kids().count(), keys.len());
            let verifier =
                Verifier::<NoClaims>::builder().keys(&keys).issuer("i").audience("a").build().unwrap();
            for algorithm in Algorithm::ALL {
                let header = format!(r#"{{"alg":"{algorithm}"}}"#);
                for signature in [0, 64, 96, 132, 256] {
                    let parts = [header.as_bytes(), b"{}", &vec![7; signature]];
                    assert!(
                        verifier
                            .verify(&parts.map(|part| URL_SAFE_NO_PAD.encode_to_string(part)).join("."))
                            .is_err()
                    );
                }
            }
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// Private PEMs and public JWKs of every kind of key.
static REAL: LazyLock<Vec<(Algorithm, PemPair, Value)>> = LazyLock::new(|| {
    [Algorithm::RS256, Algorithm::ES256, Algorithm::ES384, Algorithm::ES512, Algorithm::Ed25519]
        .into_iter()
        .map(|algorithm| {
            let pair = PemPair::generate(algorithm);
            let key = SigningKey::from_pem(algorithm, &pair.private).unwrap();
            let jwk = serde_json::to_value(key.public_jwk().unwrap()).unwrap();
            (algorithm, pair, jwk)
        })
        .collect()
});

const NAMES: &[&str] =
    &["kty", "use", "key_ops", "alg", "kid", "crv", "x", "y", "n", "e", "k", "d", "p", "x5c", "x5t"];

fn algorithm() -> impl Strategy<Value = Algorithm> {
    select(&Algorithm::ALL[..])
}

/// A real JWK with some members changed or removed.
fn jwk() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        select(vec![
            "RSA", "EC", "OKP", "oct", "P-256", "P-384", "P-521", "Ed25519", "X25519", "sig", "enc", "RS256",
            "ES256", "AQAB", "AA", ""
        ])
        .prop_map(Value::from),
        vec(any::<u8>(), 0..140).prop_map(|bytes| URL_SAFE_NO_PAD.encode_to_string(bytes).into()),
        Just(Value::Null),
        Just(json!(["verify", "sign"])),
        any::<String>().prop_map(Value::from),
    ];
    let change = (select(NAMES), prop::option::of(text));
    ((0..REAL.len()), vec(change, 0..4)).prop_map(|(index, changes)| {
        let mut jwk = REAL[index].2.clone();
        for (name, value) in changes {
            match value {
                Some(value) => jwk[name] = value,
                None => drop(jwk.as_object_mut().and_then(|members| members.remove(name))),
            }
        }
        jwk
    })
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_jwk_set(
        set in prop_oneof![
            damaged(vec(object_of(NAMES), 0..4).prop_map(|keys| format!(r#"{{"keys":[{}]}}"#, keys.join(",")))),
            damaged(value()),
            vec(any::<u8>(), 0..80),
        ],
    ) {
        use_keys(KeySet::from_jwks(&set));
        use_keys(Jwk::from_json(&set).and_then(|jwk| KeySet::from_jwk(&jwk)));
        use_keys(SigningKey::from_jwk(&set).map(|key| KeySet::from(&key)));
    }

    #[test]
    fn any_set_of_nearly_real_keys(keys in vec(jwk(), 1..4)) {
        for key in &keys {
            use_keys(SigningKey::from_jwk(key.to_string()).map(|key| KeySet::from(&key)));
            if let Ok(jwk) = Jwk::from_json(key.to_string()) {
                let _ = (format!("{jwk:?}"), jwk.thumbprint(), jwk.algorithm());
                use_keys(KeySet::from_jwk(&jwk));
            }
        }
        use_keys(KeySet::from_jwks(json!({ "keys": keys }).to_string()));
    }

    #[test]
    fn any_pem(
        algorithm in algorithm(),
        pem in prop_oneof![
            any::<String>().prop_map(String::into_bytes),
            (select(vec!["PUBLIC KEY", "PRIVATE KEY", "RSA PUBLIC KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "CERTIFICATE", "X"]), vec(any::<u8>(), 0..200))
                .prop_map(|(label, der)| armour(label, der).into_bytes()),
            damaged((0..REAL.len()).prop_map(|index| REAL[index].1.private.clone())),
            damaged((0..REAL.len()).prop_map(|index| REAL[index].1.public.clone())),
        ],
    ) {
        use_keys(KeySet::from_pem(algorithm, &pem));
        if let Ok(key) = SigningKey::from_pem(algorithm, &pem) {
            use_keys(Ok(KeySet::from(&key)));
        }
    }

    #[test]
    fn any_damaged_der(index in 0..5_usize, place in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let (algorithm, pair, _) = &REAL[index];
        for (pem, label) in [(&pair.private, "PRIVATE KEY"), (&pair.public, "PUBLIC KEY")] {
            let digits: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
            let mut der = STANDARD.decode_to_vec(digits).unwrap();
            let place = place.index(der.len());
            der[place] = byte;
            use_keys(KeySet::from_pem(*algorithm, armour(label, &der)));
            if let Ok(key) = SigningKey::from_pem(*algorithm, armour(label, &der)) {
                use_keys(Ok(KeySet::from(&key)));
            }
        }
    }

    #[test]
    fn any_secret(
        algorithm in algorithm(),
        text in prop_oneof![any::<String>(), "[A-Za-z0-9+/=_-]{0,120}", "[a-z ]{30,70}"],
        bytes in vec(any::<u8>(), 0..100),
    ) {
        use_keys(Secret::from_base64(algorithm, &text).map(|secret| KeySet::from(&secret)));
        use_keys(Secret::from_bytes(algorithm, &bytes).map(|secret| KeySet::from(&secret)));
        use_keys(Secret::from_base64(algorithm, STANDARD.encode_to_string(&bytes)).map(|secret| KeySet::from(&secret)));
        if let Ok(secret) = Secret::from_bytes(algorithm, &bytes).and_then(|secret| secret.with_kid(text)) {
            let shown = format!("{secret:?}");
            prop_assert!(!shown.contains(secret.secret()));
        }
    }
}
