//! Which of several keys decrypts a token.

use super::{round_trips::keys, support::random};
use crate::jwe::{
    DecryptionKey, DecryptionKeys, EncryptionKey,
    KeyManagement::{self, A256KW, Dir, EcdhEs, EcdhEsA256KW},
};

fn secret(algorithm: KeyManagement) -> DecryptionKey {
    DecryptionKey::from_bytes(algorithm, random(32)).unwrap()
}

fn named(algorithm: KeyManagement, kid: &str) -> DecryptionKey {
    secret(algorithm).with_kid(kid).unwrap()
}

fn set(keys: &[&DecryptionKey]) -> DecryptionKeys {
    let (first, rest) = keys.split_first().unwrap();
    rest.iter().fold(DecryptionKeys::from(*first), |all, key| all.and(*key).unwrap())
}

/// What comes of a token that is encrypted to this secret and says this name.
fn outcome(keys: &DecryptionKeys, key: &DecryptionKey, kid: Option<&str>) -> &'static str {
    let nameless = DecryptionKey::from_base64(key.algorithm(), key.secret().unwrap()).unwrap();
    let recipient = EncryptionKey::from(&nameless);
    let recipient = kid.map_or(Ok(recipient.clone()), |kid| recipient.with_kid(kid)).unwrap();
    let token = recipient.encrypt("a.b.c").unwrap();
    keys.decrypt(&token).map_or_else(|error| error.code(), |_| "good")
}

#[test]
fn a_named_key_is_found_by_its_name_and_algorithm() {
    let (one, two, other) = (named(A256KW, "one"), named(A256KW, "two"), named(Dir, "other"));
    let keys = set(&[&one, &two, &other]);
    assert_eq!(keys.kids().collect::<Vec<_>>(), [Some("one"), Some("two"), Some("other")]);
    for (key, kid, expected) in [
        (&one, Some("one"), "good"),
        (&two, Some("two"), "good"),
        (&other, Some("other"), "good"),
        (&one, Some("two"), "decryption_failed"),
        (&one, Some("three"), "unknown_key"),
        (&one, Some("One"), "unknown_key"),
        (&one, Some("other"), "algorithm_mismatch"),
        (&other, Some("one"), "algorithm_mismatch"),
        (&one, None, "ambiguous_key"),
        // There is one key for its algorithm.
        (&other, None, "good"),
    ] {
        assert_eq!(outcome(&keys, key, kid), expected, "{kid:?} {}", key.algorithm());
    }
}

#[test]
fn a_nameless_key_takes_the_names_that_no_key_has() {
    let (nameless, one) = (secret(A256KW), named(A256KW, "one"));
    let alone = DecryptionKeys::from(&nameless);
    assert_eq!(outcome(&alone, &nameless, Some("any")), "good");
    assert_eq!(outcome(&alone, &nameless, None), "good");
    let both = set(&[&one, &nameless]);
    for (key, kid, expected) in [
        (&nameless, Some("any"), "good"),
        (&one, Some("one"), "good"),
        (&nameless, Some("one"), "decryption_failed"),
        (&one, Some("any"), "decryption_failed"),
        (&nameless, None, "ambiguous_key"),
    ] {
        assert_eq!(outcome(&both, key, kid), expected, "{kid:?}");
    }
}

#[test]
fn one_name_can_be_that_of_two_algorithms() {
    let (wraps, direct) = (named(A256KW, "k"), named(Dir, "k"));
    let keys = set(&[&wraps, &direct]);
    assert_eq!(outcome(&keys, &wraps, Some("k")), "good");
    assert_eq!(outcome(&keys, &direct, Some("k")), "good");
}

#[test]
fn a_key_is_for_its_one_algorithm() {
    for key in keys() {
        let alone = DecryptionKeys::from(&key);
        for other in keys().into_iter().filter(|other| other.algorithm() != key.algorithm()) {
            let token = EncryptionKey::from(&other).encrypt("a.b.c").unwrap();
            let code = alone.decrypt(&token).unwrap_err().code();
            let expected = if other.kid().is_some() { "unknown_key" } else { "algorithm_mismatch" };
            assert_eq!(code, expected, "{} for {}", other.algorithm(), key.algorithm());
        }
    }
}

#[test]
fn two_forms_of_one_pair_do_not_serve_each_other() {
    let agrees = DecryptionKey::generate(EcdhEs).unwrap();
    let pem = agrees.to_pem().unwrap();
    let wraps =
        DecryptionKey::from_pem(EcdhEsA256KW, pem.secret()).unwrap().with_kid(agrees.kid().unwrap()).unwrap();
    let token = |key| EncryptionKey::from(key).encrypt("a.b.c").unwrap();
    let code = |keys: &DecryptionKeys, token: &str| keys.decrypt(token).err().map(|error| error.code());
    assert_eq!(code(&DecryptionKeys::from(&agrees), &token(&wraps)), Some("algorithm_mismatch"));
    assert_eq!(code(&DecryptionKeys::from(&wraps), &token(&agrees)), Some("algorithm_mismatch"));
    let both = set(&[&agrees, &wraps]);
    assert_eq!((code(&both, &token(&agrees)), code(&both, &token(&wraps))), (None, None));
}

#[test]
fn keys_that_no_token_could_tell_apart_do_not_go_together() {
    let (nameless, one) = (secret(A256KW), named(A256KW, "one"));
    for (held, added, name) in [
        (&nameless, secret(A256KW), "\"none\""),
        (&one, named(A256KW, "one"), "\"one\""),
        (&one, one.clone(), "\"one\""),
    ] {
        let error = DecryptionKeys::from(held).and(&added).unwrap_err();
        assert_eq!(error.setting(), "decryption keys");
        let expected = format!("two are for A256KW with the kid {name}; give each its own `with_kid`");
        assert!(error.to_string().ends_with(&expected), "{error}");
    }
    let more =
        DecryptionKeys::from(&one).and(&nameless).and_then(|both| both.and(&named(Dir, "one"))).unwrap();
    assert_eq!(more.len(), 3);
    assert!(DecryptionKeys::from(&secret(Dir)).and(&more).is_ok());
}

#[test]
fn a_hundred_keys_are_the_most() {
    let all = |count: usize| {
        let mut keys = (0..count).map(|number| named(A256KW, &number.to_string()));
        let first = DecryptionKeys::from(&keys.next().unwrap());
        keys.try_fold(first, |all, key| all.and(&key))
    };
    let hundred = all(100).unwrap();
    assert_eq!(hundred.len(), 100);
    let error = hundred.and(&secret(A256KW)).unwrap_err();
    assert_eq!(error.to_string(), "decryption keys: 101 keys; at most 100 are allowed");
    let last = named(Dir, "99");
    let fifty = all(50).unwrap();
    assert!(fifty.and(&last).is_ok());
}
