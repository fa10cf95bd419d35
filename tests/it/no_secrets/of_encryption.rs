//! What is seen of recipients' keys, and of what was in an envelope: nothing, in `Debug`, errors and logs.

use std::{convert::Infallible, fmt::Debug, future::ready};

use base64_simd::URL_SAFE_NO_PAD;
use http::{Request, Response};
use jwtower::{
    Issuer, JwtAuthLayer, Verifier,
    issuer::{DecryptionRing, Recipient},
    jwe::{DecryptionKey, DecryptionKeys, DecryptionSource, EncryptionKey, KeyManagement},
};
use jwtower_tests::{AUDIENCE, Forge, HEADER, ISSUER, encode, envelope::Sender, good_claims};
use serde_json::Value;
use tower::{Layer, ServiceExt, service_fn};
use tracing_subscriber::filter::LevelFilter;

use crate::log::Log;

/// What must not be seen of a key: its text, and how its bytes would be printed.
fn words(key: &DecryptionKey) -> Vec<String> {
    match key.secret() {
        Some(text) => {
            let bytes = URL_SAFE_NO_PAD.decode_to_vec(text).unwrap();
            let list = format!("{:?}", &bytes[..6]);
            vec![text.to_owned(), list.trim_matches(['[', ']']).to_owned()]
        }
        None => {
            let pem = key.to_pem().unwrap();
            pem.secret()
                .lines()
                .filter(|line| line.len() > 12 && !line.contains("--"))
                .map(str::to_owned)
                .collect()
        }
    }
}

#[track_caller]
fn is_in_none(words: &[String], texts: impl IntoIterator<Item = String>) {
    assert!(!words.is_empty());
    for text in texts {
        let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for word in words {
            assert!(!text.contains(word) && !flat.contains(word), "{word:?} is in {text}");
        }
    }
}

fn shown(thing: &dyn Debug) -> [String; 2] {
    [format!("{thing:?}"), format!("{thing:#?}")]
}

#[test]
fn keys_and_whoever_holds_them_print_no_secret() {
    for Sender { key } in Sender::all() {
        let (forge, keys) = (Forge::new(), DecryptionKeys::from(&key));
        let recipient = EncryptionKey::from(&key);
        let issuer = Issuer::builder().key(forge.secret()).encrypt_to(&key).issuer(ISSUER).audience(AUDIENCE);
        let verifier = Verifier::<Value>::builder().keys(forge.secret()).decrypt_with(&key);
        let built = Verifier::<Value>::builder().keys(forge.secret()).decrypt_with(&key);
        let built = built.issuer(ISSUER).audience(AUDIENCE).build().unwrap();
        let things: [&dyn Debug; 9] = [
            &key,
            &keys,
            &DecryptionSource::from(&key),
            &recipient,
            &Recipient::from(&key),
            &issuer,
            &verifier,
            &built,
            &JwtAuthLayer::new(built.clone()),
        ];
        let words = words(&key);
        is_in_none(&words, things.into_iter().flat_map(shown));
        is_in_none(&words, shown(&issuer.build().unwrap()));
        is_in_none(&words, [keys.to_jwks(), recipient.to_jwk().unwrap_or_default()]);
        assert!(!keys.to_jwks().contains("\"d\"") && !keys.to_jwks().contains("oct"));
    }
}

#[test]
fn a_ring_prints_no_key() {
    let ring = DecryptionRing::generate(KeyManagement::EcdhEs).unwrap();
    let jwks: Value = serde_json::from_str(&ring.jwks()).unwrap();
    assert!(jwks["keys"][0].get("d").is_none() && jwks["keys"][0]["use"] == "enc");
    let text = shown(&ring).concat();
    assert!(!text.contains("PRIVATE") && text.len() < 600, "{text}");
}

#[test]
fn a_refused_key_is_not_repeated() {
    let canary = encode("canary-private-exponent-of-32-by");
    let secrets = [canary.clone(), "canary".to_owned()];
    let pair = DecryptionKey::generate(KeyManagement::EcdhEs).unwrap();
    let mut jwk: Value = serde_json::from_str(&EncryptionKey::from(&pair).to_jwk().unwrap()).unwrap();
    jwk["d"] = canary.clone().into();
    let jwk = jwk.to_string();
    let oct = format!(r#"{{"kty":"oct","alg":"A256KW","k":"{canary}"}}"#);
    let pem = jwtower_tests::pem::armour("PRIVATE KEY", "canary-private-exponent-of-32-by");
    for algorithm in KeyManagement::ALL {
        for error in [
            DecryptionKey::from_jwk(&jwk).unwrap_err(),
            DecryptionKey::from_jwk(&canary).unwrap_err(),
            DecryptionKey::from_jwk(&oct[..oct.len() - 1]).unwrap_err(),
            EncryptionKey::from_jwk(&jwk).unwrap_err(),
            EncryptionKey::from_jwk(&oct).unwrap_err(),
            EncryptionKey::from_jwks(format!(r#"{{"keys":[{jwk},{oct}]}}"#)).unwrap_err(),
            DecryptionKey::from_pem(algorithm, &pem).unwrap_err(),
            EncryptionKey::from_pem(algorithm, &pem).unwrap_err(),
            DecryptionKey::from_bytes(algorithm, "canary").unwrap_err(),
            DecryptionKey::from_base64(algorithm, format!("{canary}{canary}")).unwrap_err(),
        ] {
            is_in_none(&secrets, shown(&error).into_iter().chain([error.to_string()]));
        }
    }
}

#[test]
fn nothing_of_an_envelope_is_logged_or_in_the_error() {
    let (log, _guard) = Log::capture(LevelFilter::TRACE);
    let forge = Forge::new();
    let mut claims = good_claims();
    claims.insert("sub".into(), "canary-subject".into());
    let good = Value::Object(claims.clone()).to_string();
    claims.insert("exp".into(), 1.into());
    let expired = Value::Object(claims).to_string();
    for sender in Sender::all() {
        let verifier = Verifier::<Value>::builder().keys(forge.secret()).decrypt_with(&sender.key);
        let layer = JwtAuthLayer::new(verifier.issuer(ISSUER).audience(AUDIENCE).build().unwrap());
        let signed = forge.sign(HEADER, &good);
        let seal = |content: &str| sender.seal(content);
        let mut changed = seal(&signed);
        changed.tag[0] ^= 1;
        let repeated = sender.seal_with(
            |mut header| {
                header.insert("sub".into(), "canary-other".into());
                header
            },
            &signed,
        );
        let bad = [changed, repeated, seal(&good), seal(&forge.sign(HEADER, &expired)), seal("canary")];
        for token in bad.map(|envelope| envelope.token()).into_iter().chain([signed.clone()]) {
            let error = jwtower_tests::at_once(layer.authenticate(&token)).unwrap_err();
            let request =
                Request::get("/").header("authorization", format!("Bearer {token}")).body(()).unwrap();
            let inner = service_fn(|_: Request<()>| ready(Ok::<_, Infallible>(Response::new(()))));
            let answer = jwtower_tests::at_once(layer.layer(inner).oneshot(request)).unwrap();
            assert_eq!(answer.status(), 401);
            let logged = log.take();
            assert_eq!(logged, format!("DEBUG jwtower: request refused code={}\n", error.code()));
            let mut words = words(&sender.key);
            words.extend(["canary", ISSUER].map(str::to_owned));
            words.extend([&*token, &*signed].iter().flat_map(|token| token.split('.')).map(str::to_owned));
            words.retain(|word| !word.is_empty());
            is_in_none(&words, shown(&error).into_iter().chain([error.to_string(), logged]));
        }
        let token = seal(&signed).token();
        jwtower_tests::at_once(layer.authenticate(&token)).unwrap();
        assert_eq!(log.take(), "");
    }
}
