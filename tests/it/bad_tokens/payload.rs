//! The payload's JSON.

use jwtower_tests::{Forge, HEADER};

use super::{Answer::Invalid, Api, Row, Table, User, and, builder, good};

pub(super) fn rows() -> Vec<Row> {
    [json(), bytes(), repeated(), nested()].concat()
}

fn table(subject: &'static str, forge: &Forge) -> Table {
    let verifier = builder::<User>(forge.secret()).build().expect("the settings are right");
    Table::new(subject, Api::verifying(verifier), forge.sign(HEADER, good()))
}

fn json() -> Vec<Row> {
    let (forge, good) = (Forge::new(), good());
    let inner = &good[1..good.len() - 1];
    let mut table = table("payload", &forge);
    for (name, payload) in [
        ("an array", format!("[{good}]")),
        ("an array of pairs", r#"[["iss","x"]]"#.into()),
        ("a string", r#""canary-payload""#.into()),
        ("a number", "1800000600".into()),
        ("null", "null".into()),
        ("true", "true".into()),
        ("only spaces", "   ".into()),
        ("two objects", format!("{good}{good}")),
        ("a comma behind", format!("{good},")),
        ("a brace behind", format!("{good}}}")),
        ("a zero byte behind", format!("{good}\0")),
        ("a word behind", format!("{good} x")),
        ("a byte order mark", format!("\u{feff}{good}")),
        ("no closing brace", format!("{{{inner}")),
        ("no opening brace", format!("{inner}}}")),
        ("a comma before the brace", format!("{{{inner},}}")),
        ("no comma between members", and("").replacen(",\"", "\"", 1)),
        ("a member without a value", and(r#""x""#)),
        ("a member without a name", and(r#":1"#)),
        ("a name without quotes", and("x:1")),
        ("a name that is a number", and("1:1")),
        ("single quotes", and("'x':1")),
        ("NaN", and(r#""x":NaN"#)),
        ("infinity", and(r#""x":-Infinity"#)),
        ("a leading zero", and(r#""x":01"#)),
        ("a plus sign", and(r#""x":+1"#)),
        ("a number that ends in a dot", and(r#""x":1."#)),
        ("a number that starts with a dot", and(r#""x":.1"#)),
        ("a number in hex", and(r#""x":0x1"#)),
        ("True", and(r#""x":True"#)),
        ("a line break in a string", and("\"x\":\"a\nb\"")),
        ("a tab in a name", and("\"x\t\":1")),
        ("an unknown escape", and(r#""x":"\x41""#)),
        ("half an escape", and(r#""x":"\u12""#)),
        ("a comment", and(r#""x":1/* */"#)),
        ("a wrong bracket", and(r#""x":[1}"#)),
        ("an open array", and(r#""x":[1"#)),
        ("an open string", and(r#""x":"a"#)),
        ("a lone surrogate in a name", and(r#""\ud800":1"#)),
    ] {
        table.bad(name, forge.sign(HEADER, payload), Invalid("invalid_payload"));
    }
    // The twins show that the same members pass when they are well formed.
    for (name, good, bad) in [
        ("a leading zero in an exponent's number", r#""x":1e01"#, r#""x":01e1"#),
        ("a raw byte where an escape was", r#""x":"\u0001""#, "\"x\":\"\u{1}\""),
        ("a missing digit", r#""x":-0.0"#, r#""x":-"#),
        ("one quote too many", r#""x":"\"""#, r#""x":"""""#),
    ] {
        table.pair(
            name,
            forge.sign(HEADER, and(good)),
            forge.sign(HEADER, and(bad)),
            Invalid("invalid_payload"),
        );
    }
    table.into_rows()
}

fn bytes() -> Vec<Row> {
    let (forge, good) = (Forge::new(), and(r#""x":"@","é":"€""#));
    let mut table = table("payload bytes", &forge);
    for (name, bytes) in [
        ("a byte of no character", b"\xff".as_slice()),
        ("a lone continuation", b"\x80"),
        ("half a character", b"\xc3"),
        ("an overlong slash", b"\xc0\xaf"),
        ("a surrogate", b"\xed\xa0\x80"),
        ("beyond Unicode", b"\xf4\x90\x80\x80"),
        ("Latin-1", b"\xe9"),
    ] {
        let bad: Vec<u8> =
            good.bytes().flat_map(|byte| if byte == b'@' { bytes.to_vec() } else { vec![byte] }).collect();
        table.pair(name, forge.sign(HEADER, &good), forge.sign(HEADER, bad), Invalid("invalid_payload"));
    }
    let utf16: Vec<u8> = good.encode_utf16().flat_map(u16::to_le_bytes).collect();
    table.bad("UTF-16", forge.sign(HEADER, utf16), Invalid("invalid_payload"));
    table.into_rows()
}

/// Two parsers would read two different tokens.
fn repeated() -> Vec<Row> {
    let forge = Forge::new();
    let mut table = table("payload twice", &forge);
    for member in [
        r#""iss":"https://login.example.com""#,
        r#""iss":"https://attacker.example""#,
        r#""\u0069ss":"https://attacker.example""#,
        r#""aud":"https://api.example.com""#,
        r#""a\u0075d":["https://other.example"]"#,
        r#""exp":9000000000"#,
        r#""e\u0078p":9000000000"#,
        r#""exp":"x""#,
        r#""nbf":0"#,
        r#""iat":0"#,
        r#""sub":"canary-other""#,
        r#""\u0073\u0075\u0062":"canary-other""#,
        r#""jti":null"#,
        r#""sid":"canary-other""#,
        r#""client_id":"canary-other""#,
        r#""name":"Canary Other""#,
        r#""n\u0061me":"Canary Other""#,
        r#""tenant":"canary-other""#,
        r#""roles":["admin"]"#,
        r#""\u0072oles":["admin"]"#,
        r#""permissions":[]"#,
        r#""scope":"admin""#,
    ] {
        table.bad(member, forge.sign(HEADER, and(member)), Invalid("duplicate_claim"));
    }
    for (name, good, bad) in [
        ("a member that nobody reads", r#""x":1,"y":1"#, r#""x":1,"x":1"#),
        ("the same in escapes", r#""x":1,"\u0079":1"#, r#""x":1,"\u0078":1"#),
        ("both in escapes", r#""\u0078":1,"\u0079":1"#, r#""\u0078":1,"\u0078":1"#),
        ("a name with a slash", r#""a/b":1,"a/c":1"#, r#""a/b":1,"a\/b":1"#),
        ("the empty name", r#""":1,"x":1"#, r#""":1,"":1"#),
        ("a name beyond the first plane", r#""😀":1,"😁":1"#, r#""😀":1,"\ud83d\ude00":1"#),
    ] {
        table.pair(
            name,
            forge.sign(HEADER, and(good)),
            forge.sign(HEADER, and(bad)),
            Invalid("duplicate_claim"),
        );
    }
    let many = |last: usize| {
        let names = (0..200).chain([last]);
        and(&names.map(|name| format!(r#""x{name}":0"#)).collect::<Vec<_>>().join(","))
    };
    let (twin, bad) = (forge.sign(HEADER, many(200)), forge.sign(HEADER, many(150)));
    table.pair("one name of two hundred", twin, bad, Invalid("duplicate_claim"));
    table.into_rows()
}

/// Nesting is bounded also where nobody reads.
fn nested() -> Vec<Row> {
    let forge = Forge::new();
    let mut table = table("nesting", &forge);
    let arrays = |depth: usize| and(&format!(r#""x":{}{}"#, "[".repeat(depth - 1), "]".repeat(depth - 1)));
    let objects =
        |depth: usize| and(&format!(r#""x":{}0{}"#, r#"{"a":"#.repeat(depth - 1), "}".repeat(depth - 1)));
    for (name, twin, bad) in [
        ("129 arrays", arrays(128), arrays(129)),
        ("129 objects", objects(128), objects(129)),
        ("5,000 arrays", arrays(2), arrays(5000)),
        ("2,000 objects", objects(2), objects(1400)),
        (
            "brackets that a string does not hide",
            and(&format!(r#""x":"{}""#, "[".repeat(3000))),
            and(&format!(r#""x":"","y":{}{}"#, "[".repeat(3000), "]".repeat(3000))),
        ),
        (
            "behind an escaped backslash",
            and(&format!(r#""x":"\\\"{}""#, "[".repeat(1000))),
            and(&format!(r#""x":"\\","y":{}{}"#, "[".repeat(1000), "]".repeat(1000))),
        ),
    ] {
        table.pair(name, forge.sign(HEADER, twin), forge.sign(HEADER, bad), Invalid("nested_too_deep"));
    }
    let open = and(&format!(r#""x":{}"#, "[".repeat(5000)));
    table.bad("5,000 arrays that never close", forge.sign(HEADER, open), Invalid("nested_too_deep"));
    table.into_rows()
}
