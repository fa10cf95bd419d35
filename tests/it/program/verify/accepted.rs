//! Tokens that are good.

use jwtower::{Algorithm, Issuer, KeySet, Secret, SigningKey};
use jwtower_tests::{AUDIENCE, Forge, HEADER, ISSUER, good_claims};
use serde_json::{Map, Value};

use super::{Files, TRUST, report, steps, steps::STEPS, verify};
use crate::program::{program, signing_key};

/// A token of the library.
fn token(key: &SigningKey) -> String {
    let issuer =
        Issuer::builder().key(key).issuer(ISSUER).audience(AUDIENCE).build().expect("it is complete");
    issuer.sign("alice", &Map::new()).expect("it can be signed").secret().to_owned()
}

#[test]
fn tokens_of_every_algorithm_pass() {
    let files = Files::new();
    for algorithm in Algorithm::ALL {
        let (private, option, public) = files.key(algorithm);
        let key = signing_key(algorithm, &std::fs::read_to_string(private).expect("it is there"));
        let token = token(&key);
        let outcome = verify(&token, &[&[option, &public, "--alg", algorithm.name()], &TRUST[..]].concat());
        assert_eq!((outcome.code, &*outcome.stderr), (0, ""), "{algorithm}: {outcome:?}");

        // A curve tells its algorithm, and HS256 is what a secret is for; of the others there is more to say.
        let told = verify(&token, &[&[option, &public], &TRUST[..]].concat());
        let is_rsa_or_longer =
            algorithm.is_rsa() || algorithm.is_symmetric() && algorithm != Algorithm::HS256;
        assert_eq!(told.code == 0, !is_rsa_or_longer, "{algorithm}: {told:?}");

        if !algorithm.is_symmetric() {
            let jwks = files.write("jwks.json", KeySet::from(&key).to_jwks());
            let outcome = verify(&token, &[&["--jwks", &*jwks], &TRUST[..]].concat());
            assert_eq!(outcome.code, 0, "{algorithm}: {outcome:?}");
        }
    }
}

#[test]
fn a_secret_comes_from_the_environment_too() {
    let secret = Secret::generate(Algorithm::HS512).expect("the system has randomness");
    let token = token(&(&secret).into());
    let arguments = [&["verify", "--secret-env", "SHARED", "--alg", "HS512"], &TRUST[..]].concat();
    let outcome = program(&arguments).env("SHARED", &format!("{}\n", secret.secret())).stdin(&token).run();
    assert_eq!((outcome.code, &*outcome.stderr), (0, ""), "{outcome:?}");
}

#[test]
fn the_report_says_what_was_asked_and_whose_token_it_is() {
    let (files, forge) = (Files::new(), Forge::new());
    let secret = files.write("secret", forge.secret().secret());
    let mut claims = good_claims();
    claims.insert("exp".into(), 4_102_444_800_u64.into());
    let token = forge.sign(HEADER, Value::Object(claims).to_string());
    let arguments = [&["--secret-file", &*secret], &TRUST[..]].concat();

    let outcome = verify(&token, &arguments);
    assert_eq!((outcome.code, &*outcome.stderr), (0, ""), "{outcome:?}");
    let lines: Vec<_> = outcome.stdout.lines().collect();
    let (verdict, steps_told) = lines.split_last().expect("a report");
    assert_eq!(
        *verdict,
        "valid: about \"alice\", issued by \"https://login.example.com\", until 2100-01-01 00:00:00 +00:00 (UTC)"
    );
    assert_eq!(steps_told.iter().filter(|line| line.starts_with("✓ ")).count(), STEPS.len());

    let json = report(&verify(&token, &[&["--json"], &*arguments].concat()));
    assert!(steps(&json).iter().all(|(_, outcome)| *outcome == "passed"), "{json}");
    assert_eq!(json["code"], Value::Null);
    assert_eq!((&json["subject"], &json["issuer"]), (&"alice".into(), &ISSUER.into()));
    assert_eq!(json["expires_at"], 4_102_444_800_u64);

    let members = ["valid", "code", "meaning", "advice", "subject", "issuer", "expires_at", "steps"];
    assert_eq!(json.as_object().map(|report| report.len()), Some(members.len()));
    assert!(members.iter().all(|member| json.get(member).is_some()), "{json}");

    let quiet = verify(&token, &[&["--quiet"], &*arguments].concat());
    assert_eq!((quiet.code, &*quiet.stdout, &*quiet.stderr), (0, "", ""));
}

#[test]
fn what_is_not_asked_is_said_so() {
    let (files, forge) = (Files::new(), Forge::new());
    let secret = files.write("secret", forge.secret().secret());
    let token = forge.sign(HEADER, r#"{"exp":4102444800}"#);
    let outcome = verify(&token, &["--secret-file", &secret, "--any-issuer", "--any-audience"]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    for said in [
        "any is taken, as --any-issuer says",
        "any is taken, as --any-audience says",
        "about nobody, issued by nobody",
    ] {
        assert!(outcome.stdout.contains(said), "{}", outcome.stdout);
    }
}

#[test]
fn one_of_several_audiences_is_enough() {
    let (files, forge) = (Files::new(), Forge::new());
    let secret = files.write("secret", forge.secret().secret());
    let token = forge.sign(HEADER, Value::Object(good_claims()).to_string());
    let arguments =
        ["--secret-file", &*secret, "--issuer", ISSUER, "--audience", "other", "--audience", AUDIENCE];
    assert_eq!(verify(&token, &arguments).code, 0);
    assert_eq!(verify(&token, &arguments[..6]).code, 1);
}

#[test]
fn the_moment_and_the_leeway_can_be_told() {
    let (files, forge) = (Files::new(), Forge::new());
    let secret = files.write("secret", forge.secret().secret());
    let mut claims = good_claims();
    for (name, value) in [("iat", 1_800_000_000_u64), ("exp", 1_800_000_600)] {
        claims.insert(name.into(), value.into());
    }
    let token = forge.sign(HEADER, Value::Object(claims).to_string());
    for (arguments, code) in [
        (&["--at", "1800000000"][..], 0),
        (&["--at", "2027-01-15T08:00:00Z"], 0),
        (&["--at", "2027-01-15T09:10:59+01:00"], 0),
        (&["--at", "2027-01-15 08:11:00Z"], 1),
        (&["--at", "1800000659.5"], 2),
        (&["--at", "1800000660"], 1),
        (&["--at", "1800000660", "--leeway", "61"], 0),
        (&["--at", "1800000599", "--leeway", "0"], 0),
        (&["--at", "1800000600", "--leeway", "0"], 1),
        (&["--at", "1799999939"], 1),
        (&["--at", "1799999940"], 0),
        (&["--at", "yesterday"], 2),
        (&["--at", "2027-01-15"], 2),
        (&["--at", "1969-12-31T23:59:59Z"], 2),
        (&["--at", "-1"], 2),
        (&["--at", "99999999999999"], 2),
        (&["--leeway", "601"], 2),
        (&["--leeway", "1m"], 2),
    ] {
        let outcome = verify(&token, &[&["--secret-file", &*secret], &TRUST[..], arguments].concat());
        assert_eq!(outcome.code, code, "{arguments:?}: {outcome:?}");
    }
}
