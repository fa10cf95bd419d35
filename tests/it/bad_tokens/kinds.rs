//! Tokens of other kinds, which the same keys sign (RFC 8725 §3.11, §3.12).

use jwtower_tests::Forge;
use serde_json::{Value, json};

use super::{Answer::Invalid, Api, Row, Table, User, and, builder, good, without};

pub(super) fn rows() -> Vec<Row> {
    [types(), profile(), marks(), bindings()].concat()
}

fn header(typ: &str) -> String {
    json!({ "alg": "HS256", "typ": typ }).to_string()
}

const OTHER_TYPES: [&str; 30] = [
    "dpop+jwt",
    "logout+jwt",
    "secevent+jwt",
    "id_token+jwt",
    "rt+jwt",
    "refresh+jwt",
    "statuslist+jwt",
    "oauth-authz-req+jwt",
    "client-authentication+jwt",
    "token-introspection+jwt",
    "entity-statement+jwt",
    "kb+jwt",
    "dc+sd-jwt",
    "JWE",
    "JOSE",
    "JOSE+JSON",
    "",
    " ",
    "at",
    "at+jwts",
    "xat+jwt",
    "at +jwt",
    "at+jwt ",
    " at+jwt",
    "at+jwt;v=1",
    "at jwt",
    "text/at+jwt",
    "application/",
    "application/application/at+jwt",
    "Bearer",
];

fn types() -> Vec<Row> {
    let forge = Forge::new();
    let api = Api::verifying(builder::<User>(forge.secret()).build().expect("the settings are right"));
    let mut table = Table::new("typ", api, forge.sign(header("at+jwt"), good()));
    for typ in OTHER_TYPES {
        table.bad(&format!("{typ:?}"), forge.sign(header(typ), good()), Invalid("wrong_type"));
    }
    // What is accepted in this spelling is refused with one letter more.
    for typ in
        ["JWT", "jwt", "Jwt", "application/jwt", "APPLICATION/JWT", "AT+JWT", "At+Jwt", "Application/AT+jwt"]
    {
        let (twin, bad) = (forge.sign(header(typ), good()), forge.sign(header(&format!("{typ}x")), good()));
        table.pair(&format!("{typ:?} with one letter more"), twin, bad, Invalid("wrong_type"));
    }
    table.into_rows()
}

/// RFC 9068 §2.2 and §4.
fn profile() -> Vec<Row> {
    let forge = Forge::new();
    let verifier = builder::<User>(forge.secret()).rfc9068().build().expect("the settings are right");
    let api = Api::verifying(verifier);
    let mut table = Table::new("rfc9068", api, forge.sign(header("at+jwt"), good()));
    for typ in ["JWT", "jwt", "application/jwt", "logout+jwt"] {
        table.bad(&format!("typ {typ}"), forge.sign(header(typ), good()), Invalid("wrong_type"));
    }
    table.bad("no typ", forge.sign(r#"{"alg":"HS256"}"#, good()), Invalid("wrong_type"));
    for typ in ["AT+JWT", "application/at+jwt", "Application/At+Jwt"] {
        let twin = forge.sign(header(typ), good());
        let bad = forge.sign(header(typ), without("jti"));
        table.pair(&format!("typ {typ} without jti"), twin, bad, Invalid("missing_claim"));
    }
    for claim in ["sub", "client_id", "iat", "exp"] {
        let bad = forge.sign(header("at+jwt"), without(claim));
        table.bad(&format!("no {claim}"), bad, Invalid("missing_claim"));
    }
    table.into_rows()
}

/// What marks another kind is accepted where `typ` says `at+jwt`, and nowhere else.
fn marks() -> Vec<Row> {
    let forge = Forge::new();
    let api = Api::verifying(builder::<User>(forge.secret()).build().expect("the settings are right"));
    let mut table = Table::new("mark of another kind", api, forge.sign(header("JWT"), good()));
    for (member, value) in [
        ("nonce", json!("canary-nonce")),
        ("nonce", Value::Null),
        ("at_hash", json!("canary-hash")),
        ("events", json!({ "http://schemas.openid.net/event/backchannel-logout": {} })),
        ("token_use", json!("id")),
        ("token_use", json!("refresh")),
        ("token_use", json!("Access")),
        ("typ", json!("ID")),
        ("typ", json!("Refresh")),
        ("typ", json!("Offline")),
        ("typ", json!("Logout")),
        ("typ", json!("")),
    ] {
        let payload = and(&format!(r#""{member}":{value}"#));
        let (twin, bad) = (forge.sign(header("at+jwt"), &payload), forge.sign(header("JWT"), &payload));
        table.pair(&format!("{member} {value}, not at+jwt"), twin, bad, Invalid("other_token_kind"));
    }
    for (name, good, bad) in [
        ("token_use other than access", r#""token_use":"access""#, r#""token_use":"acces""#),
        ("typ other than Bearer", r#""typ":"Bearer""#, r#""typ":"Bear""#),
        ("nonce in escapes", r#""nonc":"e""#, r#""n\u006fnce":"e""#),
    ] {
        let header = r#"{"alg":"HS256"}"#;
        table.pair(
            name,
            forge.sign(header, and(good)),
            forge.sign(header, and(bad)),
            Invalid("other_token_kind"),
        );
    }
    for member in [r#""token_use":1"#, r#""token_use":null"#, r#""typ":["Bearer"]"#, r#""typ":null"#] {
        table.bad(member, forge.sign(header("JWT"), and(member)), Invalid("mistyped_claim"));
        let bad = forge.sign(header("at+jwt"), and(member));
        table.bad(&format!("{member} in at+jwt"), bad, Invalid("mistyped_claim"));
    }
    table.into_rows()
}

/// A token that is bound to a key is no bearer token (RFC 9449 §7.1, RFC 8705 §3).
fn bindings() -> Vec<Row> {
    let forge = Forge::new();
    let api = Api::verifying(builder::<User>(forge.secret()).build().expect("the settings are right"));
    let mut table = Table::new("cnf", api, forge.sign(header("at+jwt"), good()));
    for value in [
        r#"{"jkt":"canary-thumbprint"}"#,
        r#"{"x5t#S256":"canary-thumbprint"}"#,
        r#"{"jwk":{"kty":"EC"}}"#,
        r#"{"kid":"canary-kid"}"#,
        "{}",
        "null",
        "\"canary-binding\"",
        "[]",
    ] {
        let bad = and(&format!(r#""cnf":{value}"#));
        table.bad(value, forge.sign(header("at+jwt"), bad), Invalid("unexpected_binding"));
    }
    let escaped = and(r#""\u0063nf":{"jkt":"canary-thumbprint"}"#);
    table.bad("in escapes", forge.sign(header("at+jwt"), escaped), Invalid("unexpected_binding"));
    table.into_rows()
}
