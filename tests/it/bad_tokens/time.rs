//! `exp`, `nbf`, `iat` and the maximum age, at their edges, under a clock that stands.

use std::time::Duration;

use jwtower::{
    Verifier,
    verify::{AudienceGiven, IssuerGiven, KeysGiven, VerifierBuilder},
};
use jwtower_tests::{Forge, HEADER};

use super::{
    Answer::{Expired, Invalid},
    Api, NOW, Row, Table, User, builder, good, without,
};

pub(super) fn rows() -> Vec<Row> {
    [expiry(), beginning(), without_leeway(), max_age()].concat()
}

type Builder = VerifierBuilder<User, KeysGiven, IssuerGiven, AudienceGiven>;

fn table(subject: &'static str, forge: &Forge, set: impl FnOnce(Builder) -> Builder) -> Table {
    let verifier: Verifier<User> = set(builder(forge.secret())).build().expect("the settings are right");
    Table::new(subject, Api::verifying(verifier), forge.sign(HEADER, good()))
}

/// The accepted claims with a date written as given.
fn dated(claim: &str, date: impl std::fmt::Display) -> String {
    without(claim).replacen('{', &format!(r#"{{"{claim}":{date},"#), 1)
}

fn expiry() -> Vec<Row> {
    let forge = Forge::new();
    let mut table = table("exp", &forge, |builder| builder);
    let token = |date: &str| forge.sign(HEADER, dated("exp", date));
    for (name, accepted, refused) in [
        ("now is exp and the leeway", (NOW - 59).to_string(), (NOW - 60).to_string()),
        ("the same with a fraction", format!("{}.5", NOW - 60), format!("{}.0", NOW - 60)),
        ("a fraction before", format!("{}.0000005", NOW - 60), format!("{}.9999995", NOW - 61)),
        ("the same with an exponent", "1.800000001e9".into(), "1.7999999e9".into()),
        ("an hour ago", (NOW + 3600).to_string(), (NOW - 3600).to_string()),
        ("2 to the 64th, but negative", "18446744073709551616".into(), "-18446744073709551616".into()),
        ("the largest, but negative", "1e308".into(), "-1e308".into()),
        ("zero", "9223372036854775808".into(), "0".into()),
        ("negative zero", "1e19".into(), "-0.0".into()),
        ("minus one", "1e15".into(), "-1".into()),
        ("a tiny number", "1e300".into(), "1e-300".into()),
        ("in milliseconds of 1970", "1800000600000".into(), "1800000".into()),
    ] {
        table.pair(name, token(&accepted), token(&refused), Expired("token_expired"));
    }
    table.bad("missing", forge.sign(HEADER, without("exp")), Invalid("missing_claim"));
    table.into_rows()
}

fn beginning() -> Vec<Row> {
    let forge = Forge::new();
    let mut table = table("nbf and iat", &forge, |builder| builder);
    for (claim, code) in [("nbf", "not_yet_valid"), ("iat", "issued_in_future")] {
        let token = |date: &str| forge.sign(HEADER, dated(claim, date));
        for (name, accepted, refused) in [
            ("a second beyond the leeway", (NOW + 60).to_string(), (NOW + 61).to_string()),
            ("a fraction beyond the leeway", format!("{}.0", NOW + 60), format!("{}.5", NOW + 60)),
            ("tomorrow", (NOW - 86_400).to_string(), (NOW + 86_400).to_string()),
            ("the largest, once negative", "-1e308".into(), "1e308".into()),
            ("2 to the 64th", "0".into(), "18446744073709551616".into()),
        ] {
            table.pair(&format!("{claim} {name}"), token(&accepted), token(&refused), Invalid(code));
        }
    }
    table.into_rows()
}

fn without_leeway() -> Vec<Row> {
    let forge = Forge::new();
    let mut table = table("no leeway", &forge, |builder| builder.leeway(Duration::ZERO));
    for (claim, accepted, refused, answer) in [
        ("exp", NOW + 1, NOW, Expired("token_expired")),
        ("nbf", NOW, NOW + 1, Invalid("not_yet_valid")),
        ("iat", NOW, NOW + 1, Invalid("issued_in_future")),
    ] {
        let token = |date: u64| forge.sign(HEADER, dated(claim, date));
        table.pair(claim, token(accepted), token(refused), answer);
    }
    table.into_rows()
}

fn max_age() -> Vec<Row> {
    let forge = Forge::new();
    let mut table = table("max age of 300 s", &forge, |builder| builder.max_age(Duration::from_secs(300)));
    let token = |date: String| forge.sign(HEADER, dated("iat", date));
    for (name, accepted, refused) in [
        ("age and leeway are used up", (NOW - 359).to_string(), (NOW - 360).to_string()),
        ("a fraction later", format!("{}.5", NOW - 360), format!("{}.5", NOW - 361)),
        ("made in 1970", NOW.to_string(), "0".into()),
        ("made before 1970", (NOW + 60).to_string(), "-1e300".into()),
    ] {
        table.pair(name, token(accepted), token(refused), Expired("too_old"));
    }
    table.bad("no iat", forge.sign(HEADER, without("iat")), Invalid("missing_claim"));
    table.into_rows()
}
