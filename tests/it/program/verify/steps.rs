//! The program's table of steps, held to the guide.

/// The program's own file.
#[allow(dead_code, reason = "the names and texts are the report's")]
#[path = "../../../../src/bin/jwtower/verify/steps.rs"]
mod table;

pub(super) use table::{STEPS, Step};

const GUIDE: &str = include_str!("../../../../docs/errors.md");

/// The codes of the guide's tables about a token, which are those before revocation.
fn codes_of_a_token() -> Vec<&'static str> {
    let (_, rest) = GUIDE.split_once("### The token's form and header").expect("the first table");
    let (tables, _) = rest.split_once("### Asking whether it was revoked").expect("the next subject");
    let code = |line: &'static str| line.strip_prefix("| `")?.split('`').next();
    tables.lines().filter_map(code).collect()
}

#[test]
fn every_code_of_a_token_belongs_to_exactly_one_step() {
    let codes = codes_of_a_token();
    assert!(codes.len() > 30, "only {} codes were found", codes.len());
    for code in &codes {
        let steps = STEPS.iter().filter(|row| row.codes.contains(code)).count();
        assert_eq!(steps, 1, "{code}");
    }
    let strange = STEPS.iter().flat_map(|row| row.codes).find(|code| !codes.contains(code));
    assert_eq!(strange, None, "it is no code of the guide");
}

#[test]
fn the_steps_are_in_their_order() {
    assert!(STEPS.windows(2).all(|pair| pair[0].step < pair[1].step));
    for row in &STEPS {
        assert!(row.codes.iter().all(|code| Step::of(code) == Some(row.step)), "{}", row.name);
    }
}
