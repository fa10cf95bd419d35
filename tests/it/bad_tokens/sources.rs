//! The other places where a token may stand: a subprotocol, and a header of the application's own.

use jwtower::{
    JwtAuthLayer, Verifier,
    source::{Header, WebSocketProtocol},
};
use jwtower_tests::{Forge, HEADER};

use super::{
    Answer::{Anonymous, BadRequest, Invalid},
    Api, Row, Sent, Table, User, builder, good,
};

pub(super) fn rows() -> Vec<Row> {
    [subprotocol(), bare_header(), prefixed_header()].concat()
}

fn verifier(forge: &Forge) -> Verifier<User> {
    builder(forge.secret()).build().expect("the settings are right")
}

fn subprotocol() -> Vec<Row> {
    const NAME: &str = "sec-websocket-protocol";
    let forge = Forge::new();
    let source = WebSocketProtocol::new("bearer").expect("it is a word");
    let api = Api::behind(JwtAuthLayer::new(verifier(&forge)).only_from(source));
    let token = forge.sign(HEADER, good());
    let sent = |lines: &[String]| Sent::lines(lines.iter().map(|line| (NAME, line.as_bytes())));
    let mut table = Table::new("subprotocol", api, sent(&[format!("bearer, {token}")]));
    for (name, lines) in [
        ("the marker alone", vec!["bearer".into()]),
        ("the token before the marker", vec![format!("{token}, bearer")]),
        ("the marker twice", vec![format!("bearer, bearer, {token}")]),
        ("a second marker behind", vec![format!("bearer, {token}, bearer")]),
        ("a second marker on a second line", vec![format!("bearer, {token}"), "bearer".into()]),
        ("two tokens on two lines", vec![format!("bearer, {token}"), format!("bearer, {token}")]),
        ("quotes", vec![format!("bearer, \"{token}\"")]),
        ("a space in the token", vec![format!("bearer, {} x", &token)]),
        ("a semicolon", vec![format!("bearer, {token};q=1")]),
        ("a letter outside ASCII", vec![format!("bearer, {token}é")]),
    ] {
        table.bad(name, sent(&lines), BadRequest("malformed_header"));
    }
    for (name, lines) in [
        ("no marker", vec![token.clone()]),
        ("another marker", vec![format!("token, {token}")]),
        ("a marker in another case", vec![format!("Bearer, {token}")]),
        ("no comma", vec![format!("bearer {token}")]),
        ("a dot for the comma", vec![format!("bearer.{token}")]),
        ("nothing", vec![]),
    ] {
        table.bad(name, sent(&lines), Anonymous("missing_token"));
    }
    let (twin, bad) = (["bearer".into(), token.clone()], ["bearer".into(), format!("{token}A")]);
    table.pair("a letter more, on two lines", sent(&twin), sent(&bad), Invalid("bad_signature"));
    let (twin, bad) = (format!("chat, bearer, {token}"), format!("chat, bearer, A{token}"));
    table.pair("a letter more, behind another", sent(&[twin]), sent(&[bad]), Invalid("malformed_token"));
    table.bad(
        "something else after the marker",
        sent(&[format!("bearer, chat, {token}")]),
        Invalid("malformed_token"),
    );
    table.bad(
        "in Authorization",
        Sent::line("authorization", format!("Bearer {token}")),
        Anonymous("missing_token"),
    );
    table.into_rows()
}

fn bare_header() -> Vec<Row> {
    let forge = Forge::new();
    let source = Header::new("x-api-token").expect("it is a header's name");
    let api = Api::behind(JwtAuthLayer::new(verifier(&forge)).only_from(source));
    let token = forge.sign(HEADER, good());
    let sent = |value: String| Sent::line("x-api-token", value);
    let mut table = Table::new("bare header", api, sent(token.clone()));
    for (name, value) in [
        ("a scheme before", format!("Bearer {token}")),
        ("a list", format!("{token}, {token}")),
        ("a comma behind", format!("{token},")),
        ("quotes", format!("\"{token}\"")),
        ("a tab inside", token.replacen('.', "\t.", 1)),
        ("a letter outside ASCII", format!("{token}é")),
        ("only padding", "==".to_owned()),
    ] {
        table.bad(name, sent(value), BadRequest("malformed_header"));
    }
    let twice = Sent::lines([("x-api-token", token.as_bytes()), ("X-Api-Token", token.as_bytes())]);
    table.bad("twice", twice, BadRequest("repeated_header"));
    table.bad("empty", sent(String::new()), Anonymous("missing_token"));
    table.bad("in Authorization", token, Anonymous("missing_token"));
    table.into_rows()
}

fn prefixed_header() -> Vec<Row> {
    let forge = Forge::new();
    let source = Header::with_prefix("x-auth", "Token").expect("it is a word");
    let api = Api::behind(JwtAuthLayer::new(verifier(&forge)).only_from(source));
    let token = forge.sign(HEADER, good());
    let sent = |value: String| Sent::line("x-auth", value);
    let mut table = Table::new("prefixed header", api, sent(format!("Token {token}")));
    for (name, value) in [
        ("the prefix alone", "Token".to_owned()),
        ("a tab for the space", format!("Token\t{token}")),
        ("an equals sign for the space", format!("Token={token}")),
        ("a list", format!("Token {token}, Token {token}")),
        ("a comma behind", format!("token {token},")),
    ] {
        table.bad(name, sent(value), BadRequest("malformed_header"));
    }
    for (name, value) in [
        ("no prefix", token.clone()),
        ("another prefix", format!("Bearer {token}")),
        ("no space", format!("Token{token}")),
    ] {
        table.bad(name, sent(value), Anonymous("other_scheme"));
    }
    let line = format!("Token {token}");
    let twice = Sent::lines([("x-auth", line.as_bytes()); 2]);
    table.bad("twice", twice, BadRequest("repeated_header"));
    table.into_rows()
}
