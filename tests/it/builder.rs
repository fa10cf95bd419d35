//! What a verifier demands when its builder was told several things.

use jwtower::{
    NoClaims, Verifier,
    verify::{IssuerGiven, KeysGiven, VerifierBuilder},
};
use jwtower_tests::{AUDIENCE, Forge, HEADER, ISSUER, good_claims};
use serde_json::{Value, json};

type Started = VerifierBuilder<NoClaims, KeysGiven, IssuerGiven>;

fn started(forge: &Forge) -> Started {
    Verifier::builder().keys(forge.secret()).issuer(ISSUER)
}

fn code(forge: &Forge, verifier: &Verifier<NoClaims>, changes: &[(&str, Value)]) -> &'static str {
    let mut claims = good_claims();
    for (name, value) in changes {
        match value {
            Value::Null => drop(claims.remove(*name)),
            value => drop(claims.insert((*name).to_owned(), value.clone())),
        }
    }
    let token = forge.sign(HEADER, Value::Object(claims).to_string());
    verifier.verify(&token).map_or_else(|error| error.code(), |_| "good")
}

#[test]
fn a_claim_beside_the_audience_is_checked_too_and_replaces_nothing() {
    let forge = Forge::new();
    let claim = started(&forge).audience_claim("client_id", "app").build().unwrap();
    let both = started(&forge).audience(AUDIENCE).audience_claim("client_id", "app").build().unwrap();
    let reversed = started(&forge).audience_claim("client_id", "app").audience(AUDIENCE).build().unwrap();
    let (none, ours, other) = (Value::Null, json!(AUDIENCE), json!("https://other.example.com"));
    let (app, alien) = (json!("app"), json!("alien"));
    for (aud, client_id, with_claim, with_both) in [
        (&none, &app, "good", "audience_mismatch"),
        (&none, &alien, "audience_mismatch", "audience_mismatch"),
        (&none, &none, "audience_mismatch", "audience_mismatch"),
        (&ours, &app, "audience_mismatch", "good"),
        (&other, &app, "audience_mismatch", "audience_mismatch"),
        (&ours, &alien, "audience_mismatch", "audience_mismatch"),
        (&ours, &none, "audience_mismatch", "audience_mismatch"),
    ] {
        let changes = [("aud", aud.clone()), ("client_id", client_id.clone())];
        assert_eq!(code(&forge, &claim, &changes), with_claim, "{changes:?}");
        assert_eq!(code(&forge, &both, &changes), with_both, "{changes:?}");
        assert_eq!(code(&forge, &reversed, &changes), with_both, "{changes:?}");
    }
}

#[test]
fn of_several_audiences_one_is_enough() {
    let forge = Forge::new();
    let verifier = started(&forge).audience("a").audience("b").audiences(["c", "d"]).build().unwrap();
    for (aud, expected) in [("a", "good"), ("b", "good"), ("d", "good"), ("e", "audience_mismatch")] {
        assert_eq!(code(&forge, &verifier, &[("aud", json!(aud))]), expected, "{aud}");
    }
}

#[test]
fn every_check_and_every_subject_pattern_counts() {
    let forge = Forge::new();
    for (first, second, expected) in
        [(true, true, "good"), (false, true, "check_failed"), (true, false, "check_failed")]
    {
        let verifier = started(&forge).audience(AUDIENCE).check(move |_| first).check(move |_| second);
        assert_eq!(code(&forge, &verifier.build().unwrap(), &[]), expected);
    }
    for (first, second, expected) in
        [("al*", "*ice", "good"), ("user:*", "*", "subject_mismatch"), ("*", "user:*", "subject_mismatch")]
    {
        let verifier = started(&forge).audience(AUDIENCE).subject_pattern(first).subject_pattern(second);
        assert_eq!(code(&forge, &verifier.build().unwrap(), &[]), expected, "{first} {second}");
    }
}

#[test]
fn doors_open_what_they_say_and_no_more() {
    let forge = Forge::new();
    let any_audience = started(&forge).dangerous().any_audience().build().unwrap();
    assert_eq!(code(&forge, &any_audience, &[("aud", Value::Null)]), "good");
    assert_eq!(code(&forge, &any_audience, &[("aud", json!("x"))]), "good");
    assert_eq!(code(&forge, &any_audience, &[("iss", json!("x"))]), "issuer_mismatch");
    let any_issuer =
        Verifier::<NoClaims>::builder().keys(forge.secret()).audience(AUDIENCE).dangerous().any_issuer();
    let any_issuer = any_issuer.build().unwrap();
    assert_eq!(code(&forge, &any_issuer, &[("iss", Value::Null)]), "good");
    assert_eq!(code(&forge, &any_issuer, &[("iss", json!("x"))]), "good");
    assert_eq!(code(&forge, &any_issuer, &[("aud", json!("x"))]), "audience_mismatch");
}

#[test]
fn what_makes_no_sense_is_refused_with_what_to_write() {
    use std::time::Duration;
    let forge = Forge::new();
    let good = || started(&forge).audience(AUDIENCE);
    for (error, setting, part) in [
        (good().leeway(Duration::from_secs(601)).build().unwrap_err(), "leeway", "10 minutes"),
        (good().max_age(Duration::ZERO).build().unwrap_err(), "max_age", "zero"),
        (
            good().required_claims([""]).build().unwrap_err(),
            "required_claims",
            "1 names were given; at most 64",
        ),
        (good().subject_pattern("").build().unwrap_err(), "subject_pattern", "user:*"),
        (good().algorithms([]).build().unwrap_err(), "algorithms", "HS256"),
        (good().algorithms([jwtower::Algorithm::RS256]).build().unwrap_err(), "algorithms", "RS256"),
        (started(&forge).audience(" ").build().unwrap_err(), "audience", "names nothing"),
        (started(&forge).audiences(Vec::<String>::new()).build().unwrap_err(), "audiences", "empty"),
        (started(&forge).audience_claim("", "app").build().unwrap_err(), "audience_claim", "names nothing"),
        (started(&forge).audience_claim("azp", "").build().unwrap_err(), "audience_claim", "names nothing"),
        (good().dangerous().any_audience().build().unwrap_err(), "audience", "contradict"),
        (
            good().audience("https://a.example/.well-known/jwks.json").build().unwrap_err(),
            "audience",
            "`aud`",
        ),
        (good().issuer("https://a.example/.well-known/jwks.json").build().unwrap_err(), "issuer", "`iss`"),
        (good().issuer("").build().unwrap_err(), "issuer", "names nothing"),
        (good().dangerous().any_issuer().build().unwrap_err(), "issuer", "contradict"),
    ] {
        assert_eq!(error.setting(), setting);
        assert!(error.to_string().contains(part), "{error}");
    }
}

#[test]
fn names_that_the_json_library_keeps_for_itself_are_refused() {
    let forge = Forge::new();
    let verifier =
        Verifier::<Value>::builder().keys(forge.secret()).issuer(ISSUER).audience(AUDIENCE).build();
    let verifier = verifier.unwrap();
    let mut claims = good_claims();
    for name in ["$serde_json::private::RawValue", "$serde_json::private::Number"] {
        claims.insert(name.to_owned(), json!(r#"{"sub":"root"}"#));
        let token = forge.sign(HEADER, Value::Object(claims.clone()).to_string());
        assert_eq!(verifier.verify(&token).unwrap_err().code(), "invalid_payload", "{name}");
        claims.remove(name);
    }
}

#[test]
fn a_nonce_marks_an_id_token_unless_the_token_says_that_it_is_a_bearer_token() {
    let forge = Forge::new();
    let verifier = started(&forge).audience(AUDIENCE).build().unwrap();
    for (typ, expected) in
        [(Value::Null, "other_token_kind"), (json!("ID"), "other_token_kind"), (json!("Bearer"), "good")]
    {
        assert_eq!(
            code(&forge, &verifier, &[("nonce", json!("n")), ("typ", typ.clone())]),
            expected,
            "{typ}"
        );
    }
    assert_eq!(
        code(&forge, &verifier, &[("at_hash", json!("h")), ("typ", json!("Bearer"))]),
        "other_token_kind"
    );
}
