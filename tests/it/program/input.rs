//! A token on its way into the program.

use jwtower_tests::{Forge, HEADER};

use super::program;

/// A token of this subject.
fn token(subject: &str) -> String {
    Forge::new().sign(HEADER, format!(r#"{{"sub":"{subject}"}}"#))
}

/// Why nothing is found in this input.
fn refusal(input: impl AsRef<[u8]>) -> String {
    program(["inspect"]).stdin(input).run().failure().to_owned()
}

/// Whether a token that names alice is found in this input.
fn finds_alice(input: &str) -> bool {
    let outcome = program(["inspect"]).stdin(input).run();
    assert!(outcome.code != 0 || outcome.stderr.is_empty(), "{outcome:?}");
    outcome.code == 0 && outcome.stdout.contains("alice")
}

#[test]
fn a_token_comes_by_standard_input_or_as_an_argument_with_a_hint() {
    let token = token("alice");
    let header = format!("Authorization: Bearer {token}");
    for arguments in [&["inspect"][..], &["inspect", "-"]] {
        let outcome = program(arguments).stdin(&token).run();
        assert_eq!((outcome.code, &*outcome.stderr), (0, ""), "{arguments:?}");
        assert!(outcome.stdout.contains("alice"), "{outcome:?}");
    }
    for arguments in [&["inspect", &token][..], &["inspect", &header], &["inspect", "Bearer", &token]] {
        let outcome = program(arguments).run();
        assert!(outcome.code == 0 && outcome.stdout.contains("alice"), "{outcome:?}");
        assert!(outcome.stderr.starts_with("jwtower: hint: shells keep arguments"), "{outcome:?}");
        assert_eq!(outcome.stderr.lines().count(), 1, "{outcome:?}");
    }
}

#[test]
fn a_token_is_found_in_what_people_paste() {
    let token = token("alice");
    for text in [
        "  {A}\r\n",
        "\u{feff}{A}",
        "\"{A}\"",
        "'{A}'",
        "bearer {A}",
        "DPoP {A}",
        "authorization:bearer {A}",
        "\"Authorization: Bearer {A}\"",
        "-H 'Authorization: Bearer {A}' \\",
        "--header \"authorization: Bearer {A}\"",
        "-H'Authorization: Bearer {A}'",
        "-H $'Authorization: Bearer {A}'",
        "curl -s https://api.example.com/me -H 'Authorization: Bearer {A}'",
        "curl -H 'Authorization: Bearer {A}' https://api.example.com/me?a=b",
        "Cookie: theme=dark; __Host-access={A}; lang=en",
        "cookie: c=\"{A}\"",
        "Cookie: a={A}; b={A}",
        "Set-Cookie: __Host-access={A}; Path=/; Secure; HttpOnly; SameSite=Lax",
        "set-cookie: c={A}",
        "access_token={A}; Path=/",
        "GET /me HTTP/1.1\r\nHost: api.example.com\r\nAuthorization: Bearer {A}\r\nAccept: */*\r\n",
    ] {
        assert!(finds_alice(&text.replace("{A}", &token)), "{text}");
    }
}

#[test]
fn a_token_in_several_lines_is_one_again() {
    let token = token("alice");
    for (first, second) in [(10, 30), (35, 36), (36, 37), (50, token.len() - 3)] {
        let text = [&token[..first], &token[first..second], &token[second..]].join("\r\n");
        assert!(finds_alice(&text), "{first}, {second}");
        assert!(finds_alice(&format!("Authorization: Bearer {text}")), "{first}, {second}");
    }
}

#[test]
fn a_broken_token_is_found_where_no_whole_one_is() {
    let (alice, bob) = (token("alice"), token("bob"));
    let (header, rest) = bob.split_once('.').unwrap();
    let (claims, signature) = rest.split_once('.').unwrap();
    for broken in [
        header.to_owned(),
        format!("{header}.{claims}"),
        format!("{bob}.a"),
        format!("????.{claims}.{signature}"),
        format!("{header}==.{claims}==.{signature}."),
    ] {
        for input in [broken.clone(), format!("Cookie: a=1; b={broken}")] {
            assert_eq!(program(["inspect"]).stdin(input).run().code, 0, "{broken}");
        }
        assert!(finds_alice(&format!("Cookie: a={broken}; b={alice}")), "{broken}");
    }
}

#[test]
fn what_holds_no_token_is_refused_without_a_word_of_it() {
    let no_token = "no token: one has three parts with dots between";
    for (input, said) in [
        ("hunter2", no_token),
        ("eyes.hunter2.com", no_token),
        ("a.b.hunter2", no_token),
        ("e30hunter2", no_token),
        ("Bearer hunter2", no_token),
        ("Authorization: Basic hunter2", no_token),
        ("-----BEGIN X-----\nhunter2\n", no_token),
        ("{\"access_token\":\"hunter2\"}", no_token),
        ("Cookie: theme=hunter2; session=hunter2", "no token in the cookies theme, session"),
        ("", "no token: the input is empty"),
        (" \r\n", "no token: the input is empty"),
        (&"hunter2 ".repeat(150_000), "no token: standard input has more than 1 MiB"),
    ] {
        let refusal = refusal(input);
        assert!(refusal.starts_with(said) && !refusal.contains("hunter2"), "{refusal}");
    }
    assert_eq!(refusal(b"hunter2\xff"), "no token: standard input is not UTF-8");
    let outcome = program(["inspect", "hunter2"]).run();
    assert!(outcome.failure().starts_with(no_token) && !outcome.stderr.contains("hunter2"), "{outcome:?}");
}

#[test]
fn several_tokens_are_refused_and_their_cookies_named() {
    let (alice, bob) = (token("alice"), token("bob"));
    let in_cookies = refusal(format!("Cookie: theme=dark; a={alice}; \u{1b}[2J={bob}"));
    assert_eq!(in_cookies, "2 tokens in the cookies a, \"\\u001b[2J\": give the one that you mean");
    for text in [format!("{alice}\n{bob}"), format!("{alice} {bob}")] {
        assert_eq!(refusal(text), "2 tokens: give the one that you mean");
    }
}

#[test]
fn a_token_where_none_belongs_is_not_quoted() {
    let token = token("alice");
    let option = format!("--colour={token}");
    let value = format!("--color={token}");
    for arguments in [
        &[&*token][..],
        &["complete", &token],
        &["completions", &token],
        &["completions", "bash", &token],
        &["inspect", &option],
        &["inspect", &value],
        &["--color", &token],
    ] {
        let outcome = program(arguments).run();
        assert_eq!((outcome.code, &*outcome.stdout), (2, ""), "{arguments:?}");
        assert!(outcome.stderr.starts_with("error: "), "{outcome:?}");
        for part in token.split('.') {
            assert!(!outcome.stderr.contains(part), "{}", outcome.stderr);
        }
    }
}
