//! A provider: one RSA key, and tokens of any shape that it signs.

use std::{
    sync::LazyLock,
    time::{SystemTime, UNIX_EPOCH},
};

use aws_lc_rs::{
    encoding::{AsDer, PublicKeyX509Der},
    hmac,
    rand::SystemRandom,
    rsa::KeySize,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256,
        RsaEncoding, RsaKeyPair,
    },
};
use jwtower::{
    Algorithm, ConfigError, JwtAuthLayer, KeySet, NoClaims, Principal, Verifier,
    verify::{AudienceGiven, IssuerGiven, KeysGiven, VerifierBuilder},
};
use jwtower_tests::{at_once, encode, pem::armour};
use serde_json::{Value, json};

/// What a preset gives, with the audience.
pub(super) type Complete = VerifierBuilder<NoClaims, KeysGiven, IssuerGiven, AudienceGiven>;

/// Making it takes long, so that all providers of the tests share it.
static KEY: LazyLock<RsaKeyPair> =
    LazyLock::new(|| RsaKeyPair::generate(KeySize::Rsa2048).expect("a pair can be made"));

const KID: &str = "key-1";

/// Seconds since 1970.
pub(super) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("the clock is right").as_secs()
}

fn public_pem() -> String {
    let der: PublicKeyX509Der<'_> = KEY.public_key().as_der().expect("a public key can be written");
    armour("PUBLIC KEY", der.as_ref())
}

/// The provider's keys, as it publishes them.
pub(super) fn keys() -> KeySet {
    let keys = KeySet::from_pem(Algorithm::RS256, public_pem()).and_then(|keys| keys.with_kid(KID));
    keys.expect("the key is a good one")
}

/// The same where the provider does not say for which algorithm they are.
pub(super) fn keys_without_alg() -> KeySet {
    let mut jwks: Value = serde_json::from_str(&keys().to_jwks()).expect("a JWK Set is JSON");
    assert!(jwks["keys"][0].as_object_mut().expect("there is a key").remove("alg").is_some());
    KeySet::from_jwks(jwks.to_string()).expect("alg is optional")
}

/// The verifier, with this provider's keys in the place of those that would be fetched.
pub(super) fn build(builder: Complete) -> Verifier<NoClaims> {
    builder.keys(keys()).build().expect("the verifier is complete")
}

/// A token with the usual header.
pub(super) fn sign(claims: &Value) -> String {
    sign_as(&json!({ "alg": "RS256", "kid": KID, "typ": "JWT" }), claims)
}

/// A token with this header, truly signed with RS256.
pub(super) fn sign_as(header: &Value, claims: &Value) -> String {
    with_signature(header, claims, |signed| rsa(&RSA_PKCS1_SHA256, signed))
}

fn rsa(encoding: &'static dyn RsaEncoding, signed: &[u8]) -> Vec<u8> {
    let mut signature = vec![0; KEY.public_modulus_len()];
    KEY.sign(encoding, &SystemRandom::new(), signed, &mut signature).expect("a key signs");
    signature
}

fn with_signature(header: &Value, claims: &Value, signature: impl FnOnce(&[u8]) -> Vec<u8>) -> String {
    let signed = format!("{}.{}", encode(header.to_string()), encode(claims.to_string()));
    let signature = encode(signature(signed.as_bytes()));
    format!("{signed}.{signature}")
}

/// The claims with some of them changed; `null` takes one away.
pub(super) fn with(claims: &Value, changes: &[(&str, Value)]) -> Value {
    let mut claims = claims.clone();
    let members = claims.as_object_mut().expect("claims are an object");
    for (name, value) in changes {
        match value {
            Value::Null => assert!(members.remove(*name).is_some(), "there is no {name}"),
            value => drop(members.insert((*name).to_owned(), value.clone())),
        }
    }
    claims
}

/// The code of the refusal, or `good`.
pub(super) fn verdict(verifier: &Verifier<NoClaims>, claims: &Value) -> &'static str {
    code(verifier, &sign(claims))
}

pub(super) fn code(verifier: &Verifier<NoClaims>, token: &str) -> &'static str {
    verifier.verify(token).map_or_else(|error| error.code(), |_| "good")
}

/// Who is asking by a good token.
pub(super) fn principal(verifier: &Verifier<NoClaims>, claims: &Value) -> Principal {
    let layer = JwtAuthLayer::new(verifier.clone());
    let claims = at_once(layer.authenticate(&sign(claims)));
    claims.unwrap_or_else(|error| panic!("{error}: {}", error.code())).principal()
}

/// Nothing but the algorithm of the provider's key is accepted for good claims.
pub(super) fn assert_one_algorithm(verifier: &Verifier<NoClaims>, claims: &Value) {
    let header = |alg: &str| json!({ "alg": alg, "kid": KID, "typ": "JWT" });
    let secret = hmac::Key::new(hmac::HMAC_SHA256, public_pem().as_bytes());
    let other = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a pair can be made");
    let es256 =
        |signed: &[u8]| other.sign(&SystemRandom::new(), signed).expect("a key signs").as_ref().to_vec();
    let hs256 = |signed: &[u8]| hmac::sign(&secret, signed).as_ref().to_vec();
    let ps256 = |signed: &[u8]| rsa(&RSA_PSS_SHA256, signed);
    for (name, token, expected) in [
        ("RS256", sign_as(&header("RS256"), claims), "good"),
        ("the public key as a secret", with_signature(&header("HS256"), claims, hs256), "algorithm_mismatch"),
        ("another kind of key", with_signature(&header("ES256"), claims, es256), "algorithm_mismatch"),
        (
            "the same key, used otherwise",
            with_signature(&header("PS256"), claims, ps256),
            "algorithm_mismatch",
        ),
        ("no signature", with_signature(&header("none"), claims, |_| Vec::new()), "unsupported_algorithm"),
    ] {
        assert_eq!(code(verifier, &token), expected, "{name}");
    }
}

/// Each of these settings is refused, with words that say what to write.
pub(super) fn assert_refused<T>(
    preset: impl Fn(&str) -> Result<T, ConfigError>,
    setting: &str,
    cases: &[(&str, &str)],
) {
    for (given, part) in cases {
        let Err(error) = preset(given) else { panic!("{given:?} is accepted") };
        assert_eq!(error.setting(), setting, "{given:?}: {error}");
        assert!(
            error.to_string().contains("write") && error.to_string().contains(part),
            "{given:?}: {error}"
        );
    }
}
