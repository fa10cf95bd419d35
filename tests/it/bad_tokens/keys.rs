//! `kid` is a name and nothing else, and a key that comes with the token proves nothing (RFC 8725 §3.10).

use jwtower::{KeySet, Secret};
use jwtower_tests::{Forge, encode};
use serde_json::{Value, json};

use super::{
    Answer::Invalid,
    Api, Row, Table, User, builder, good,
    pairs::{Ec, Ed},
};

pub(super) fn rows() -> Vec<Row> {
    [named(), open_kinds(), embedded()].concat()
}

/// The forge's secret again, under a name.
fn named_secret(forge: &Forge, kid: &str) -> Secret {
    let secret = Secret::from_base64(forge.secret().algorithm(), forge.secret().secret());
    secret.and_then(|secret| secret.with_kid(kid)).expect("the secret is strong")
}

fn named() -> Vec<Row> {
    let (one, two) = (Forge::new(), Forge::new());
    let keys =
        KeySet::from(&named_secret(&one, "k1")).and(&named_secret(&two, "k2")).expect("the keys differ");
    let api = Api::verifying(builder::<User>(keys).build().expect("the settings are right"));
    let header = |kid: &str| json!({ "alg": "HS256", "kid": kid }).to_string();

    let mut table = Table::new("kid", api, one.sign(header("k1"), good()));
    for kid in [
        "k3",
        "K1",
        "k",
        "k11",
        " k1",
        "k1 ",
        "k1\n",
        "k1\0",
        "k1\0.pem",
        "",
        "*",
        "%6b1",
        "../../../../dev/null",
        "/proc/sys/kernel/randomize_va_space",
        "file:///etc/passwd",
        "https://attacker.example/jwks.json",
        "k1' OR '1'='1",
        "x' UNION SELECT 'canary-key' -- ",
        "k1;sleep 10",
        "$(touch /tmp/canary)",
        "k1)(uid=*",
        "{{7*7}}",
        "ｋ１",
    ] {
        table.bad(&format!("{kid:?}"), one.sign(header(kid), good()), Invalid("unknown_key"));
    }
    let long = "k".repeat(2000);
    table.bad("two thousand letters", one.sign(header(&long), good()), Invalid("unknown_key"));
    for kid in ["1", "null", "true", r#"["k1"]"#, r#"{"k1":1}"#, r#""\ud800""#] {
        let header = format!(r#"{{"alg":"HS256","kid":{kid}}}"#);
        table.bad(&format!("{kid} as it stands"), one.sign(header, good()), Invalid("invalid_header"));
    }
    table.bad("none, where two keys fit", one.sign(r#"{"alg":"HS256"}"#, good()), Invalid("ambiguous_key"));
    table.bad("the other key's", one.sign(header("k2"), good()), Invalid("bad_signature"));
    table.pair(
        "the first key's",
        two.sign(header("k2"), good()),
        two.sign(header("k1"), good()),
        Invalid("bad_signature"),
    );
    table.into_rows()
}

/// Keys of two kinds: a kid of one does not open the door for the other.
fn open_kinds() -> Vec<Row> {
    let (ec, ed) = (Ec::p256(), Ed::new());
    let jwk = |mut jwk: Value, kid: &str| {
        jwk["kid"] = kid.into();
        jwk
    };
    let jwks = json!({ "keys": [jwk(ec.jwk(), "ec"), jwk(ed.jwk(), "ed")] }).to_string();
    let keys = KeySet::from_jwks(jwks).expect("the keys are right");
    let api = Api::verifying(builder::<User>(keys).build().expect("the settings are right"));
    let header = |alg: &str, kid: &str| json!({ "alg": alg, "kid": kid }).to_string();

    let mut table = Table::new("kid of another kind", api, ec.sign(&header("ES256", "ec"), &good()));
    let (es, eddsa) = (header("ES256", "ed"), header("EdDSA", "ec"));
    table.bad("ES256 under the Ed25519 key's", ec.sign(&es, &good()), Invalid("algorithm_mismatch"));
    let twin = ed.sign(&header("EdDSA", "ed"), &good());
    table.pair("EdDSA under the EC key's", twin, ed.sign(&eddsa, &good()), Invalid("algorithm_mismatch"));
    let unnamed = ec.sign(r#"{"alg":"ES384"}"#, &good());
    table.pair(
        "no kid and no key for it",
        ec.sign(r#"{"alg":"ES256"}"#, &good()),
        unnamed,
        Invalid("algorithm_mismatch"),
    );
    table.into_rows()
}

/// The same header, once with the owner's signature and once with the attacker's.
fn embedded() -> Vec<Row> {
    let (owner, attacker) = (Ec::p256(), Ec::p256());
    let keys = KeySet::from_jwks(json!({ "keys": [owner.jwk()] }).to_string()).expect("the key is right");
    let api = Api::verifying(builder::<User>(keys).build().expect("the settings are right"));
    let chain = json!([base64_simd::STANDARD.encode_to_string("canary-certificate")]);
    let mut table = Table::new("a key in the token", api, owner.sign(r#"{"alg":"ES256"}"#, &good()));
    for (member, value) in [
        ("jwk", attacker.jwk()),
        ("jwk", owner.jwk()),
        ("jwk", Value::Null),
        ("jku", "https://attacker.example/jwks.json".into()),
        ("jku", "file:///tmp/canary-jwks.json".into()),
        ("x5u", "https://attacker.example/cert.pem".into()),
        ("x5c", chain),
        ("x5t", encode("canary-thumbprint-1").into()),
        ("x5t#S256", encode("canary-thumbprint-256").into()),
        ("keys", json!([attacker.jwk()])),
    ] {
        let header = json!({ "alg": "ES256", member: value }).to_string();
        let (twin, bad) = (owner.sign(&header, &good()), attacker.sign(&header, &good()));
        let name = format!(
            "{member} {}",
            if value == owner.jwk() { "of the owner".into() } else { value.to_string() }
        );
        table.pair(&name, twin, bad, Invalid("bad_signature"));
    }
    table.into_rows()
}
