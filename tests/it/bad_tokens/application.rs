//! What the application asks: its claims type, required claims, a subject pattern, a check of its own.

use std::{collections::BTreeMap, fmt};

use jwtower::{Verifier, claims::NumericDate};
use jwtower_tests::{Forge, HEADER};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, IgnoredAny, MapAccess, Visitor},
};
use serde_json::{Value, json};

use super::{
    Answer::{Expired, Invalid},
    Api, NOW, Row, Table, User, and, builder, claims, good, with, without,
};

pub(super) fn rows() -> Vec<Row> {
    [types(), order(), other_types(), lenient(), demands()].concat()
}

fn api<C: DeserializeOwned + Send + Sync + 'static>(forge: &Forge) -> Api {
    Api::verifying(builder::<C>(forge.secret()).build().expect("the settings are right"))
}

fn types() -> Vec<Row> {
    let forge = Forge::new();
    let mut table = Table::new("claims type", api::<User>(&forge), forge.sign(HEADER, good()));
    for value in [json!(1_234_567), json!(null), json!(["Canary Name"]), json!({ "first": "Canary" })] {
        table.bad(
            &format!("name: {value}"),
            forge.sign(HEADER, with("name", value)),
            Invalid("claims_mismatch"),
        );
    }
    table.bad("no name", forge.sign(HEADER, without("name")), Invalid("claims_mismatch"));
    let surrogate = without("name").replacen('{', r#"{"name":"\ud800","#, 1);
    table.bad("a name with a lone surrogate", forge.sign(HEADER, surrogate), Invalid("claims_mismatch"));
    table.into_rows()
}

/// Of two faults the one is named that helps the client, and time comes before the application.
fn order() -> Vec<Row> {
    let forge = Forge::new();
    let mut table = Table::new("two faults", api::<User>(&forge), forge.sign(HEADER, good()));
    let two = |name: &str, value: Value| {
        let mut members = claims();
        members.insert("name".into(), json!(1_234_567));
        members.insert(name.into(), value);
        forge.sign(HEADER, Value::Object(members).to_string())
    };
    for (name, claim, value, answer) in [
        ("expired, and the claims mismatch", "exp", json!(NOW - 60), Expired("token_expired")),
        ("not yet valid, and the claims mismatch", "nbf", json!(NOW + 61), Invalid("not_yet_valid")),
        (
            "another issuer, and the claims mismatch",
            "iss",
            json!("https://x.example"),
            Invalid("issuer_mismatch"),
        ),
        ("another kind, and the claims mismatch", "nonce", json!("n"), Invalid("other_token_kind")),
        ("another audience, and the claims mismatch", "aud", json!("x"), Invalid("claims_mismatch")),
        ("a mistyped sub, and the claims mismatch", "sub", json!(1), Invalid("mistyped_claim")),
    ] {
        table.bad(name, two(claim, value), answer);
    }
    let expired = |claim: &str, value: Value| {
        let mut members = claims();
        members.insert("exp".into(), json!(NOW - 60));
        members.insert(claim.into(), value);
        forge.sign(HEADER, Value::Object(members).to_string())
    };
    table.bad("expired, and another issuer", expired("iss", json!("x")), Expired("token_expired"));
    table.bad("expired, and another audience", expired("aud", json!("x")), Expired("token_expired"));
    table.bad("expired, and bound", expired("cnf", json!({})), Expired("token_expired"));
    table.bad("expired, and another kind", expired("nonce", json!("n")), Invalid("other_token_kind"));
    let (other, forged) = (Forge::new(), with("exp", NOW - 60));
    table.bad("expired, and forged", other.sign(HEADER, forged), Invalid("bad_signature"));
    table.into_rows()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Strict {
    #[serde(rename = "name")]
    _name: String,
    #[serde(rename = "tenant")]
    _tenant: String,
}

/// Registered claims may be the application's too.
#[derive(Deserialize)]
struct Own {
    #[serde(rename = "exp")]
    _exp: NumericDate,
    #[serde(rename = "sub")]
    _sub: String,
    #[serde(flatten)]
    _rest: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
#[serde(tag = "name")]
enum Tagged {
    #[serde(rename = "Canary Name")]
    Canary,
}

fn other_types() -> Vec<Row> {
    let forge = Forge::new();
    let mut strict = Table::new("a strict claims type", api::<Strict>(&forge), forge.sign(HEADER, good()));
    strict.bad("a member more", forge.sign(HEADER, and(r#""x":1"#)), Invalid("claims_mismatch"));
    strict.bad("a member twice", forge.sign(HEADER, and(r#""name":"x""#)), Invalid("duplicate_claim"));
    strict.bad("a member more, twice", forge.sign(HEADER, and(r#""x":1,"x":1"#)), Invalid("duplicate_claim"));

    let mut own = Table::new("a claims type with exp", api::<Own>(&forge), forge.sign(HEADER, good()));
    own.bad("exp as a text", forge.sign(HEADER, with("exp", "1800000600")), Invalid("mistyped_claim"));
    own.bad("expired", forge.sign(HEADER, with("exp", NOW - 60)), Expired("token_expired"));
    own.bad("no exp", forge.sign(HEADER, without("exp")), Invalid("missing_claim"));
    own.bad("no sub", forge.sign(HEADER, without("sub")), Invalid("claims_mismatch"));
    own.bad("tenant twice", forge.sign(HEADER, and(r#""tenant":1"#)), Invalid("duplicate_claim"));
    own.bad("a surrogate", forge.sign(HEADER, and(r#""x":"\udc00""#)), Invalid("claims_mismatch"));
    own.bad("a number beyond all", forge.sign(HEADER, and(r#""x":1e999"#)), Invalid("claims_mismatch"));

    let mut tagged = Table::new("a tagged claims type", api::<Tagged>(&forge), forge.sign(HEADER, good()));
    tagged.bad("another tag", forge.sign(HEADER, with("name", "Canary Other")), Invalid("claims_mismatch"));
    tagged.bad("expired", forge.sign(HEADER, with("exp", NOW - 60)), Expired("token_expired"));
    [strict, own, tagged].into_iter().flat_map(Table::into_rows).collect()
}

/// A claims type that takes errors for the end of the object.
struct Lenient;

impl<'de> Deserialize<'de> for Lenient {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(deserializer.deserialize_map(Self).unwrap_or(Self))
    }
}

impl<'de> Visitor<'de> for Lenient {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self, A::Error> {
        while let Ok(Some(_)) = map.next_entry::<IgnoredAny, IgnoredAny>() {}
        Ok(self)
    }
}

/// What the application overlooks is still ours to see.
fn lenient() -> Vec<Row> {
    let forge = Forge::new();
    let mut table =
        Table::new("a claims type that swallows errors", api::<Lenient>(&forge), forge.sign(HEADER, good()));
    for (claim, value) in [
        ("exp", json!("1800000600")),
        ("nbf", json!("1800000600")),
        ("iat", json!(null)),
        ("sub", json!(1_234_567)),
        ("sub", json!(null)),
        ("roles", json!(true)),
        ("roles", json!([1])),
        ("scope", json!({ "a": "b" })),
    ] {
        let bad = forge.sign(HEADER, with(claim, value.clone()));
        table.bad(&format!("{claim}: {value}"), bad, Invalid("mistyped_claim"));
    }
    let cut = good();
    let cut = forge.sign(HEADER, cut.strip_suffix('}').unwrap_or(&cut));
    table.bad("no closing brace", cut, Invalid("invalid_payload"));
    table.bad("nbf twice", forge.sign(HEADER, and(r#""nbf":0"#)), Invalid("duplicate_claim"));
    table.bad("x twice, at the end", forge.sign(HEADER, and(r#""x":0,"x":0"#)), Invalid("duplicate_claim"));
    table.into_rows()
}

fn demands() -> Vec<Row> {
    let forge = Forge::new();
    let build =
        |verifier: Result<Verifier<User>, _>| Api::verifying(verifier.expect("the settings are right"));
    let start = || builder::<User>(forge.secret());

    let twin = forge.sign(HEADER, good());
    let mut required = Table::new(
        "required claims",
        build(start().required_claims(["tenant", "jti", "x/y"]).build()),
        forge.sign(HEADER, and(r#""x/y":null"#)),
    );
    for name in ["tenant", "jti"] {
        let payload = without(name).replacen('{', r#"{"x\/y":0,"#, 1);
        required.bad(&format!("no {name}"), forge.sign(HEADER, payload), Invalid("missing_claim"));
    }
    required.bad("no x/y", twin.clone(), Invalid("missing_claim"));
    required.bad("x/y in another spelling", forge.sign(HEADER, and(r#""X/Y":0"#)), Invalid("missing_claim"));
    required.bad(
        "x/y one level down",
        forge.sign(HEADER, and(r#""x":{"y":0},"z":{"x/y":0}"#)),
        Invalid("missing_claim"),
    );

    let mut subject =
        Table::new("subject pattern canary-*", build(start().subject_pattern("canary-*").build()), &twin);
    for sub in ["Canary-subject", "canary", "a-canary-subject", " canary-subject", "*"] {
        subject.bad(&format!("{sub:?}"), forge.sign(HEADER, with("sub", sub)), Invalid("subject_mismatch"));
    }
    subject.bad("no sub", forge.sign(HEADER, without("sub")), Invalid("missing_claim"));
    subject.bad("an empty sub", forge.sign(HEADER, with("sub", "")), Invalid("missing_claim"));

    let check = start().check(|token| token.registered().token_id() == Some("canary-token-id"));
    let mut checked = Table::new("own check", build(check.build()), twin);
    checked.bad("another jti", forge.sign(HEADER, with("jti", "canary-other")), Invalid("check_failed"));
    checked.bad("no jti", forge.sign(HEADER, without("jti")), Invalid("check_failed"));
    [required, subject, checked].into_iter().flat_map(Table::into_rows).collect()
}
