use super::support::signing_key;
use crate::keys::{Algorithm, KeySet, SigningKey};

#[test]
fn every_pair_comes_back_from_its_pem() {
    for algorithm in Algorithm::ALL.into_iter().filter(|algorithm| !algorithm.is_symmetric()) {
        let key = signing_key(algorithm);
        let again = SigningKey::from_pem(algorithm, key.to_pem().unwrap().secret()).unwrap();
        assert_eq!(KeySet::from(&again).to_jwks(), KeySet::from(&key).to_jwks(), "{algorithm}");
        assert_eq!(*again.private_bytes().unwrap(), *key.private_bytes().unwrap(), "{algorithm}");
    }
}

#[test]
fn a_secret_has_no_pem() {
    for algorithm in Algorithm::ALL.into_iter().filter(|algorithm| algorithm.is_symmetric()) {
        let error = signing_key(algorithm).to_pem().map(drop).unwrap_err();
        assert_eq!(error.to_string(), "signing key: has no PEM; Secret::secret gives its text");
    }
}

#[test]
fn debug_shows_nothing_of_a_pem() {
    let pem = signing_key(Algorithm::ES256).to_pem().unwrap();
    assert_eq!(format!("{pem:?} {pem:#?}"), "PrivatePem(..) PrivatePem(..)");
}
