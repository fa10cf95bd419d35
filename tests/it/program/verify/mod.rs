//! `jwtower verify`.

mod accepted;
mod encrypted;
mod fetched;
mod refused;
mod steps;
mod unusable;

use serde_json::Value;

use super::{Files, Outcome, program};

/// What every token here is for, as the program is told.
const TRUST: [&str; 4] = ["--issuer", jwtower_tests::ISSUER, "--audience", jwtower_tests::AUDIENCE];

/// A run with a token on standard input.
fn verify(token: &str, arguments: &[&str]) -> Outcome {
    program([&["verify"], arguments].concat()).stdin(token).run()
}

/// The report of a run as JSON, which says the same as its exit code.
fn report(outcome: &Outcome) -> Value {
    assert_eq!(outcome.stderr, "", "{outcome:?}");
    let report: Value = serde_json::from_str(&outcome.stdout).expect("it prints JSON");
    assert_eq!(report["valid"], outcome.code == 0, "{report}");
    report
}

/// The steps with each outcome.
fn steps(report: &Value) -> Vec<(&str, &str)> {
    let steps = report["steps"].as_array().expect("a list");
    steps
        .iter()
        .map(|step| (step["step"].as_str().expect("a name"), step["outcome"].as_str().expect("an outcome")))
        .collect()
}
