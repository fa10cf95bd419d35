//! What is in a good envelope, and what the envelope says of it.

use jwtower_tests::{HEADER, encode, envelope::Sender, good_claims};
use serde_json::{Map, Value, json};

use super::fixture::{Row, World};

/// The usual claims with one changed.
fn claims(name: &str, value: Value) -> String {
    let mut claims = good_claims();
    claims.insert(name.to_owned(), value);
    Value::Object(claims).to_string()
}

/// Contents that are no good signed token.
pub(super) fn rows(world: &World) -> Vec<Row> {
    let (forge, signed) = (&world.forge, world.signed());
    let (unsigned, signature) = signed.rsplit_once('.').unwrap();
    let claims_alone = Value::Object(good_claims()).to_string();
    let none = format!("{}.{}.", encode(r#"{"alg":"none"}"#), encode(&claims_alone));
    let forged = jwtower_tests::Forge::new().sign(HEADER, &claims_alone);
    let rows: [(&str, Vec<u8>, &'static str); 17] = [
        ("nothing", Vec::new(), "not_nested"),
        ("bare claims", claims_alone.into(), "not_nested"),
        ("bare claims without a dot", br#"{"sub":"alice"}"#.to_vec(), "not_nested"),
        ("bare claims with two dots", br#"{"iss":"login.example.com"}"#.to_vec(), "malformed_token"),
        ("no UTF-8", vec![0xff; 40], "not_nested"),
        ("a second envelope", world.good().token().into(), "not_nested"),
        ("no signature", unsigned.into(), "not_nested"),
        ("a line behind", format!("{signed}\n").into(), "malformed_token"),
        ("an empty signature", format!("{unsigned}.").into(), "bad_signature"),
        ("alg none", none.into(), "unsupported_algorithm"),
        ("the signature of another", forged.into(), "bad_signature"),
        ("a cut signature", format!("{unsigned}.{}", &signature[..40]).into(), "bad_signature"),
        ("an expired token", forge.sign(HEADER, claims("exp", 1.into())).into(), "token_expired"),
        ("another audience", forge.sign(HEADER, claims("aud", "other".into())).into(), "audience_mismatch"),
        ("another issuer", forge.sign(HEADER, claims("iss", "other".into())).into(), "issuer_mismatch"),
        ("no name", forge.sign(HEADER, claims("name", 7.into())).into(), "claims_mismatch"),
        ("a payload of no JSON", forge.sign(HEADER, "x").into(), "invalid_payload"),
    ];
    let row =
        |(name, content, code): (&str, Vec<u8>, _)| Row::new(name, world.sender.seal(content).token(), code);
    let mut rows: Vec<_> = rows.into_iter().map(row).collect();
    for cty in [Value::Null, "".into(), "JWE".into(), "JWT ".into(), "application/jwt+json".into()] {
        let name = format!("cty: {cty}");
        rows.push(Row::new(name, repeating(world, &[("cty", cty)], &signed), "not_nested"));
    }
    rows
}

/// An envelope with these members in its header; `null` removes one.
fn repeating(world: &World, members: &[(&str, Value)], signed: &str) -> String {
    let change = |mut header: Map<String, Value>| {
        header.extend(members.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        header.retain(|_, value| !value.is_null());
        header
    };
    world.sender.seal_with(change, signed).token()
}

#[test]
fn what_is_inside_is_judged_as_any_other_token() {
    for world in World::all() {
        world.check(rows(&world));
    }
}

#[test]
fn claims_that_the_header_repeats_are_those_inside() {
    let world = World::new(Sender::all().remove(0));
    let (iss, aud) = (jwtower_tests::ISSUER, jwtower_tests::AUDIENCE);
    let one = world.signed();
    let two = world.forge.sign(HEADER, claims("aud", json!([aud, "other"])));
    let nobody = {
        let mut claims = good_claims();
        claims.remove("sub");
        world.forge.sign(HEADER, Value::Object(claims).to_string())
    };
    for (name, value, signed, good) in [
        ("iss", json!(iss), &one, true),
        ("iss", json!("https://evil.example.com"), &one, false),
        ("iss", json!(format!("{iss}/")), &one, false),
        ("iss", json!([iss]), &one, false),
        ("iss", json!(7), &one, false),
        ("sub", json!("alice"), &one, true),
        ("sub", json!("bob"), &one, false),
        ("sub", json!(""), &one, false),
        ("sub", json!("alice"), &nobody, false),
        ("aud", json!(aud), &one, true),
        ("aud", json!([aud]), &one, true),
        ("aud", json!([aud, "other"]), &one, false),
        ("aud", json!([]), &one, false),
        ("aud", json!([7]), &one, false),
        ("aud", json!("other"), &one, false),
        ("aud", json!([aud, "other"]), &two, true),
        ("aud", json!(aud), &two, false),
        ("aud", json!({ "a": aud }), &two, false),
        ("exp", json!(1), &one, true),
    ] {
        let token = repeating(&world, &[(name, value.clone())], signed);
        let expected = if good { "good" } else { "header_claim_mismatch" };
        assert_eq!(world.outcome(&token), expected, "{name}: {value}");
    }
    let all = [("iss", json!(iss)), ("sub", json!("alice")), ("aud", json!(aud))];
    assert_eq!(world.outcome(&repeating(&world, &all, &one)), "good");
}
