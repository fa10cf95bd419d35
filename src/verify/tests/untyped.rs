use std::time::{Duration, SystemTime};

use serde::Deserialize;
use serde_json::Value;

use super::support::{Ready, key, live, outcome, ready, swap, token};
use crate::{
    claims::NoClaims,
    keys::Algorithm::{ES256, HS256},
    verify::Verifier,
};

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
struct Numbered {
    #[allow(dead_code, reason = "it is there to be demanded")]
    number: u64,
}

#[test]
fn one_verifier_serves_every_claims_type() {
    let signing = key(ES256, "a");
    let token = token(&signing);
    let any = ready::<NoClaims>(&signing).build_untyped().unwrap();
    assert_eq!(any.for_claims::<Named>().verify(&token).unwrap().name, "Alice");
    assert_eq!(any.for_claims::<Value>().verify(&token).unwrap()["name"], "Alice");
    assert_eq!(outcome(&any.for_claims(), &token), "good");
    assert!(any.for_claims::<Numbered>().verify(&token).is_err());
}

#[test]
fn keys_and_policy_are_those_of_the_one_it_was_made_from() {
    let (old, new) = (key(HS256, "old"), key(HS256, "new"));
    let (by_old, by_new) = (token(&old), token(&new));
    let (cell, source) = live(&old);
    let (first, later) = {
        let any = ready::<NoClaims>(source).required_claims(["name"]).build_untyped().unwrap();
        (any.for_claims::<Named>(), any.for_claims::<NoClaims>())
    };
    assert!(first.verify(&by_old).is_ok());
    assert_eq!((outcome(&later, &by_old), outcome(&later, &by_new)), ("good", "unknown_key"));
    swap(&cell, &new);
    assert!(first.verify(&by_old).is_err() && first.verify(&by_new).is_ok());
    assert_eq!((outcome(&later, &by_old), outcome(&later, &by_new)), ("unknown_key", "good"));

    let refusing = |builder: Ready<NoClaims>| builder.build_untyped().unwrap().for_claims();
    let tomorrow = || SystemTime::now() + Duration::from_secs(86_400);
    for (verifier, expected) in [
        (refusing(ready(&old).clock(tomorrow)), "token_expired"),
        (refusing(ready(&old).required_claims(["tenant"])), "missing_claim"),
        (refusing(ready(&old).subject_pattern("user:*")), "subject_mismatch"),
        (refusing(ready(&old).rfc9068()), "good"),
    ] {
        assert_eq!(outcome(&verifier, &by_old), expected);
    }
}

#[test]
fn a_check_is_never_dropped() {
    let signing = key(HS256, "a");
    let token = token(&signing);
    let checked = || ready::<NoClaims>(&signing).check(|_| false);
    assert_eq!(outcome(&checked().build().unwrap(), &token), "check_failed");
    assert_eq!(checked().build_untyped().unwrap_err().setting(), "check");
    assert!(ready::<NoClaims>(&signing).build_untyped().is_ok());
}

#[test]
fn debug_prints_what_it_prints_of_any_verifier() {
    let signing = key(HS256, "a");
    let any = ready::<NoClaims>(&signing).build_untyped().unwrap();
    let typed: Verifier<Named> = any.for_claims();
    let built = ready::<NoClaims>(&signing).build().unwrap();
    assert_eq!(format!("{any:?}"), format!("{built:?}"));
    assert_eq!(format!("{typed:?}"), format!("{built:?}"));
}
