//! Verifying a new token, beside the bare signature check and jsonwebtoken.
//!
//!     cargo bench -p jwtower-benches --bench verify
//!
//! All claims are typed and owned. Every ratio is to the bare check of the same bytes with a prepared key.

use aws_lc_rs::{
    hmac,
    signature::{
        ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, VerificationAlgorithm,
    },
};
use base64_simd::URL_SAFE_NO_PAD;
use jsonwebtoken::{DecodingKey, Validation};
use jwtower::{Algorithm, KeySet, Secret, SigningKey, Verifier};
use jwtower_benches::{AUDIENCE, ISSUER, User, Work, compare, token};
use serde_json::Value;

fn main() {
    hs256();
    public(Algorithm::RS256, &RSA_PKCS1_2048_8192_SHA256);
    public(Algorithm::ES256, &ECDSA_P256_SHA256_FIXED);
    public(Algorithm::Ed25519, &ED25519);
}

fn hs256() {
    let secret = Secret::generate(Algorithm::HS256).expect("the system has randomness");
    let bytes = decode(secret.secret());
    let token = token(&SigningKey::from(&secret));
    let token = token.secret();
    let (signed, signature) = parts(token);
    let key = hmac::Key::new(hmac::HMAC_SHA256, &bytes);
    run(
        Algorithm::HS256,
        token,
        &KeySet::from(&secret).with_kid("2026-11").expect("the name is short"),
        DecodingKey::from_secret(&bytes),
        Work::new("bare check", || hmac::verify(&key, signed, &signature).is_ok()),
    );
}

fn public(algorithm: Algorithm, parameters: &'static dyn VerificationAlgorithm) {
    let signing = SigningKey::generate(algorithm).expect("the system has randomness");
    let token = token(&signing);
    let token = token.secret();
    let keys = KeySet::from(&signing).with_kid("2026-11").expect("the name is short");
    let jwks: Value = serde_json::from_str(&keys.to_jwks()).expect("a JWK Set is JSON");
    let member = |name: &str| jwks["keys"][0][name].as_str().expect("the member is there").to_owned();
    let (decoding, bare) = match algorithm {
        Algorithm::RS256 => {
            let key =
                aws_lc_rs::rsa::PublicKeyComponents { n: decode(&member("n")), e: decode(&member("e")) };
            let parsed = key.to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256);
            (DecodingKey::from_rsa_components(&member("n"), &member("e")), parsed.ok())
        }
        Algorithm::ES256 => {
            let point = [vec![4], decode(&member("x")), decode(&member("y"))].concat();
            (
                DecodingKey::from_ec_components(&member("x"), &member("y")),
                ParsedPublicKey::new(parameters, point).ok(),
            )
        }
        _ => (
            DecodingKey::from_ed_components(&member("x")),
            ParsedPublicKey::new(parameters, decode(&member("x"))).ok(),
        ),
    };
    let bare = bare.expect("the key is good");
    let (signed, signature) = parts(token);
    run(
        algorithm,
        token,
        &keys,
        decoding.expect("jsonwebtoken reads the key"),
        Work::new("bare check", || bare.verify_sig(signed, &signature).is_ok()),
    );
}

fn run(algorithm: Algorithm, token: &str, keys: &KeySet, decoding: DecodingKey, bare: Work<'_>) {
    let verifier = Verifier::<User>::builder().keys(keys).issuer(ISSUER).audience(AUDIENCE).build();
    let verifier = verifier.expect("the verifier is complete");
    verifier.verify(token).expect("the token is good");

    let name = match algorithm {
        Algorithm::Ed25519 => "EdDSA",
        other => other.name(),
    };
    let mut validation = Validation::new(name.parse().expect("jsonwebtoken knows the algorithm"));
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[AUDIENCE]);
    validation.validate_nbf = true;
    let peer = || jsonwebtoken::decode::<User>(token, &decoding, &validation).map(|token| token.claims);
    if algorithm != Algorithm::Ed25519 {
        peer().expect("the token is good for jsonwebtoken too");
    }

    let mut works = vec![bare, Work::new("jwtower Verifier::verify", || verifier.verify(token))];
    // jsonwebtoken does not know the name Ed25519.
    if algorithm != Algorithm::Ed25519 {
        works.push(Work::new("jsonwebtoken 11 decode", peer));
    }
    compare(&format!("{algorithm}, a token of {} bytes", token.len()), works);
}

fn parts(token: &str) -> (&[u8], Vec<u8>) {
    let (signed, signature) = token.rsplit_once('.').expect("a token has dots");
    (signed.as_bytes(), decode(signature))
}

fn decode(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode_to_vec(text).expect("it is base64url")
}
