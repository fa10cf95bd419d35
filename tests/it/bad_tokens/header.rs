//! The header's JSON, and members that change what a signature means.

use jwtower_tests::{Forge, HEADER};

use super::{Answer::Invalid, Api, Row, Table, User, builder, good};

/// Headers that are accepted: members that nobody knows change nothing.
const ACCEPTED: [&str; 8] = [
    r#"{"alg":"HS256"}"#,
    r#"{"alg":"HS256","kid":"any"}"#,
    r#"{"typ":"JWT","alg":"HS256"}"#,
    " {\n\t\"alg\" : \"HS256\"\r} ",
    r#"{"\u0061lg":"HS\u0032\u0035\u0036"}"#,
    r#"{"alg":"HS256","cty":"JWT","x":{"crit":[{"zip":null}]},"nonce":"n","url":1e999}"#,
    r#"{"alg":"HS256","critical":["exp"],"B64":false,"Zip":"DEF"}"#,
    r#"{"alg":"HS256","":{},"é":[]}"#,
];

pub(super) fn rows() -> Vec<Row> {
    let forge = Forge::new();
    let api = Api::verifying(builder::<User>(forge.secret()).build().expect("the settings are right"));
    let signed = |header: &[u8]| forge.sign(header, good());
    let mut table = Table::new("header", api, signed(HEADER.as_bytes()));

    // Each accepted form is the twin of one that adds a second `alg`.
    for header in ACCEPTED {
        let twice = header.replacen('{', r#"{"alg":"HS256","#, 1);
        let name = format!("a second alg in {header:?}");
        table.pair(
            &name,
            signed(header.as_bytes()),
            signed(twice.as_bytes()),
            Invalid("duplicate_header_member"),
        );
    }
    for (header, code) in [
        (r#"{"alg":"HS256","\u0061lg":"HS256"}"#, "duplicate_header_member"),
        (r#"{"alg":"HS256","alg":"none"}"#, "duplicate_header_member"),
        (r#"{"alg":"HS256","kid":"a","kid":"a"}"#, "duplicate_header_member"),
        (r#"{"alg":"HS256","kid":"a","k\u0069d":"b"}"#, "duplicate_header_member"),
        (r#"{"alg":"HS256","typ":"JWT","typ":"at+jwt"}"#, "duplicate_header_member"),
        (r#"{"alg":"HS256","x":1,"x":1}"#, "duplicate_header_member"),
        (r#"{"alg":"HS256","x":1,"\u0078":2}"#, "duplicate_header_member"),
        (r#"{"alg":"HS256","":1,"":1}"#, "duplicate_header_member"),
        (r#"{"alg":"HS256","crit":[]}"#, "unsupported_header"),
        (r#"{"alg":"HS256","crit":["exp"],"exp":1900000000}"#, "unsupported_header"),
        (r#"{"alg":"HS256","crit":["x"]}"#, "unsupported_header"),
        (r#"{"alg":"HS256","crit":["alg"]}"#, "unsupported_header"),
        (r#"{"alg":"HS256","crit":null}"#, "unsupported_header"),
        (r#"{"alg":"HS256","cr\u0069t":["x"],"x":1}"#, "unsupported_header"),
        (r#"{"alg":"HS256","crit":["b64"],"b64":true}"#, "unsupported_header"),
        (r#"{"alg":"HS256","b64":true}"#, "unsupported_header"),
        (r#"{"alg":"HS256","b64":false}"#, "unsupported_header"),
        (r#"{"alg":"HS256","zip":"DEF"}"#, "unsupported_header"),
        (r#"{"alg":"HS256","zip":null}"#, "unsupported_header"),
        (r#"{"kid":"a"}"#, "invalid_header"),
        (r#"{"ALG":"HS256"}"#, "invalid_header"),
        (r#"{"alg ":"HS256"}"#, "invalid_header"),
        (r#"{}"#, "invalid_header"),
        (r#"{"alg":null}"#, "invalid_header"),
        (r#"{"alg":256}"#, "invalid_header"),
        (r#"{"alg":true}"#, "invalid_header"),
        (r#"{"alg":["HS256"]}"#, "invalid_header"),
        (r#"{"alg":{"name":"HS256"}}"#, "invalid_header"),
        (r#"{"alg":"HS256","typ":null}"#, "invalid_header"),
        (r#"{"alg":"HS256","typ":1}"#, "invalid_header"),
        (r#"{"alg":"HS256","typ":["JWT"]}"#, "invalid_header"),
        (r#"{"alg":"HS256","typ":"\ud800"}"#, "invalid_header"),
        (r#"{"alg":"HS256","\udc00":1}"#, "invalid_header"),
        (r#"["HS256"]"#, "invalid_header"),
        (r#"[{"alg":"HS256"}]"#, "invalid_header"),
        (r#""HS256""#, "invalid_header"),
        ("null", "invalid_header"),
        ("256", "invalid_header"),
        (" ", "invalid_header"),
        ("\u{feff}{\"alg\":\"HS256\"}", "invalid_header"),
        (r#"{"alg":"HS256"}{"alg":"HS256"}"#, "invalid_header"),
        (r#"{"alg":"HS256"},"#, "invalid_header"),
        ("{\"alg\":\"HS256\"}\0", "invalid_header"),
        (r#"{"alg":"HS256",}"#, "invalid_header"),
        (r#"{"alg":"HS256""#, "invalid_header"),
        (r#"{"alg":"HS256","x"}"#, "invalid_header"),
        (r#"{"alg":"HS256","x":01}"#, "invalid_header"),
        (r#"{"alg":"HS256","x":NaN}"#, "invalid_header"),
        ("{\"alg\":\"HS256\",\"x\":\"a\nb\"}", "invalid_header"),
        (r#"{'alg':'HS256'}"#, "invalid_header"),
        (r#"{alg:"HS256"}"#, "invalid_header"),
        (r#"{"alg":"HS256"}//"#, "invalid_header"),
    ] {
        table.bad(&format!("{header:?}"), signed(header.as_bytes()), Invalid(code));
    }
    for (name, header) in [
        ("a byte that is no UTF-8", b"{\"alg\":\"HS256\",\"x\":\"\xff\"}".as_slice()),
        ("an overlong byte sequence", b"{\"alg\":\"HS256\",\"x\":\"\xc0\xaf\"}"),
        ("a surrogate in UTF-8", b"{\"alg\":\"HS256\",\"x\":\"\xed\xa0\x80\"}"),
        ("UTF-16", b"{\0\"\0a\0l\0g\0\"\0:\0\"\0H\0S\x002\x005\x006\0\"\0}\0"),
    ] {
        table.bad(name, signed(header), Invalid("invalid_header"));
    }
    table.into_rows()
}
