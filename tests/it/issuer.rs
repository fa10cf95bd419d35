//! Making tokens.

use std::{
    collections::HashSet,
    time::{Duration, SystemTime},
};

use base64_simd::URL_SAFE_NO_PAD;
use jwtower::{
    AccessToken, Algorithm, Issuer, KeySet, NoClaims, Secret, SigningKey, Verifier, issuer::IssuerBuilder,
};
use jwtower_tests::{AUDIENCE, ISSUER, pem::PemPair};
use serde::Serialize;
use serde_json::{Value, json};

/// An issuer that lacks only its key.
fn builder() -> IssuerBuilder {
    Issuer::builder().issuer(ISSUER).audience(AUDIENCE)
}

/// An issuer with a fresh secret.
fn issuer() -> Issuer {
    builder().key(&Secret::generate(Algorithm::HS256).unwrap()).build().unwrap()
}

/// A part of a token as JSON: 0 is the header, 1 the payload.
fn part(token: &AccessToken, index: usize) -> Value {
    let segment = token.secret().split('.').nth(index).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode_to_vec(segment).unwrap()).unwrap()
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs()
}

#[test]
fn every_algorithm_signs_what_the_strict_profile_accepts() {
    for algorithm in Algorithm::ALL {
        let mut keys = vec![SigningKey::generate(algorithm).unwrap()];
        keys.push(keys[0].clone().with_kid("2027-01").unwrap());
        if algorithm.is_symmetric() {
            keys.push(SigningKey::from(&Secret::generate(algorithm).unwrap()));
        } else {
            keys.push(SigningKey::from_pem(algorithm, PemPair::generate(algorithm).private).unwrap());
        }
        for key in keys {
            let token = builder().key(&key).build().unwrap().sign("alice", &json!({"name": "Zoë"})).unwrap();
            let mut header = json!({ "alg": algorithm.name(), "typ": "at+jwt" });
            if let Some(kid) = key.kid() {
                header["kid"] = kid.into();
            }
            assert_eq!(part(&token, 0), header);

            let verifier = Verifier::<Value>::builder().keys(&key).issuer(ISSUER).audience(AUDIENCE);
            let read = verifier.algorithms([algorithm]).rfc9068().build().unwrap().verify(token.secret());
            let read = read.unwrap_or_else(|error| panic!("{algorithm}: {error}"));
            assert_eq!((read.registered().subject(), &read["name"]), (Some("alice"), &json!("Zoë")));
        }
    }
}

#[test]
fn published_keys_verify_what_their_private_halves_signed() {
    for algorithm in Algorithm::ALL.into_iter().filter(|algorithm| !algorithm.is_symmetric()) {
        let key = SigningKey::generate(algorithm).unwrap();
        let token = builder().key(&key).build().unwrap().sign("alice", &NoClaims).unwrap();
        let published = KeySet::from_jwks(KeySet::from(&key).to_jwks()).unwrap();
        let verifier = Verifier::<NoClaims>::builder().keys(published).issuer(ISSUER).audience(AUDIENCE);
        assert!(verifier.build().unwrap().verify(token.secret()).is_ok(), "{algorithm}");
    }
}

#[test]
fn a_token_says_what_the_profile_asks_for_and_nothing_of_the_applications_can_change_it() {
    let before = seconds(SystemTime::now());
    let claims = json!({
        "iss": "evil", "sub": "root", "aud": "evil", "exp": 9_999_999_999_u64, "nbf": 1, "iat": 1, "jti": "1",
        "client_id": "evil", "sid": "s", "cnf": {}, "name": "Alice", "roles": ["user"], "nested": {"iss": "kept"},
    });
    let payload = part(&issuer().sign("alice", &claims).unwrap(), 1);
    let members: Vec<&str> = payload.as_object().unwrap().keys().map(String::as_str).collect();
    let mut expected = ["iss", "sub", "aud", "exp", "iat", "jti", "client_id", "name", "roles", "nested"];
    expected.sort_unstable();
    assert_eq!(members, expected);
    for (name, value) in [
        ("iss", json!(ISSUER)),
        ("sub", json!("alice")),
        ("aud", json!(AUDIENCE)),
        ("client_id", json!(ISSUER)),
        ("roles", json!(["user"])),
        ("nested", json!({"iss": "kept"})),
    ] {
        assert_eq!(payload[name], value, "{name}");
    }
    let made = payload["iat"].as_u64().unwrap();
    assert!((before..=seconds(SystemTime::now())).contains(&made));
    assert!((made + 570..=made + 600).contains(&payload["exp"].as_u64().unwrap()));
    assert_eq!(payload["jti"].as_str().unwrap().len(), 36);
}

#[test]
fn several_audiences_and_a_client_of_another_name() {
    let secret = Secret::generate(Algorithm::HS256).unwrap();
    let issuer =
        builder().key(&secret).audience("https://files.example.com").client_id("web").build().unwrap();
    let token = issuer.sign("alice", &NoClaims).unwrap();
    let payload = part(&token, 1);
    assert_eq!(payload["aud"], json!([AUDIENCE, "https://files.example.com"]));
    assert_eq!(payload["client_id"], "web");
    for audience in [AUDIENCE, "https://files.example.com"] {
        let verifier = Verifier::<NoClaims>::builder().keys(&secret).issuer(ISSUER).audience(audience);
        assert!(verifier.build().unwrap().verify(token.secret()).is_ok());
    }
}

#[test]
fn a_life_is_shortened_by_at_most_a_twentieth_and_never_lengthened() {
    let noon = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    for (lifetime, shortest) in [(1, 1), (19, 19), (20, 19), (600, 570), (86_400, 82_080)] {
        let key = Secret::generate(Algorithm::HS256).unwrap();
        let issuer = builder().key(&key).lifetime(Duration::from_secs(lifetime)).clock(move || noon).build();
        let issuer = issuer.unwrap();
        let lives: HashSet<u64> = (0..300)
            .map(|_| {
                part(&issuer.sign("alice", &NoClaims).unwrap(), 1)["exp"].as_u64().unwrap() - 1_700_000_000
            })
            .collect();
        assert!(lives.iter().all(|life| (shortest..=lifetime).contains(life)), "{lifetime}: {lives:?}");
        assert!(lives.len() > 1 || shortest == lifetime, "{lifetime}: always the same");
    }
}

#[test]
fn a_clock_before_1970_and_the_longest_life_are_no_trouble() {
    let key = Secret::generate(Algorithm::HS256).unwrap();
    let early = SystemTime::UNIX_EPOCH - Duration::from_secs(5);
    let issuer = builder()
        .key(&key)
        .lifetime(Duration::from_secs(366 * 24 * 3600))
        .clock(move || early)
        .build()
        .unwrap();
    let payload = part(&issuer.sign("alice", &NoClaims).unwrap(), 1);
    assert_eq!(payload["iat"], 0);
    assert!(payload["exp"].as_u64().unwrap() >= 366 * 24 * 3600 / 20 * 19);
}

#[test]
fn ed25519_is_called_eddsa_where_asked_and_other_algorithms_keep_their_names() {
    for (algorithm, name) in [(Algorithm::Ed25519, "EdDSA"), (Algorithm::ES256, "ES256")] {
        let key = SigningKey::generate(algorithm).unwrap();
        let token =
            builder().key(&key).legacy_eddsa_name().build().unwrap().sign("alice", &NoClaims).unwrap();
        assert_eq!(part(&token, 0)["alg"], name);
        let verifier = Verifier::<NoClaims>::builder().keys(&key).issuer(ISSUER).audience(AUDIENCE);
        assert!(verifier.build().unwrap().verify(token.secret()).is_ok());
    }
}

#[test]
fn no_two_tokens_have_one_name() {
    let issuer = issuer();
    let names: HashSet<String> = (0..10_000)
        .map(|_| part(&issuer.sign("alice", &NoClaims).unwrap(), 1)["jti"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(names.len(), 10_000);
}

#[test]
fn a_bad_configuration_is_told_with_the_setting_and_what_to_do() {
    let secret = Secret::generate(Algorithm::HS256).unwrap();
    let complete = || builder().key(&secret);
    for (builder, setting, words) in [
        (builder(), "key", "call `.key("),
        (Issuer::builder().key(&secret).audience(AUDIENCE), "issuer", "call `.issuer("),
        (Issuer::builder().key(&secret).issuer(ISSUER), "audience", "call `.audience("),
        (complete().issuer(""), "issuer", "\"\" names nothing"),
        (complete().issuer(" \t"), "issuer", "names nothing"),
        (complete().audience(""), "audience", "names nothing"),
        (complete().client_id(" "), "client_id", "names nothing"),
        (complete().lifetime(Duration::ZERO), "lifetime", "0ns was given"),
        (complete().lifetime(Duration::from_millis(999)), "lifetime", "from one second to one year"),
        (complete().lifetime(Duration::MAX), "lifetime", "from one second to one year"),
    ] {
        let error = builder.build().unwrap_err();
        assert_eq!(error.setting(), setting, "{error}");
        assert!(error.to_string().contains(words), "{error}");
        assert!(!error.to_string().contains(secret.secret()));
    }
}

/// Claims that fail to serialize.
struct Broken;

impl Serialize for Broken {
    fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("s3cret"))
    }
}

#[test]
fn claims_that_make_no_token_are_refused_with_what_they_are() {
    let issuer = issuer();
    for (outcome, words) in [
        (issuer.sign("alice", &5), "a number"),
        (issuer.sign("alice", "text"), "a string"),
        (issuer.sign("alice", &["a"]), "an array"),
        (issuer.sign("alice", &()), "null"),
        (issuer.sign("alice", &None::<NoClaims>), "null"),
        (issuer.sign("alice", &true), "a boolean"),
        (issuer.sign("alice", &Broken), "JSON cannot express"),
        (issuer.sign("alice", &std::collections::HashMap::from([((1, 2), 3)])), "JSON cannot express"),
        (issuer.sign("alice", &json!({"x": "a".repeat(16 * 1024)})), "verifiers take at most 16384"),
    ] {
        let error = outcome.unwrap_err();
        assert_eq!(error.setting(), "claims", "{error}");
        assert!(error.to_string().contains(words) && !error.to_string().contains("s3cret"), "{error}");
    }
    for subject in ["", " ", "\n"] {
        let error = issuer.sign(subject, &NoClaims).unwrap_err();
        assert_eq!(error.setting(), "subject", "{error}");
    }
}

#[test]
fn the_largest_token_that_is_made_is_one_that_verifiers_take() {
    let secret = Secret::generate(Algorithm::HS256).unwrap();
    let issuer = builder().key(&secret).build().unwrap();
    let verifier =
        Verifier::<NoClaims>::builder().keys(&secret).issuer(ISSUER).audience(AUDIENCE).build().unwrap();
    let mut largest = 0;
    for length in 11_800..12_200 {
        match issuer.sign("alice", &json!({"x": "a".repeat(length)})) {
            Ok(token) => {
                largest = token.secret().len();
                assert!(verifier.verify(token.secret()).is_ok(), "{largest}");
            }
            Err(error) => assert_eq!(error.setting(), "claims"),
        }
    }
    assert!((16_380..=16_384).contains(&largest), "{largest}");
}

#[test]
fn an_issuer_shows_no_key() {
    let secret = Secret::generate(Algorithm::HS256).unwrap();
    let issuer = builder().key(&secret).build().unwrap();
    let shown = format!("{issuer:?} {:?}", builder().key(&secret));
    assert!(!shown.contains(secret.secret()) && shown.contains(ISSUER) && shown.contains("HS256"), "{shown}");
}
