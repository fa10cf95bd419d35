//! What is printed, and where it goes.

use std::{
    fs::File,
    io::Write as _,
    process::{Command, Stdio},
};

use jwtower_tests::{Forge, encode};
use serde_json::Value;

use super::super::{
    harness::{Outcome, executable},
    program,
};

/// A payload with everything that is printed in its own way; it expired long ago.
const PAYLOAD: &str = r#"{
    "sub": "alice", "aud": ["a", "b"], "scope": "read posts:write", "exp": 1772366400, "iat": 1772365800,
    "two words": null, "n": 1.50e1, "sub": "bob",
    "profile": {"languages": ["en", "de"], "note": "this is more than fits in a line of its own, is it not"}
}"#;

const HEADER: &str = r#"{"typ":"at+jwt","alg":"HS256"}"#;

#[test]
fn a_token_is_readable_in_its_own_order() {
    let token = Forge::new().sign(HEADER, PAYLOAD);
    let outcome = program(["inspect", "--at", "2026-03-01T12:03:00Z"]).stdin(&token).run();
    let expected = r#"Signed access token, {bytes} bytes
Nothing was verified: this is what it says, true or not.

Header
  typ  "at+jwt"
  alg  "HS256"  HMAC with SHA-256: one secret signs and verifies

Claims
  sub          "alice"
  aud          ["a","b"]
  scope        read
               posts:write
  exp          1772366400  2026-03-01 12:00:00 +00:00 (UTC), expired 3 minutes ago; lives 10 minutes
  iat          1772365800  2026-03-01 11:50:00 +00:00 (UTC), was issued 13 minutes ago
  "two words"  null
  n            1.50e1
  sub          "bob"
  profile      {
                 "languages": [
                   "en",
                   "de"
                 ],
                 "note": "this is more than fits in a line of its own, is it not"
               }

Signature
  32 bytes, not checked

Findings
  error    claims/sub: it comes more than once: two parsers would read two different tokens (duplicate_claim)
  error    claims/exp: it expired 3 minutes ago (token_expired)
  warning  it has no iss: nobody says who made it (no_issuer)
  note     it has no jti: it cannot be revoked alone, nor be told from others in logs (no_token_id)
"#;
    assert_eq!(outcome.stdout, expected.replace("{bytes}", &token.len().to_string()));
}

#[test]
fn json_has_the_promised_members_in_the_promised_order() {
    let token = Forge::new().sign(HEADER, PAYLOAD);
    let outcome = program(["inspect", "--json", "--at", "1772366580"]).stdin(&token).run();
    let report: Value = serde_json::from_str(&outcome.stdout).unwrap();
    let mut rest = &*outcome.stdout;
    let help = program(["inspect", "--help"]).run().stdout;
    for name in [
        "verified", "form", "kind", "bytes", "header", "claims", "times", "lifetime", "scopes", "findings",
        "inner",
    ] {
        rest = rest.split_once(&format!("\n  \"{name}\": ")).unwrap_or_else(|| panic!("{name}: {rest}")).1;
        assert!(help.contains(&format!("\n  {name}  ")), "{name}: {help}");
    }
    assert_eq!(report.as_object().unwrap().len(), 11);
    assert_eq!(report["scopes"], serde_json::json!(["read", "posts:write"]));
    assert_eq!((&report["lifetime"], &report["bytes"]["signature"]), (&600.into(), &32.into()));
    assert_eq!(outcome.stdout.matches("\"sub\": ").count(), 2, "both are there");
    assert!(outcome.stdout.contains("\"n\": 1.50e1"), "numbers stay as they were written");
    let finding = &report["findings"][1];
    assert_eq!(finding["message"], "it expired 3 minutes ago");
    assert_eq!(finding.as_object().unwrap().len(), 4);
}

#[test]
fn what_cannot_be_read_is_shown_as_far_as_it_can() {
    let header = encode(HEADER);
    for (token, shown) in [
        (header.clone(), "Broken token"),
        (format!("{header}."), "  \"\"\n"),
        (format!("{header}.{}.", encode("{\"sub\":\"alice")), r#"  "{\"sub\":\"alice""#),
        (format!("{header}.{}.c2ln", encode([0xff, 0xfe])), "  2 bytes that are no text"),
        (format!("{header}.{}.c2ln", encode("[1,\"alice\"]")), "alice"),
        (format!("{header}.{}*.c2ln", encode("{\"sub\":\"alice\"}")), "  sub  \"alice\"\n"),
        (format!("{header}.{}.c2ln", encode("{}")), "Claims\n  {}\n"),
    ] {
        let outcome = program(["inspect"]).stdin(&token).run();
        assert_eq!((outcome.code, &*outcome.stderr), (0, ""), "{token}");
        assert!(outcome.stdout.contains(shown), "{shown}: {}", outcome.stdout);
        assert_eq!(program(["inspect", "--json"]).stdin(&token).run().code, 0, "{token}");
    }
}

#[test]
fn colours_are_for_those_who_want_them() {
    let token = Forge::new().sign(HEADER, PAYLOAD);
    let coloured = |arguments: &[&str], name: &str| {
        let outcome = program(["inspect"].iter().chain(arguments)).env(name, "1").stdin(&token).run();
        assert_eq!(outcome.code, 0, "{outcome:?}");
        outcome.stdout.contains("\u{1b}[")
    };
    for (arguments, name, expected) in [
        (&[][..], "X", false),
        (&["--color", "always"], "X", true),
        (&["--color", "always"], "NO_COLOR", true),
        (&["--color", "never"], "CLICOLOR_FORCE", false),
        (&["--color", "auto"], "CLICOLOR_FORCE", true),
        (&["--json", "--color", "always"], "X", false),
    ] {
        assert_eq!(coloured(arguments, name), expected, "{arguments:?} {name}");
    }
}

/// Runs it in a terminal, as `script` makes one.
#[cfg(target_os = "linux")]
fn in_terminal(arguments: &str, name: &str) -> Option<String> {
    let line = format!("{} {arguments}", executable().display());
    let mut command = Command::new("script");
    let _ = command.args(["-qec", &line, "/dev/null"]).stdin(Stdio::null());
    let _ = command.env("TERM", "xterm").env_remove("NO_COLOR").env_remove("CI").env(name, "1");
    let output = command.output().ok()?;
    Some(String::from_utf8(output.stdout).expect("text"))
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_gets_colours_and_is_not_waited_for() {
    let token = Forge::new().sign(HEADER, PAYLOAD);
    for (arguments, name, coloured) in [
        (format!("inspect {token}"), "X", true),
        (format!("inspect {token}"), "NO_COLOR", false),
        (format!("inspect --color never {token}"), "X", false),
    ] {
        // Without the program `script` there is no terminal to try.
        let Some(printed) = in_terminal(&arguments, name) else { return };
        assert!(printed.contains("alice"), "{printed}");
        assert_eq!(printed.contains("\u{1b}["), coloured, "{name}: {printed}");
    }
    let Some(printed) = in_terminal("inspect", "X") else { return };
    assert!(printed.starts_with("jwtower: no token: pipe one into standard input"), "{printed}");
}

/// Runs it with this instead of a pipe for what it prints.
fn run_into(output: Stdio, arguments: &[&str]) -> Outcome {
    let mut command = Command::new(executable());
    let _ = command.args(arguments).stdin(Stdio::piped()).stdout(output).stderr(Stdio::piped());
    let mut process = command.spawn().expect("the program starts");
    // Whoever would read what it prints has gone before it gets anything to print.
    drop(process.stdout.take());
    let mut stdin = process.stdin.take().expect("a pipe");
    let _ = stdin.write_all(Forge::new().sign(HEADER, PAYLOAD).as_bytes());
    drop(stdin);
    let output = process.wait_with_output().expect("it ends");
    let stderr = String::from_utf8(output.stderr).expect("text");
    Outcome { code: output.status.code().expect("no signal ends it"), stdout: String::new(), stderr }
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    for arguments in [&["inspect"][..], &["inspect", "--json"]] {
        let outcome = run_into(Stdio::piped(), arguments);
        assert_eq!((outcome.code, &*outcome.stderr), (0, ""), "{arguments:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_is_full_is_a_failure() {
    for arguments in [&["inspect"][..], &["completions", "bash"]] {
        let full = File::options().write(true).open("/dev/full").expect("a full disk");
        let outcome = run_into(full.into(), arguments);
        assert!(outcome.failure().starts_with("standard output: No space left"), "{outcome:?}");
    }
}
