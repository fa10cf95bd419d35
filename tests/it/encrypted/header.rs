//! Headers that say something else, under a tag that covers what they say, and keys of contents that are not right.

use base64_simd::URL_SAFE_NO_PAD;
use jwtower::jwe::{Curve, KeyManagement};
use jwtower_tests::{
    encode,
    envelope::{Padding, Plan, point, random},
};
use serde_json::{Map, Value, json};

use super::fixture::{Row, World};

type Members = Map<String, Value>;

/// A good token but for one member of the header; `null` removes it.
fn with(world: &World, name: &str, value: Value) -> String {
    let change = |mut header: Members| {
        header.insert(name.to_owned(), value);
        header.retain(|_, value| !value.is_null());
        header
    };
    world.sender.seal_with(change, world.signed()).token()
}

/// A good token but for the text of its header.
fn written(world: &World, write: impl FnOnce(String) -> String) -> String {
    let segment = |header| encode(write(Value::Object(header).to_string()));
    world.sender.seal_by(&Plan::default(), segment, world.signed()).token()
}

/// A good token but for what its sender did to the key of the content.
fn planned(world: &World, plan: &Plan, change: impl FnOnce(Members) -> Members) -> String {
    let segment = |header| encode(Value::Object(change(header)).to_string());
    world.sender.seal_by(plan, segment, world.signed()).token()
}

/// What holds for every kind of key.
pub(super) fn rows(world: &World) -> Vec<Row> {
    let mut rows = Vec::new();
    for (name, value, code) in [
        ("crit", json!(["exp"]), "unsupported_header"),
        ("crit", json!([]), "unsupported_header"),
        ("zip", json!("DEF"), "unsupported_header"),
        ("zip", json!("none"), "unsupported_header"),
        ("b64", json!(false), "unsupported_header"),
        ("b64", json!(true), "unsupported_header"),
        ("enc", Value::Null, "invalid_header"),
        ("enc", json!(1), "invalid_header"),
        ("enc", json!("A128CBC-HS256"), "unsupported_algorithm"),
        ("enc", json!("A256CBC-HS512"), "unsupported_algorithm"),
        ("enc", json!("A192GCM"), "unsupported_algorithm"),
        ("enc", json!("a256gcm"), "unsupported_algorithm"),
        ("enc", json!(""), "unsupported_algorithm"),
        ("alg", Value::Null, "invalid_header"),
        ("alg", json!(["dir"]), "invalid_header"),
        ("alg", json!("none"), "unsupported_algorithm"),
        ("alg", json!("RSA1_5"), "unsupported_algorithm"),
        ("alg", json!("RSA-OAEP"), "unsupported_algorithm"),
        ("alg", json!("PBES2-HS256+A128KW"), "unsupported_algorithm"),
        ("alg", json!("A128KW"), "unsupported_algorithm"),
        ("alg", json!("A256GCMKW"), "unsupported_algorithm"),
        ("alg", json!("HS256"), "unsupported_algorithm"),
        ("alg", json!("Dir"), "unsupported_algorithm"),
        ("kid", json!(7), "invalid_header"),
        ("cty", json!(7), "invalid_header"),
        ("typ", json!(7), "invalid_header"),
    ] {
        rows.push(Row::new(format!("{name}: {value}"), with(world, name, value), code));
    }
    let own = world.sender.key.algorithm();
    for other in KeyManagement::ALL.into_iter().filter(|other| *other != own) {
        // An agreement asks for an epk before it asks whose key it is.
        let epk = match world.sender.key.curve() {
            None if other.name().starts_with("ECDH") => "invalid_header",
            _ => "algorithm_mismatch",
        };
        rows.push(Row::new(format!("alg: {other}"), with(world, "alg", other.name().into()), epk));
    }
    if world.sender.key.kid().is_some() {
        rows.push(Row::new("an unknown kid", with(world, "kid", "other".into()), "unknown_key"));
    }
    for (name, member) in [
        ("alg", r#""alg":"dir""#),
        ("enc", r#""enc":"A256GCM""#),
        ("x", r#""x":1,"x":1"#),
        ("alg escaped", r#""\u0061lg":"dir""#),
    ] {
        let token = written(world, |json| json.replacen('{', &format!("{{{member},"), 1));
        rows.push(Row::new(format!("{name} twice"), token, "duplicate_header_member"));
    }
    for (name, text) in
        [("null", "null"), ("an array", "[]"), ("text", "\"a\""), ("nothing", ""), ("half", "{\"alg\"")]
    {
        rows.push(Row::new(
            format!("a header of {name}"),
            written(world, |_| text.to_owned()),
            "invalid_header",
        ));
    }
    rows.push(Row::new("two objects", written(world, |json| json + "{}"), "invalid_header"));
    let long = with(world, "x", "a".repeat(4096).into());
    rows.push(Row::new("a header above 4 KiB", long, "header_too_large"));
    rows
}

/// What holds for pairs that agree on a key.
pub(super) fn agreements(world: &World) -> Vec<Row> {
    let Some(curve) = world.sender.key.curve() else { return Vec::new() };
    let good = URL_SAFE_NO_PAD.decode_to_vec(world.good().header).unwrap();
    let good: Value = serde_json::from_slice(&good).unwrap();
    let epk = |name: &str, value: Value| {
        let mut epk = good["epk"].clone();
        epk[name] = value;
        epk
    };
    let mut rows = Vec::new();
    let mut wrong = |name: &str, epk: Value, code| {
        // Where the recipient took such a point, the secret would most likely be nothing at all.
        let plan = Plan { agreed: Some((epk, vec![0; 32])), ..Plan::default() };
        rows.push(Row::new(name, planned(world, &plan, |header| header), code));
    };
    for value in [json!("a"), json!([]), json!(1)] {
        wrong(&format!("epk: {value}"), value, "invalid_header");
    }
    wrong("an empty epk", json!({}), "decryption_failed");
    wrong("a kty of RSA", epk("kty", "RSA".into()), "decryption_failed");
    wrong("the curve P-521", epk("crv", "P-521".into()), "decryption_failed");
    wrong("an overlong x", epk("x", encode([1; 33]).into()), "decryption_failed");
    wrong("a short x", epk("x", encode([1; 31]).into()), "decryption_failed");
    wrong("an x of no base64url", epk("x", "+/+=".into()), "decryption_failed");
    wrong("an empty x", epk("x", "".into()), "decryption_failed");
    match curve {
        Curve::P256 => {
            wrong("a point off the curve", point(curve, &[4; 65]), "decryption_failed");
            wrong("a point of zeros", point(curve, &[0; 65]), "decryption_failed");
            wrong("no y", epk("y", Value::Null), "decryption_failed");
            wrong("an overlong y", epk("y", encode([0; 33]).into()), "decryption_failed");
            wrong("a point of X25519", point(Curve::X25519, &[9; 32]), "decryption_failed");
        }
        _ => {
            for (name, bytes) in LOW_ORDER {
                let bytes = hex(bytes);
                wrong(&format!("the low order point {name}"), point(curve, &bytes), "decryption_failed");
            }
            let other = World::all().into_iter().find(|it| it.sender.key.curve() == Some(Curve::P256));
            let other = URL_SAFE_NO_PAD.decode_to_vec(other.unwrap().good().header).unwrap();
            let other: Value = serde_json::from_slice(&other).unwrap();
            wrong("a point of P-256", other["epk"].clone(), "decryption_failed");
        }
    }
    rows.push(Row::new("no epk", with(world, "epk", Value::Null), "invalid_header"));
    for name in ["apu", "apv"] {
        for value in [json!("+"), json!("a"), json!("YQ=="), json!(1)] {
            rows.push(Row::new(format!("{name}: {value}"), with(world, name, value), "invalid_header"));
        }
    }
    rows
}

/// Points of X25519 from which every secret is zero (RFC 7748 §6.1).
const LOW_ORDER: [(&str, &str); 5] = [
    ("zero", "0000000000000000000000000000000000000000000000000000000000000000"),
    ("one", "0100000000000000000000000000000000000000000000000000000000000000"),
    ("of eight", "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
    ("minus one", "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    ("the prime", "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
];

fn hex(digits: &str) -> Vec<u8> {
    let pairs = (0..digits.len()).step_by(2);
    pairs.map(|place| u8::from_str_radix(&digits[place..place + 2], 16).unwrap()).collect()
}

/// Keys of contents that are not what `enc` takes, or come out by another padding.
pub(super) fn content_keys(world: &World) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut failed = |name: &str, plan: Plan, enc: &str| {
        let change = |mut header: Members| {
            header.insert("enc".into(), enc.into());
            header
        };
        rows.push(Row::new(name, planned(world, &plan, change), "decryption_failed"));
    };
    let length = |length| Plan { key_len: Some(length), ..Plan::default() };
    match world.sender.key.algorithm() {
        KeyManagement::Dir => {
            let own = world.sender.key.secret().map(str::len);
            let other = if own == Some(22) { "A256GCM" } else { "A128GCM" };
            failed("dir with the other enc", Plan::default(), other);
        }
        KeyManagement::EcdhEs => {}
        algorithm => {
            failed("16 bytes for A256GCM", length(16), "A256GCM");
            failed("32 bytes for A128GCM", length(32), "A128GCM");
            for other in [24, 40, 64] {
                failed(&format!("{other} bytes"), length(other), "A256GCM");
            }
            if algorithm == KeyManagement::RsaOaep256 {
                for padding in [Padding::Oaep1, Padding::Pkcs1] {
                    let plan = Plan { padding, ..Plan::default() };
                    failed(&format!("a padding of {padding:?}"), plan, "A256GCM");
                }
                failed("no bytes", length(0), "A256GCM");
            }
        }
    }
    rows
}

#[test]
fn a_header_that_says_something_else_is_refused_by_what_it_says() {
    for world in World::all() {
        world.check(rows(&world));
    }
}

#[test]
fn a_point_that_nobody_can_agree_with_fails_as_any_other_decryption() {
    for world in World::all() {
        world.check(agreements(&world));
    }
}

#[test]
fn a_wrong_key_of_the_content_fails_as_any_other_decryption() {
    for world in World::all() {
        world.check(content_keys(&world));
    }
}

#[test]
fn what_does_not_matter_may_stand_in_a_header() {
    for world in World::all() {
        for (name, value) in [
            ("typ", json!("at+jwt")),
            ("cty", json!("application/JWT")),
            ("cty", json!("jwt")),
            ("x", json!({ "a": [1] })),
            ("jwk", json!({ "kty": "oct", "k": encode(random(32)) })),
            ("jku", json!("https://evil.example.com/jwks")),
            ("x5c", json!(["AA=="])),
            ("apu", json!(encode("Alice"))),
            ("apv", json!(encode("Bob"))),
            ("kid", Value::Null),
        ] {
            let token = with(&world, name, value);
            assert_eq!(world.outcome(&token), "good", "{}: {name}", world.kind());
        }
        let largest = |json: String| format!("{json}{}", " ".repeat(4096 - json.len()));
        assert_eq!(world.outcome(&written(&world, largest)), "good", "{}", world.kind());
        if world.sender.key.algorithm() != KeyManagement::Dir {
            for enc in ["A128GCM", "A256GCM"] {
                assert_eq!(world.outcome(&with(&world, "enc", enc.into())), "good", "{enc}");
            }
        }
    }
}
