//! What our cookie may hold: the token as it is.

use jwtower_tests::{Forge, HEADER};

use super::{
    Answer::{Anonymous, BadRequest, Expired, Invalid},
    Api, COOKIE, Demand, Row, Table, cookie, good, source, table,
};
use crate::bad_tokens::{NOW, with};

pub(super) fn rows(demand: Demand) -> Vec<Row> {
    [forms(demand), tokens(demand)].concat()
}

fn forms(demand: Demand) -> Vec<Row> {
    let (token, mut table) = table("a value", demand);
    let escaped: String = token.bytes().map(|byte| format!("%{byte:02X}")).collect();
    for (name, value) in [
        ("in quotes", format!("\"{token}\"")),
        ("behind a quote", format!("\"{token}")),
        ("before a quote", format!("{token}\"")),
        ("in single quotes", format!("'{token}'")),
        ("two quotes and nothing", "\"\"".to_owned()),
        ("with its dots escaped", token.replace('.', "%2E")),
        ("all of it escaped", escaped),
        ("with a percent sign behind", format!("{token}%")),
        ("with a space inside", token.replacen('.', ". ", 1)),
        ("with a tab inside", token.replacen('.', ".\t", 1)),
        ("behind a space", format!(" {token}")),
        ("behind a tab", format!("\t{token}")),
        ("behind a scheme", format!("Bearer {token}")),
        ("behind an escaped scheme", format!("Bearer%20{token}")),
        ("behind a signer's letter", format!("s:{token}")),
        ("behind an equals sign", format!("={token}")),
        ("as another's value", format!("token={token}")),
        ("twice, with a comma", format!("{token},{token}")),
        ("twice, with a comma and a space", format!("{token}, {token}")),
        ("twice, with a line feed escaped", format!("{token}\\n{token}")),
        ("before a comma", format!("{token},")),
        ("before a bar", format!("{token}|1")),
        ("in braces", format!("{{{token}}}")),
        ("in angle brackets", format!("<{token}>")),
        ("before a letter outside ASCII", format!("{token}é")),
        ("behind a no-break space", format!("\u{a0}{token}")),
        ("only padding", "==".to_owned()),
    ] {
        table.bad(name, cookie(format!("{COOKIE}{value}")), BadRequest("malformed_header"));
    }
    for (name, byte) in [("a byte of no character", b"\xff"), ("a byte of Latin-1", b"\xe9")] {
        let value = [COOKIE.as_bytes(), token.as_bytes(), byte].concat();
        table.bad(name, cookie(value), BadRequest("malformed_header"));
    }
    for (name, value) in [("empty", ""), ("a space", " "), ("spaces and a tab", "  \t ")] {
        table.bad(name, cookie(format!("{COOKIE}{value}")), Anonymous("missing_token"));
        table.bad(
            &format!("{name}, before another"),
            cookie(format!("{COOKIE}{value}; a=b")),
            Anonymous("missing_token"),
        );
    }
    // White space around a cookie is none of it.
    for (name, start, end) in [
        ("a space behind", "", " ; a=b"),
        ("a tab behind", "", "\t; a=b"),
        ("spaces before", "a=b;   ", ""),
        ("a tab before", "a=b;\t", ""),
        ("no space before", "a=b;", ""),
        ("semicolons around", ";; ;", ";;"),
    ] {
        let twin = cookie(format!("{start}{COOKIE}{token}{end}"));
        let bad = cookie(format!("{start}{COOKIE}\"{token}\"{end}"));
        table.pair(&format!("with quotes, {name}"), twin, bad, BadRequest("malformed_header"));
    }
    // Quotes of another cookie hold nothing together (RFC 6265 §5.4).
    let in_quotes = |end: &str| cookie(format!("a=\"b; {COOKIE}{token}{end}"));
    table.pair("in another's quotes", in_quotes(""), in_quotes("\""), BadRequest("malformed_header"));
    table.into_rows()
}

fn tokens(demand: Demand) -> Vec<Row> {
    let forge = Forge::new();
    let token = forge.sign(HEADER, good());
    let api = Api::behind(demand.layer(&forge).only_from(source()));
    let mut table = Table::new("a token", api, cookie(format!("{COOKIE}{token}")));
    for (name, value, answer) in [
        ("a letter longer", format!("{token}A"), Invalid("bad_signature")),
        ("padded", format!("{token}="), Invalid("malformed_token")),
        ("of another key", Forge::new().sign(HEADER, good()), Invalid("bad_signature")),
        ("that has expired", forge.sign(HEADER, with("exp", NOW - 61)), Expired("token_expired")),
        (
            "of another issuer",
            forge.sign(HEADER, with("iss", "https://a.example")),
            Invalid("issuer_mismatch"),
        ),
        ("for another", forge.sign(HEADER, with("aud", "https://a.example")), Invalid("audience_mismatch")),
        ("that is none", "undefined".into(), Invalid("malformed_token")),
        ("that a server deleted", "deleted".into(), Invalid("malformed_token")),
        ("with half of it missing", token[..token.len() / 2].into(), Invalid("malformed_token")),
    ] {
        table.bad(name, cookie(format!("{COOKIE}{value}")), answer);
    }
    table.into_rows()
}
