//! Tokens that want to do something to the terminal or to the program.

use jwtower_tests::{Forge, encode};
use serde_json::{Value, json};

use super::super::program;

/// What moves a cursor, hides, or turns the direction of writing.
const HOSTILE: &str =
    "\u{1b}]0;owned\u{7}\u{1b}[2J\u{9b}31m\r\u{8}\u{7f}\u{202e}\u{2066}\u{200b}\u{feff}\u{2028}\u{e0041}";

/// Whether a text can be shown anywhere; line breaks are ours.
fn assert_harmless(text: &str) {
    let is_hostile = |c: char| c.is_control() || (!c.is_ascii() && HOSTILE.contains(c));
    let found = text.chars().find(|character| *character != '\n' && is_hostile(*character));
    assert_eq!(found, None, "{text:?}");
}

#[test]
fn nothing_of_a_token_reaches_the_terminal_as_a_command() {
    let forge = Forge::new();
    let header = json!({"alg": HOSTILE, "typ": HOSTILE, "kid": HOSTILE, HOSTILE: HOSTILE, "jwk": {HOSTILE: [HOSTILE]}});
    let claims = json!({
        "iss": HOSTILE, "sub": [HOSTILE], "scope": format!("a {HOSTILE}"), HOSTILE: HOSTILE,
        "x": {"password": {HOSTILE: HOSTILE}, HOSTILE: {"email": HOSTILE}}, "y": ["a".repeat(99), HOSTILE],
    });
    let encrypted = json!({"alg": HOSTILE, "enc": HOSTILE, "cty": HOSTILE}).to_string();
    let raw = format!("{{\"a\":\"{}", HOSTILE.replace(['\u{1b}', '\u{7}', '\r', '\u{8}'], ""));
    for token in [
        forge.sign(header.to_string(), claims.to_string()),
        // Written as they are, as far as JSON allows that.
        forge.sign(header.to_string(), format!("{raw}\"}}")),
        forge.sign(header.to_string(), raw),
        forge.sign(header.to_string(), HOSTILE),
        format!("{}.a.b.c.d", encode(encrypted)),
    ] {
        for arguments in [&["inspect"][..], &["inspect", "--json"]] {
            let outcome = program(arguments).stdin(&token).run();
            assert_eq!((outcome.code, &*outcome.stderr), (0, ""));
            assert_harmless(&outcome.stdout);
            assert!(
                outcome.stdout.contains("owned")
                    || token.ends_with(".a.b.c.d")
                    || outcome.stdout.contains("31m")
            );
        }
    }
    let json = program(["inspect", "--json"]).stdin(forge.sign(header.to_string(), claims.to_string())).run();
    let report: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!((&report["header"], &report["claims"]), (&header, &claims), "nothing is lost");
}

#[test]
fn nothing_of_the_input_reaches_the_terminal_where_it_is_refused() {
    for input in [HOSTILE.to_owned(), format!("Cookie: {HOSTILE}={HOSTILE}; b=c"), format!("x.{HOSTILE}.y")] {
        let outcome = program(["inspect"]).stdin(input).run();
        assert_harmless(outcome.failure());
    }
    for arguments in [["inspect", "--at", HOSTILE], ["inspect", "--decrypt-key", HOSTILE]] {
        let encrypted = format!("{}.a.b.c.d", encode("{}"));
        let outcome =
            program(arguments.map(|argument| argument.trim_end_matches('\0'))).stdin(encrypted).run();
        assert_eq!(outcome.code, 2);
        assert_harmless(&outcome.stderr);
    }
}

#[test]
fn any_input_gets_an_answer() {
    let forge = Forge::new();
    let deep = format!(r#"{{"x":{}{}}}"#, "[".repeat(30_000), "]".repeat(30_000));
    let objects = format!("{}1{}", r#"{"x":"#.repeat(5_000), "}".repeat(5_000));
    let many: Vec<_> =
        (0..5_000).map(|number| format!(r#""email{}":"a@example.com""#, number % 2_000)).collect();
    for payload in [deep, objects, format!("{{{}}}", many.join(",")), "[".repeat(50_000), "9".repeat(50_000)]
    {
        for arguments in [&["inspect"][..], &["inspect", "--json"]] {
            let outcome = program(arguments).stdin(forge.sign(super::HEADER, &payload)).run();
            assert_eq!((outcome.code, &*outcome.stderr), (0, ""));
            assert!(outcome.stdout.contains("token_too_large"));
        }
    }
}
