//! The tokens that are made.

use jwtower::{Algorithm, KeySet, Verifier};
use jwtower_tests::{AUDIENCE, ISSUER};
use serde_json::{Map, Value, json};

use super::{Files, mint, parts, token};
use crate::program::{program, signing_key};

#[test]
fn tokens_of_every_algorithm_pass_the_library_and_the_program() {
    let files = Files::new();
    for algorithm in Algorithm::ALL {
        let (private, option, public) = files.key(algorithm);
        let outcome = mint(&["--key", &private, "--alg", algorithm.name(), "--claim", "name=Alice"]);
        let token = token(&outcome);

        let key = signing_key(algorithm, &std::fs::read_to_string(&private).expect("it is there"));
        let verifier = Verifier::<Map<String, Value>>::builder().keys(&key).issuer(ISSUER).audience(AUDIENCE);
        let verified = verifier.rfc9068().build().expect("it is complete").verify(token).expect("it is good");
        assert_eq!((verified.registered().subject(), &verified["name"]), (Some("alice"), &json!("Alice")));

        let arguments = ["verify", option, &public, "--alg", algorithm.name(), "--issuer", ISSUER];
        let told =
            program([&arguments[..], &["--audience", AUDIENCE, "--rfc9068"]].concat()).stdin(&outcome.stdout);
        let told = told.run();
        assert_eq!((told.code, &*told.stderr), (0, ""), "{algorithm}: {told:?}");
    }
}

#[test]
fn what_is_told_stands_in_the_token() {
    let files = Files::new();
    let (key, ..) = files.key(Algorithm::Ed25519);
    let made = mint(&["--key", &key]);
    let [header, claims] = parts(token(&made));
    assert_eq!((&header["alg"], &header["typ"]), (&json!("Ed25519"), &json!("at+jwt")));
    assert_eq!(header["kid"].as_str().map(str::len), Some(43));
    assert_eq!(
        (&claims["iss"], &claims["aud"], &claims["sub"]),
        (&json!(ISSUER), &json!(AUDIENCE), &json!("alice"))
    );
    assert_eq!(claims["client_id"], ISSUER);

    let arguments = ["--kid", "mine", "--legacy-eddsa-name", "--client-id", "shop", "--audience", "other"];
    let made = mint(&[&["--key", &*key], &arguments[..]].concat());
    let [header, claims] = parts(token(&made));
    assert_eq!((&header["alg"], &header["kid"]), (&json!("EdDSA"), &json!("mine")));
    assert_eq!((&claims["aud"], &claims["client_id"]), (&json!([AUDIENCE, "other"]), &json!("shop")));
}

#[test]
fn a_token_lives_as_long_as_told_from_when_told() {
    let files = Files::new();
    let (key, ..) = files.key(Algorithm::HS256);
    for (lifetime, seconds) in
        [("90s", 90), ("10m", 600), ("8h", 28_800), ("7d", 604_800), ("1h 30m", 5400), ("1s", 1)]
    {
        for at in ["1800000000", "2027-01-15T08:00:00Z", "2027-01-15T09:00:00+01:00"] {
            let made = mint(&["--key", &key, "--lifetime", lifetime, "--issued-at", at]);
            let [_, claims] = parts(token(&made));
            assert_eq!(claims["iat"], 1_800_000_000, "{at}");
            let life = claims["exp"].as_u64().expect("a number") - 1_800_000_000;
            assert!((seconds - seconds / 20..=seconds).contains(&life), "{lifetime}: {life}");
        }
    }
    for lifetime in ["600", "-10m", "10 m ago", "1mo", "m", "", "0s", "367d", "9999999999999d"] {
        let outcome = mint(&["--key", &key, &format!("--lifetime={lifetime}")]);
        assert!(outcome.failure().contains("lifetime: "), "{lifetime}: {outcome:?}");
    }
    for at in ["yesterday", "2027-01-15", "-1", "1969-12-31T23:59:59Z", ""] {
        let outcome = mint(&["--key", &key, &format!("--issued-at={at}")]);
        assert!(outcome.failure().starts_with("--issued-at: write a moment after 1970 as "), "{at}");
    }
}

#[test]
fn a_pipe_takes_a_token_from_one_end_to_the_other() {
    let files = Files::new();
    let line = format!(
        "jwtower mint --generate ES256 --jwks-out {jwks} --issuer me --audience api --subject alice \
         | jwtower verify --jwks {jwks} --issuer me --audience api",
        jwks = files.path("jwks.json")
    );
    let shell = |line: &str| {
        let mut shell = std::process::Command::new("sh");
        let program = crate::program::harness::executable().parent().expect("a folder");
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path = std::env::join_paths([program.into()].into_iter().chain(std::env::split_paths(&path)));
        shell.args(["-c", line]).env("PATH", path.expect("a path")).output().expect("there is a shell")
    };
    let output = shell(&line);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("\nvalid: about \"alice\""), "{output:?}");

    let line = line.replacen("jwtower mint", "token=$(jwtower mint", 1).replacen(
        "| ",
        ") && printf %s $token | ",
        1,
    );
    assert_eq!(shell(&line).status.code(), Some(0));
    assert!(KeySet::from_jwks(files.read("jwks.json")).is_ok());
}
