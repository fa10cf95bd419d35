//! jwtower beside a jsonwebtoken with two crypto backends.
//!
//! jsonwebtoken chooses its backend by what was compiled in, and panics when it finds two. Another dependency
//! of an application can bring that about. Nothing here installs one, and this is a process of its own.

use std::panic;

use jsonwebtoken as theirs;
use jwtower::{Algorithm, Issuer, KeySet, NoClaims, Secret, SigningKey, Verifier};
use jwtower_tests::pem::PemPair;

/// A token through jwtower alone: made, verified, and refused under another key.
fn round_trip(key: &SigningKey, keys: KeySet, stranger: KeySet) {
    let issuer = Issuer::builder().key(key).issuer("me").audience("api").build().unwrap();
    let token = issuer.sign("alice", &NoClaims).unwrap();
    let verifier =
        |keys| Verifier::<NoClaims>::builder().keys(keys).issuer("me").audience("api").build().unwrap();
    assert_eq!(verifier(keys).verify(token.secret()).unwrap().registered().subject(), Some("alice"));
    assert!(verifier(stranger).verify(token.secret()).is_err());
}

#[test]
fn with_two_backends_linked_and_none_chosen_jwtower_signs_and_verifies() {
    for algorithm in Algorithm::ALL {
        let (own, other) =
            (SigningKey::generate(algorithm).unwrap(), SigningKey::generate(algorithm).unwrap());
        round_trip(&own, KeySet::from(&own), KeySet::from(&other));
        if algorithm.is_symmetric() {
            let secret = Secret::generate(algorithm).unwrap();
            round_trip(&SigningKey::from(&secret), KeySet::from(&secret), KeySet::from(&other));
        } else {
            let PemPair { private, public } = PemPair::generate(algorithm);
            let own = SigningKey::from_pem(algorithm, private).unwrap();
            round_trip(&own, KeySet::from_pem(algorithm, public).unwrap(), KeySet::from(&other));
        }
    }

    // The same process, so that what was shown above means something: here jsonwebtoken panics.
    panic::set_hook(Box::new(|_| {}));
    let encode = || {
        let key = theirs::EncodingKey::from_secret(&[7; 32]);
        theirs::encode(&theirs::Header::default(), &serde_json::json!({}), &key)
    };
    let outcome = panic::catch_unwind(encode);
    let _ = panic::take_hook();
    assert!(outcome.is_err(), "jsonwebtoken does not mind two backends any more, so this test shows nothing");
}
