//! Every registered claim has one type (RFC 7519 §4.1), and `iss` one spelling.

use jwtower::Verifier;
use jwtower_tests::{AUDIENCE, Forge, HEADER, ISSUER};
use serde_json::{Value, json};

use super::{Answer::Invalid, Api, Row, Table, User, and, builder, good, row::standing_clock, with, without};

pub(super) fn rows() -> Vec<Row> {
    [texts(), dates(), issuer(), any_issuer()].concat()
}

fn table(subject: &'static str, forge: &Forge) -> Table {
    let verifier = builder::<User>(forge.secret()).build().expect("the settings are right");
    Table::new(subject, Api::verifying(verifier), forge.sign(HEADER, good()))
}

fn texts() -> Vec<Row> {
    let forge = Forge::new();
    let mut table = table("a claim that is a text", &forge);
    for claim in ["iss", "sub", "jti", "sid", "client_id", "acr"] {
        for value in
            [json!(1_234_567), json!(null), json!(true), json!(["canary-item"]), json!({ "a": "canary" })]
        {
            table.bad(
                &format!("{claim}: {value}"),
                forge.sign(HEADER, with(claim, value)),
                Invalid("mistyped_claim"),
            );
        }
        let surrogate = without(claim).replacen('{', &format!(r#"{{"{claim}":"\ud800","#), 1);
        table.bad(
            &format!("{claim} with a lone surrogate"),
            forge.sign(HEADER, surrogate),
            Invalid("mistyped_claim"),
        );
    }
    for value in [
        json!(7),
        json!(null),
        json!(false),
        json!({}),
        json!([1]),
        json!([AUDIENCE, 1]),
        json!([[AUDIENCE]]),
    ] {
        table.bad(
            &format!("aud: {value}"),
            forge.sign(HEADER, with("aud", value)),
            Invalid("mistyped_claim"),
        );
    }
    table.into_rows()
}

fn dates() -> Vec<Row> {
    let forge = Forge::new();
    let mut table = table("a claim that is a date", &forge);
    for claim in ["exp", "nbf", "iat", "auth_time"] {
        for value in ["\"1800000600\"", "null", "true", "[1800000600]", "{}", "1e309", "-1e309", "\"\""] {
            let bad = without(claim).replacen('{', &format!(r#"{{"{claim}":{value},"#), 1);
            table.bad(&format!("{claim}: {value}"), forge.sign(HEADER, bad), Invalid("mistyped_claim"));
        }
    }
    // Not in the twin, and so of the wrong type as soon as it stands there.
    table.bad(
        "exp in escapes, a text",
        forge.sign(HEADER, without("exp").replacen('{', r#"{"\u0065xp":"x","#, 1)),
        Invalid("mistyped_claim"),
    );
    table.into_rows()
}

/// Compared byte by byte (RFC 7519 §4.1.1, §7.3).
fn issuer() -> Vec<Row> {
    let forge = Forge::new();
    let mut table = table("iss", &forge);
    for issuer in [
        "https://login.example.com/",
        "https://LOGIN.example.com",
        "HTTPS://login.example.com",
        "http://login.example.com",
        "https://login.example.com:443",
        "https://login.example.com.attacker.example",
        "https://login.example.co",
        "https://login.example.com ",
        " https://login.example.com",
        "https://login.example.com\u{0}",
        "https://login.example.com#x",
        "https://login%2eexample.com",
        "https://user@login.example.com",
        "login.example.com",
        "https://lоgin.example.com",
        "https://attacker.example",
        "",
        "*",
    ] {
        table.bad(
            &format!("{issuer:?}"),
            forge.sign(HEADER, with("iss", issuer)),
            Invalid("issuer_mismatch"),
        );
    }
    table.bad("missing", forge.sign(HEADER, without("iss")), Invalid("issuer_mismatch"));
    table.bad("as an array", forge.sign(HEADER, with("iss", json!([ISSUER]))), Invalid("mistyped_claim"));
    let escaped = |letter: &str| {
        let iss = format!(r#"{{"iss":"https:\/\/login.e{letter}ample.com","#);
        forge.sign(HEADER, without("iss").replacen('{', &iss, 1))
    };
    table.pair(
        "escapes of other letters",
        escaped(r"\u0078"),
        escaped(r"\u0058"),
        Invalid("issuer_mismatch"),
    );
    table.into_rows()
}

/// The door behind `.dangerous()` opens one check and no other.
fn any_issuer() -> Vec<Row> {
    let forge = Forge::new();
    let verifier = Verifier::<User>::builder()
        .keys(forge.secret())
        .dangerous()
        .any_issuer()
        .audience(AUDIENCE)
        .clock(standing_clock())
        .build()
        .expect("the settings are right");
    let elsewhere = |mut members: Value| {
        members["iss"] = "https://elsewhere.example".into();
        forge.sign(HEADER, members.to_string())
    };
    let changed = |name: &str, value: Value| {
        let mut members: Value = serde_json::from_str(&good()).expect("it is JSON");
        members[name] = value;
        elsewhere(members)
    };
    let mut table = Table::new("any issuer", Api::verifying(verifier), changed("x", json!(1)));
    table.bad(
        "another audience",
        changed("aud", json!("https://other.example")),
        Invalid("audience_mismatch"),
    );
    table.bad("a mistyped sub", changed("sub", json!(1)), Invalid("mistyped_claim"));
    let twin = forge.sign(HEADER, without("iss"));
    table.pair(
        "an iss that is a number",
        twin,
        forge.sign(HEADER, with("iss", 1)),
        Invalid("mistyped_claim"),
    );
    table.pair(
        "bound",
        forge.sign(HEADER, good()),
        forge.sign(HEADER, and(r#""cnf":{}"#)),
        Invalid("unexpected_binding"),
    );
    table.into_rows()
}
