//! The claims that options and files give.

use jwtower::{Algorithm, Issuer, Secret};
use serde_json::{Map, Value, json};

use super::{Files, mint, parts, token};

#[test]
fn claims_come_from_options_and_files() {
    let files = Files::new();
    let (key, ..) = files.key(Algorithm::HS256);
    let file = files.write("claims.json", r#"{"plan":"free","teams":["a"],"nested":{"x":null}}"#);
    let empty = files.write("empty.json", "{}");
    let of_file = ["--claims-file", &*file];
    for (arguments, expected) in [
        (&["--claim", "name=Alice"][..], json!({ "name": "Alice" })),
        (&["--claim", "admin=true", "--claim", "n=1"], json!({ "admin": "true", "n": "1" })),
        (&["--claim", "admin:=true", "--claim", "n:=1.5"], json!({ "admin": true, "n": 1.5 })),
        (&["--claim", "teams:=[\"a\",{}]"], json!({ "teams": ["a", {}] })),
        (
            &["--claim", "https://example.com/plan=gold=plus"],
            json!({ "https://example.com/plan": "gold=plus" }),
        ),
        (&["--claim", "https://example.com/n:=1"], json!({ "https://example.com/n": 1 })),
        (&["--claim", "note="], json!({ "note": "" })),
        (&["--scope", "read write"], json!({ "scope": "read write" })),
        (&["--role", "admin", "--role", "user"], json!({ "roles": ["admin", "user"] })),
        (&["--permission", "posts:write"], json!({ "permissions": ["posts:write"] })),
        (&of_file, json!({ "plan": "free", "teams": ["a"], "nested": { "x": null } })),
        (&["--claims-file", &*file, "--claim", "plan=gold"], json!({ "plan": "gold", "teams": ["a"] })),
        (&["--claims-file", &*empty], json!({})),
    ] {
        let made = mint(&[&["--key", &*key], arguments].concat());
        let [_, claims] = parts(token(&made));
        for (name, value) in expected.as_object().expect("an object") {
            assert_eq!(&claims[name], value, "{arguments:?}");
        }
    }
}

#[test]
fn claims_that_cannot_be_used_are_one_line_without_their_values() {
    let files = Files::new();
    let (key, ..) = files.key(Algorithm::HS256);
    let list = files.write("list.json", r#"["hunter2"]"#);
    let broken = files.write("broken.json", "{\"a\":1,\n\"b\":hunter2}");
    let exp = files.write("exp.json", r#"{"exp":"hunter2"}"#);
    let large = format!("x={}", "hunter2 ".repeat(3000));
    for (arguments, said) in [
        (&["--claim", "hunter2"][..], "--claim: one is not of the form NAME=TEXT or NAME:=JSON"),
        (&["--claim", "=hunter2"], "--claim: one is not of the form NAME=TEXT or NAME:=JSON"),
        (&["--claim", ":=1"], "--claim: one is not of the form NAME=TEXT or NAME:=JSON"),
        (&["--claim", ""], "--claim: one is not of the form NAME=TEXT or NAME:=JSON"),
        (&["--claim", "n:=hunter2"], "--claim: what stands behind n:= is no JSON; a text is n=TEXT"),
        (&["--claim", "n:="], "--claim: what stands behind n:= is no JSON; a text is n=TEXT"),
        (
            &["--claim", "n=hunter2", "--claim", "n:=1"],
            "--claim: the claim n is given twice; a list is n:='[..]'",
        ),
        (
            &["--claim", "scope=hunter2", "--scope", "b"],
            "--scope: the claim scope is given twice; a list is scope:='[..]'",
        ),
        (
            &["--claim", "roles=hunter2", "--role", "b"],
            "--role: the claim roles is given twice; a list is roles:='[..]'",
        ),
        (&["--claim", "exp:=1"], "the claim exp is not given as a claim: give --lifetime"),
        (&["--claims-file", &*exp], "the claim exp is not given as a claim: give --lifetime"),
        (&["--claim", &*large], "claims: the token would be "),
    ] {
        let outcome = mint(&[&["--key", &*key], arguments].concat());
        assert!(outcome.failure().starts_with(said), "{arguments:.50?}: {outcome:?}");
        assert!(!outcome.stderr.contains("hunter2"), "{outcome:?}");
    }
    for (file, said) in [
        (&*list, "it is no JSON object"),
        (&*broken, "it is no JSON, at line 2 column 5"),
        ("/", "Is a directory (os error 21)"),
    ] {
        let outcome = mint(&["--key", &key, "--claims-file", file]);
        assert_eq!(outcome.failure(), format!("--claims-file {file}: {said}"));
    }
}

/// Every claim of the registries that somebody may want to give.
const REGISTERED: [&str; 29] = [
    "iss",
    "sub",
    "aud",
    "exp",
    "nbf",
    "iat",
    "jti",
    "client_id",
    "sid",
    "sgen",
    "cnf",
    "scope",
    "scp",
    "roles",
    "permissions",
    "groups",
    "entitlements",
    "auth_time",
    "acr",
    "amr",
    "azp",
    "nonce",
    "at_hash",
    "act",
    "may_act",
    "name",
    "email",
    "events",
    "typ",
];

#[test]
fn a_claim_is_refused_where_the_library_would_leave_it_out() {
    let (files, secret) =
        (Files::new(), Secret::generate(Algorithm::HS256).expect("the system has randomness"));
    let key = files.write("secret", secret.secret());
    let issuer = Issuer::builder().key(&secret).issuer("me").audience("api").build().expect("it is complete");
    for name in REGISTERED {
        let canary = Map::from_iter([(name.to_owned(), Value::from("canary"))]);
        let signed = issuer.sign("alice", &canary).expect("it can be signed");
        let [_, claims] = parts(signed.secret());
        let outcome = mint(&["--key", &key, "--claim", &format!("{name}=canary")]);
        if claims[name] == "canary" {
            assert_eq!(parts(token(&outcome))[1][name], "canary", "{name}");
        } else {
            let said = format!("the claim {name} is not given as a claim: ");
            assert!(outcome.failure().starts_with(&said), "{name}: {outcome:?}");
        }
    }
}
