//! `aud` names us, whole and in our spelling (RFC 7519 §4.1.3), or the claim that stands in for it does.

use jwtower::Verifier;
use jwtower_tests::{AUDIENCE, Forge, HEADER, ISSUER};
use serde_json::json;

use super::{Answer::Invalid, Api, Row, Table, User, builder, good, row::standing_clock, with, without};

pub(super) fn rows() -> Vec<Row> {
    [of_aud(), of_several(), of_another_claim()].concat()
}

fn of_aud() -> Vec<Row> {
    let forge = Forge::new();
    let api = Api::verifying(builder::<User>(forge.secret()).build().expect("the settings are right"));
    let mut table = Table::new("aud", api, forge.sign(HEADER, good()));
    for audience in [
        "https://other.example",
        "https://api.example.com/",
        "https://api.example.com/v1",
        "https://api.example.co",
        "https://api.example.com.attacker.example",
        "https://API.example.com",
        "HTTPS://api.example.com",
        "http://api.example.com",
        "api.example.com",
        " https://api.example.com",
        "https://api.example.com https://other.example",
        "https://api.example.com,https://other.example",
        "",
        "*",
    ] {
        let name = format!("{audience:?}");
        table.bad(&name, forge.sign(HEADER, with("aud", audience)), Invalid("audience_mismatch"));
        // The same in an array, whose twin has ours beside it.
        let (alone, both) = (json!([audience, "x"]), json!([audience, "x", AUDIENCE]));
        let (twin, bad) = (forge.sign(HEADER, with("aud", both)), forge.sign(HEADER, with("aud", alone)));
        table.pair(&format!("{name} in an array"), twin, bad, Invalid("audience_mismatch"));
    }
    table.bad("missing", forge.sign(HEADER, without("aud")), Invalid("audience_mismatch"));
    table.bad("an empty array", forge.sign(HEADER, with("aud", json!([]))), Invalid("audience_mismatch"));
    let number = forge.sign(HEADER, with("aud", json!([AUDIENCE, 7_654_321])));
    table.bad("a number beside ours", number, Invalid("mistyped_claim"));
    table.into_rows()
}

fn of_several() -> Vec<Row> {
    let forge = Forge::new();
    let verifier = builder::<User>(forge.secret()).audiences(["one", "two"]).build();
    let twin = forge.sign(HEADER, with("aud", "two"));
    let mut table =
        Table::new("two audiences", Api::verifying(verifier.expect("the settings are right")), twin);
    for audience in [
        json!("three"),
        json!("one two"),
        json!("onetwo"),
        json!(["three"]),
        json!("https://other.example.com"),
    ] {
        table.bad(
            &audience.to_string(),
            forge.sign(HEADER, with("aud", audience)),
            Invalid("audience_mismatch"),
        );
    }
    table.into_rows()
}

/// AWS Cognito's access tokens have no `aud`.
fn of_another_claim() -> Vec<Row> {
    let forge = Forge::new();
    let verifier = Verifier::<User>::builder()
        .keys(forge.secret())
        .issuer(ISSUER)
        .audience_claim("client_id", "canary-client")
        .clock(standing_clock())
        .build();
    let api = Api::verifying(verifier.expect("the settings are right"));
    let mut table = Table::new("client_id for aud", api, forge.sign(HEADER, without("aud")));
    for client in ["canary-other", "canary-clien", "canary-client2", "Canary-Client", ""] {
        let bad = forge.sign(HEADER, with("client_id", client));
        table.bad(&format!("{client:?}"), bad, Invalid("audience_mismatch"));
    }
    let of_aud = forge.sign(HEADER, with("client_id", "canary-other").replace(AUDIENCE, "canary-client"));
    table.bad("the name in aud instead", of_aud, Invalid("audience_mismatch"));
    table.bad("missing", forge.sign(HEADER, without("client_id")), Invalid("audience_mismatch"));
    table.bad("a number", forge.sign(HEADER, with("client_id", 1_234_567)), Invalid("mistyped_claim"));
    table.bad("a mistyped aud", forge.sign(HEADER, with("aud", 1)), Invalid("mistyped_claim"));
    table.into_rows()
}
