use crate::{
    claims::NoClaims,
    issuer::Issuer,
    jwe::{DecryptionKey, DecryptionKeys, DecryptionSource, KeyManagement},
    keys::{Algorithm, Secret},
    verify::{Issuers, Verifier},
};

/// What becomes of a token of the second issuer, where both have these keys; the token is encrypted to `key`.
fn outcome(keys: [DecryptionSource; 2], key: &DecryptionKey) -> Result<(), &'static str> {
    let issuers = Issuers::<NoClaims>::new();
    let mut token = None;
    for (name, keys) in ["https://a.example.com", "https://b.example.com"].into_iter().zip(keys) {
        let secret = Secret::generate(Algorithm::HS256).unwrap();
        let verifier = Verifier::builder().keys(&secret).decrypt_with(keys).issuer(name).audience("api");
        issuers.trust(verifier.build().unwrap()).unwrap();
        let issuer =
            Issuer::builder().key(&secret).encrypt_to(key).issuer(name).audience("api").build().unwrap();
        token = Some(issuer.sign("alice", &NoClaims).unwrap());
    }
    let verified = Verifier::from(issuers).verify(token.unwrap().secret());
    verified.map(drop).map_err(|error| error.code())
}

#[test]
fn issuers_share_a_key_however_often_it_was_loaded() {
    let pem = DecryptionKey::generate(KeyManagement::EcdhEs).unwrap().to_pem().unwrap();
    let pair = || DecryptionKey::from_pem(KeyManagement::EcdhEs, pem.secret()).unwrap();
    let text = DecryptionKey::generate(KeyManagement::A256KW).unwrap().secret().unwrap().to_owned();
    let secret = || DecryptionKey::from_base64(KeyManagement::A256KW, &text).unwrap();
    assert_eq!(outcome([(&pair()).into(), (&pair()).into()], &pair()), Ok(()));
    assert_eq!(outcome([(&secret()).into(), (&secret()).into()], &secret()), Ok(()));
}

#[test]
fn issuers_may_have_other_keys_beside_the_shared_one() {
    let generate = |kid: &str| DecryptionKey::generate(KeyManagement::A256KW).unwrap().with_kid(kid).unwrap();
    let (key, more) = (generate("key"), generate("more"));
    let both = || DecryptionKeys::from(&more).and(&key).unwrap();
    assert_eq!(outcome([(&key).into(), both().into()], &key), Ok(()));
    assert_eq!(outcome([both().into(), (&key).into()], &key), Ok(()));
}

#[test]
fn a_token_is_for_the_keys_of_its_issuer_alone() {
    let generate = || DecryptionKey::generate(KeyManagement::A256KW).unwrap();
    let (key, other) = (generate(), generate());
    assert_eq!(outcome([(&other).into(), (&key).into()], &key), Err("ambiguous_key"));

    let (key, other) = (key.with_kid("key").unwrap(), other.with_kid("other").unwrap());
    assert_eq!(outcome([(&other).into(), (&key).into()], &key), Ok(()));
    assert_eq!(outcome([(&key).into(), (&other).into()], &key), Err("unknown_key"));

    let twin = generate().with_kid("key").unwrap();
    assert_eq!(outcome([(&twin).into(), (&key).into()], &key), Err("ambiguous_key"));
}

#[test]
fn a_key_of_the_tokens_name_goes_before_one_without_a_name() {
    let named = DecryptionKey::generate(KeyManagement::A256KW).unwrap().with_kid("key").unwrap();
    let nameless = DecryptionKey::generate(KeyManagement::A256KW).unwrap();
    assert_eq!(outcome([(&nameless).into(), (&named).into()], &named), Ok(()));
    assert_eq!(outcome([(&named).into(), (&nameless).into()], &nameless), Err("ambiguous_key"));
}

#[test]
fn of_several_misses_the_closest_is_told_in_whatever_order_the_issuers_are() {
    let key = DecryptionKey::generate(KeyManagement::A256KW).unwrap().with_kid("key").unwrap();
    let other = DecryptionKey::generate(KeyManagement::A256KW).unwrap().with_kid("other").unwrap();
    let pair = DecryptionKey::generate(KeyManagement::EcdhEs).unwrap().with_kid("key").unwrap();
    for _ in 0..20 {
        assert_eq!(outcome([(&other).into(), (&pair).into()], &key), Err("algorithm_mismatch"));
    }
}
