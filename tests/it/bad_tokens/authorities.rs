//! Roles, permissions and scopes of the wrong type make a token invalid, wherever they stand.

use jwtower::claims::AuthorityMap;
use jwtower_tests::{Forge, HEADER};
use serde_json::{Value, json};

use super::{Answer::Invalid, Api, Row, Table, User, builder, good, with};

pub(super) fn rows() -> Vec<Row> {
    [at_the_top(), below(), in_one_claim()].concat()
}

fn wrong() -> [Value; 7] {
    [
        json!(1_234_567),
        json!(null),
        json!(true),
        json!({ "admin": true }),
        json!(["admin", 1_234_567]),
        json!(["admin", null]),
        json!([["admin"]]),
    ]
}

fn at_the_top() -> Vec<Row> {
    let forge = Forge::new();
    let api = Api::verifying(builder::<User>(forge.secret()).build().expect("the settings are right"));
    let mut table = Table::new("authorities", api, forge.sign(HEADER, good()));
    for claim in ["roles", "permissions", "scope", "scp"] {
        for value in wrong() {
            let name = format!("{claim}: {value}");
            let twin = forge.sign(HEADER, with(claim, json!(["admin", "canary"])));
            table.pair(&name, twin, forge.sign(HEADER, with(claim, value)), Invalid("mistyped_claim"));
        }
    }
    table.into_rows()
}

fn below() -> Vec<Row> {
    let forge = Forge::new();
    let map = AuthorityMap::new()
        .roles(["/realm_access/roles", "/resource_access/api/roles", "/https:~1~1example.com~1roles"])
        .and_then(|map| map.permissions(["/grants/0/names"]))
        .expect("they are pointers");
    let verifier = builder::<User>(forge.secret()).authorities(map).build();
    let api = Api::verifying(verifier.expect("the settings are right"));
    // Where the path ends early, a claim is missing, and that is no error.
    let twin = with("realm_access", json!({ "other": 1 }));
    let mut table = Table::new("authorities below", api, forge.sign(HEADER, twin));
    for value in wrong() {
        for (name, claim, nested) in [
            ("realm_access", "realm_access", json!({ "roles": value })),
            ("resource_access", "resource_access", json!({ "api": { "roles": value }, "web": {} })),
            ("a URL", "https://example.com/roles", value.clone()),
            ("a place in an array", "grants", json!([{ "names": value }, 1])),
        ] {
            let bad = forge.sign(HEADER, with(claim, nested));
            table.bad(&format!("{name}: {value}"), bad, Invalid("mistyped_claim"));
        }
    }
    for value in [json!("admin"), json!(1_234_567), json!(null), json!(true)] {
        let bad = forge.sign(HEADER, with("realm_access", value.clone()));
        table.bad(&format!("realm_access itself: {value}"), bad, Invalid("mistyped_claim"));
        let bad = forge.sign(HEADER, with("resource_access", json!({ "api": value })));
        table.bad(&format!("the client itself: {value}"), bad, Invalid("mistyped_claim"));
    }
    let raw = |members: &str| forge.sign(HEADER, super::and(&format!(r#""realm_access":{{{members}}}"#)));
    for (name, twin, bad) in [
        ("roles twice", r#""roles":["a"],"role":["b"]"#, r#""roles":["a"],"roles":["b"]"#),
        ("roles twice, in escapes", r#""roles":["a"],"role\u0074":[]"#, r#""roles":["a"],"role\u0073":[]"#),
        ("roles with a lone surrogate", r#""roles":["\ud83d\ude00"]"#, r#""roles":["\ud83d"]"#),
    ] {
        table.pair(name, raw(twin), raw(bad), Invalid("mistyped_claim"));
    }
    table.into_rows()
}

/// A registered claim may feed an authority too: both readers judge it.
fn in_one_claim() -> Vec<Row> {
    let forge = Forge::new();
    let map = AuthorityMap::new().roles(["/client_id", "/groups/a", "/groups/b"]).expect("they are pointers");
    let verifier = builder::<User>(forge.secret()).authorities(map).build();
    let api = Api::verifying(verifier.expect("the settings are right"));
    let mut table = Table::new(
        "one claim, two readers",
        api,
        forge.sign(HEADER, with("groups", json!({ "a": "x", "b": "y" }))),
    );
    table.bad(
        "client_id as an array",
        forge.sign(HEADER, with("client_id", json!(["x"]))),
        Invalid("mistyped_claim"),
    );
    let first = json!({ "a": 1_234_567, "b": "y" });
    table.bad("the first is a number", forge.sign(HEADER, with("groups", first)), Invalid("mistyped_claim"));
    let second = json!({ "a": "x", "b": 1_234_567 });
    table.bad(
        "the second is a number",
        forge.sign(HEADER, with("groups", second)),
        Invalid("mistyped_claim"),
    );
    table.into_rows()
}
