//! Requests that carry a good token in a bad way (RFC 6750 §2, §3.1).

use jwtower::{JwtAuthLayer, source::Header};
use jwtower_tests::{Forge, HEADER};

use super::{
    Answer::{Anonymous, BadRequest},
    Api, Row, Sent, Table, User, builder, good,
};

const MALFORMED: super::Answer = BadRequest("malformed_header");

pub(super) fn rows() -> Vec<Row> {
    [lines(), schemes(), two_places(), elsewhere()].concat()
}

fn bearer(forge: &Forge) -> Api {
    Api::verifying(builder::<User>(forge.secret()).build().expect("the settings are right"))
}

fn lines() -> Vec<Row> {
    let forge = Forge::new();
    let token = forge.sign(HEADER, good());
    let good = format!("Bearer {token}");
    let mut table = Table::new("two lines", bearer(&forge), &token);
    for (name, first, second) in [
        ("the same twice", &*good, &*good),
        ("a bad one second", &good, "Bearer canary.other.token"),
        ("a bad one first", "Bearer canary.other.token", &good),
        ("Basic second", &good, "Basic Y2FuYXJ5OnNlY3JldA"),
        ("Basic first", "Basic Y2FuYXJ5OnNlY3JldA", &good),
        ("an empty one second", &good, ""),
        ("an empty one first", "", &good),
        ("cut in two", "Bearer", &token),
    ] {
        let lines = [("authorization", first.as_bytes()), ("authorization", second.as_bytes())];
        table.bad(name, Sent::lines(lines), BadRequest("repeated_header"));
    }
    let in_two_cases = [("authorization", good.as_bytes()), ("Authorization", good.as_bytes())];
    table.bad("in two spellings", Sent::lines(in_two_cases), BadRequest("repeated_header"));
    let three = [("authorization", b"Basic a".as_slice()); 3];
    table.bad("three of another scheme", Sent::lines(three), BadRequest("repeated_header"));
    table.into_rows()
}

fn schemes() -> Vec<Row> {
    let forge = Forge::new();
    let token = forge.sign(HEADER, good());
    let mut table = Table::new("authorization", bearer(&forge), &token);
    let line = |value: Vec<u8>| Sent::line("authorization", value);
    for (name, value) in [
        ("nothing after the scheme", "Bearer".to_owned()),
        ("a tab for the space", format!("Bearer\t{token}")),
        ("a tab after the space", format!("Bearer \t{token}")),
        ("a comma for the space", format!("Bearer,{token}")),
        ("a colon for the space", format!("Bearer:{token}")),
        ("an equals sign for the space", format!("Bearer={token}")),
        ("a colon after the scheme", format!("Bearer: {token}")),
        ("quotes", format!("Bearer \"{token}\"")),
        ("angle brackets", format!("Bearer <{token}>")),
        ("a parameter", format!("Bearer token={token}")),
        ("a comma behind", format!("Bearer {token},")),
        ("a semicolon behind", format!("Bearer {token};")),
        ("a second token", format!("Bearer {token} {token}")),
        ("a list of two", format!("Bearer {token}, Bearer {token}")),
        ("a list with Basic", format!("Bearer {token}, Basic Y2FuYXJ5")),
        ("the scheme twice", format!("Bearer Bearer {token}")),
        ("a comma first", format!(",Bearer {token}")),
    ] {
        table.bad(name, line(value.into_bytes()), MALFORMED);
    }
    let bytes = |before: &[u8], after: &[u8]| [before, token.as_bytes(), after].concat();
    for (name, value) in [
        ("a byte of no character", bytes(b"Bearer ", b"\xff")),
        ("a letter in UTF-8", bytes(b"Bearer ", "é".as_bytes())),
        ("a no-break space", bytes(b"Bearer\xc2\xa0", b"")),
        ("a byte before the scheme", bytes(b"\xffBearer ", b"")),
        ("a byte order mark", bytes(b"\xef\xbb\xbfBearer ", b"")),
    ] {
        table.bad(name, line(value), MALFORMED);
    }
    for (name, value) in [
        ("a space behind", format!("Bearer {token} ")),
        ("a tab behind", format!("Bearer {token}\t")),
        ("a space before", format!(" Bearer {token}")),
        ("one space and nothing", "Bearer ".to_owned()),
    ] {
        table.bad(name, line(value.into_bytes()), MALFORMED);
        table.in_memory_only();
    }
    for (name, value) in [
        ("Basic", "Basic Y2FuYXJ5OnNlY3JldA==".to_owned()),
        ("Basic with a token", format!("Basic {token}")),
        ("Digest", "Digest username=\"canary-user\"".to_owned()),
        ("DPoP", format!("DPoP {token}")),
        ("Negotiate", "Negotiate Y2FuYXJ5OnNlY3JldA".to_owned()),
        ("Token", format!("Token {token}")),
        ("no scheme", token.clone()),
        ("no space", format!("Bearer{token}")),
        ("a percent escape for the space", format!("Bearer%20{token}")),
        ("a letter less", format!("Beare {token}")),
        ("a letter more", format!("Bearers {token}")),
        ("another scheme before", format!("Basic a, Bearer {token}")),
    ] {
        table.bad(name, line(value.into_bytes()), Anonymous("other_scheme"));
    }
    table.bad("an empty line", line(vec![]), Anonymous("missing_token"));
    for scheme in ["bearer", "BEARER", "bEaReR", "Bearer  ", "Bearer      "] {
        let twin = line(format!("{scheme} {token}").into_bytes());
        let bad = line(format!("{scheme}x {token}").into_bytes());
        let answer = if scheme.ends_with(' ') { MALFORMED } else { Anonymous("other_scheme") };
        table.pair(&format!("{scheme:?} with one letter more"), twin, bad, answer);
    }
    table.into_rows()
}

fn two_places() -> Vec<Row> {
    let forge = Forge::new();
    let verifier = builder::<User>(forge.secret()).build().expect("the settings are right");
    let custom = Header::new("x-api-token").expect("it is a header's name");
    let api = Api::behind(JwtAuthLayer::new(verifier).also_from(custom));
    let token = forge.sign(HEADER, good());
    let bearer = format!("Bearer {token}");
    let both = |first: &str, second: &str| {
        Sent::lines([("authorization", first.as_bytes()), ("x-api-token", second.as_bytes())])
    };
    let mut table = Table::new("two places", api, &token);
    table.bad("the same token twice", both(&bearer, &token), BadRequest("multiple_tokens"));
    table.bad("another one", both(&bearer, "canary.other.token"), BadRequest("multiple_tokens"));
    let one = Sent::line("x-api-token", &token);
    table.pair(
        "a bad one first",
        one.clone(),
        both("Bearer canary.other.token", &token),
        BadRequest("multiple_tokens"),
    );
    table.bad("a malformed one", both(&bearer, "canary other"), MALFORMED);
    table.pair("a scheme without a token", both("Basic a", &token), both("Bearer", &token), MALFORMED);
    let twice = Sent::lines([("x-api-token", token.as_bytes()); 2]);
    table.pair("the other header twice", one, twice, BadRequest("repeated_header"));
    table.bad("neither", Sent::lines([]), Anonymous("missing_token"));
    table.into_rows()
}

/// There are no tokens in the query, in the body or in other headers (RFC 9700 §4.3.2).
fn elsewhere() -> Vec<Row> {
    let forge = Forge::new();
    let token = forge.sign(HEADER, good());
    let mut table = Table::new("elsewhere", bearer(&forge), &token);
    table.bad("nowhere", Sent::lines([]), Anonymous("missing_token"));
    let query = Sent { target: format!("/?access_token={token}"), ..Sent::lines([]) };
    table.bad("in the query", query, Anonymous("missing_token"));
    let form = Sent::line("content-type", "application/x-www-form-urlencoded");
    let form = Sent { method: "POST", body: format!("access_token={token}"), ..form };
    table.bad("in the body", form, Anonymous("missing_token"));
    for (name, line, value) in [
        ("in a cookie", "cookie", format!("access_token={token}")),
        ("in X-Authorization", "x-authorization", format!("Bearer {token}")),
        ("in Proxy-Authorization", "proxy-authorization", format!("Bearer {token}")),
        ("in Sec-WebSocket-Protocol", "sec-websocket-protocol", format!("bearer, {token}")),
        ("in Authentication", "authentication", format!("Bearer {token}")),
    ] {
        table.bad(name, Sent::line(line, value), Anonymous("missing_token"));
    }
    table.into_rows()
}
