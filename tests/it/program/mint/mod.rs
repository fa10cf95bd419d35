//! `jwtower mint`.

mod claims;
mod keys;
mod recipients;
mod tokens;

use base64_simd::URL_SAFE_NO_PAD;
use serde_json::Value;

use super::{Files, Outcome, program};

/// What every token here says, as the program is told.
const ABOUT: [&str; 6] =
    ["--issuer", jwtower_tests::ISSUER, "--audience", jwtower_tests::AUDIENCE, "--subject", "alice"];

fn mint(arguments: &[&str]) -> Outcome {
    program([&["mint"], &ABOUT[..], arguments].concat()).run()
}

/// The token of a run, which stands alone on standard output, with one line of warning beside it.
fn token(outcome: &Outcome) -> &str {
    assert_eq!(outcome.code, 0, "{outcome:?}");
    assert!(outcome.stderr.starts_with("jwtower: this token is for development"), "{outcome:?}");
    assert_eq!(outcome.stderr.lines().count(), 1, "{outcome:?}");
    let token = outcome.stdout.strip_suffix('\n').expect("a line");
    assert!(!token.contains(char::is_whitespace), "{outcome:?}");
    token
}

/// Header and claims, unverified.
fn parts(token: &str) -> [Value; 2] {
    let mut parts = token.split('.').map(|part| {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode_to_vec(part).expect("base64url")).unwrap_or_default()
    });
    [parts.next().expect("a header"), parts.next().expect("claims")]
}
