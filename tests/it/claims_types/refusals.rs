//! Payloads that do not fit the claims type, and types that no payload fits.

use std::{collections::BTreeMap, fmt, marker::PhantomData};

use jwtower::NoClaims;
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, MapAccess, Visitor},
};
use serde_json::{Value, value::RawValue};

use super::fixture::{Member, object, principal, verdict, with_ours};

#[derive(Deserialize)]
#[allow(dead_code, reason = "only whether it can be read matters")]
struct User {
    name: String,
    level: Option<u8>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "only whether it can be read matters")]
struct Strict {
    name: String,
}

/// The code for a claims type that does not fit; a token whose time is over says so first.
fn refusal<C: DeserializeOwned>(own: &[Member<'_>]) -> Option<&'static str> {
    let members = with_ours(own);
    for (name, value, code) in [
        ("exp", "1700000000", "token_expired"),
        ("nbf", "4102444800", "not_yet_valid"),
        ("iss", "\"https://evil.example.com\"", "issuer_mismatch"),
    ] {
        let changed: Vec<Member<'_>> =
            members.iter().map(|member| if member.0 == name { (name, value) } else { *member }).collect();
        assert_eq!(verdict::<C>(&object(&changed)).err(), Some(code), "{name} is judged first");
    }
    verdict::<C>(&object(&members)).err()
}

#[test]
fn claims_that_do_not_fit_their_type_are_a_mismatch_unless_time_or_issuer_refuse_first() {
    #[derive(Deserialize)]
    struct Number {
        #[serde(rename = "sub")]
        _sub: u64,
    }
    #[derive(Deserialize)]
    enum Caller {
        #[allow(dead_code, reason = "only whether it can be read matters")]
        User(String),
    }
    #[derive(Deserialize)]
    struct Unit;
    for (case, code) in [
        ("a missing field", refusal::<User>(&[])),
        ("a field of another type", refusal::<User>(&[("name", "1")])),
        ("null for a field", refusal::<User>(&[("name", "null")])),
        ("a number out of range", refusal::<User>(&[("name", "\"A\""), ("level", "256")])),
        ("an unknown field", refusal::<Strict>(&[("name", "\"A\""), ("extra", "1")])),
        ("another type for one of ours", refusal::<Number>(&[])),
        ("an unknown variant", refusal::<Caller>(&[("Robot", "\"A\"")])),
        ("a variant of another type", refusal::<Caller>(&[("User", "1")])),
        ("no variant", refusal::<Caller>(&[])),
        ("a map of numbers", refusal::<BTreeMap<String, u8>>(&[])),
        ("a lone surrogate", refusal::<Value>(&[("name", r#""\ud800""#)])),
        ("a number beyond all", refusal::<Value>(&[("name", "1e999")])),
        ("a list", refusal::<Vec<String>>(&[])),
        ("a string", refusal::<String>(&[])),
        ("a unit", refusal::<()>(&[])),
        ("a unit struct", refusal::<Unit>(&[])),
        ("raw JSON for the whole", refusal::<Box<RawValue>>(&[])),
    ] {
        assert_eq!(code, Some("claims_mismatch"), "{case}");
    }
}

#[test]
fn faults_of_the_token_are_told_from_those_of_the_claims_type() {
    fn codes(own: &[Member<'_>]) -> [Option<&'static str>; 4] {
        let payload = object(&with_ours(own));
        [
            verdict::<NoClaims>(&payload).err(),
            verdict::<User>(&payload).err(),
            verdict::<Value>(&payload).err(),
            verdict::<Strict>(&payload).err(),
        ]
    }
    for (own, code) in [
        (&[("name", "\"A\""), ("exp", "\"1\"")][..], "mistyped_claim"),
        (&[("name", "\"A\""), ("exp", "1e999")], "mistyped_claim"),
        (&[("name", "\"A\""), ("aud", "[1]")], "mistyped_claim"),
        (&[("name", "\"A\""), ("roles", "{}")], "mistyped_claim"),
        (&[("name", "\"A\""), ("sub", "null")], "mistyped_claim"),
        (&[("name", "1"), ("sub", "null")], "mistyped_claim"),
        (&[("name", "1"), ("name", "1")], "duplicate_claim"),
        (&[("name", "\"A\""), ("name", "\"A\"")], "duplicate_claim"),
        (&[("name", "\"A\""), ("exp", "}")], "invalid_payload"),
        (&[("name", "tru")], "invalid_payload"),
    ] {
        assert_eq!(codes(own), [Some(code); 4], "{own:?}");
    }
}

/// A claims type that goes on after an error, as no claims type should: it takes every value for a `V`.
struct Careless<V>(PhantomData<V>);

/// What [`Careless`] takes where it takes no value at all.
struct Nothing;

impl<'de> Deserialize<'de> for Nothing {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Ok(Self)
    }
}

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Careless<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Self(PhantomData))
    }
}

impl<'de, V: Deserialize<'de>> Visitor<'de> for Careless<V> {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self, A::Error> {
        while let Ok(Some(_)) = map.next_key::<String>() {
            drop(map.next_value::<V>());
        }
        Ok(self)
    }
}

#[test]
fn a_claims_type_that_goes_on_after_an_error_hides_none() {
    for (own, code) in [
        (&[][..], None),
        (&[("nbf", "\"4102444800\"")], Some("mistyped_claim")),
        (&[("roles", "5")], Some("mistyped_claim")),
        (&[("x", "1"), ("x", "1")], Some("duplicate_claim")),
    ] {
        let payload = object(&with_ours(own));
        assert_eq!(verdict::<Careless<Value>>(&payload).err(), code, "{own:?}");
        assert_eq!(verdict::<Careless<String>>(&payload).err(), code, "{own:?}");
    }
}

#[test]
fn a_claims_type_that_goes_on_after_an_error_loses_no_role() {
    fn roles<C: DeserializeOwned + Send + Sync + 'static>() -> Vec<String> {
        principal::<C>(&object(&with_ours(&[]))).roles().map(str::to_owned).collect()
    }
    assert_eq!(roles::<Careless<Value>>(), ["user", "auditor"]);
    assert_eq!(roles::<Careless<u8>>(), ["user", "auditor"]);
    assert_eq!(roles::<Careless<Nothing>>(), ["user", "auditor"]);
}

/// A claims type that reads nothing at all.
struct Absent;

impl<'de> Deserialize<'de> for Absent {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Ok(Self)
    }
}

#[test]
fn a_claims_type_that_reads_nothing_lets_no_token_pass() {
    assert_eq!(verdict::<Absent>(&object(&with_ours(&[]))).err(), Some("claims_mismatch"));
    assert_eq!(verdict::<Absent>(&object(&with_ours(&[("exp", "1")]))).err(), Some("token_expired"));
}
