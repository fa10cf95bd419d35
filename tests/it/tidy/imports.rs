//! Who may use whom in `src/`.

use std::collections::BTreeMap;

use super::{
    paths::{self, Written},
    tree,
};

/// Each module of the root, and the others that it may use. The root itself only re-exports.
const MAY_USE: [(&str, &[&str]); 21] = [
    ("error", &[]),
    ("token", &[]),
    ("clock", &[]),
    ("telemetry", &[]),
    ("guide", &[]),
    ("claims", &["error", "token", "clock"]),
    ("source", &["token", "error"]),
    ("cookie", &["source", "token", "error", "telemetry"]),
    ("response", &["error", "claims", "telemetry"]),
    ("keys", &["token", "error", "clock", "telemetry"]),
    ("jwe", &["keys", "token", "error"]),
    ("verify", &["claims", "keys", "jwe", "token", "clock", "error", "telemetry"]),
    ("revocation", &["claims", "token", "clock", "error", "telemetry"]),
    (
        "authenticate",
        &[
            "source",
            "cookie",
            "response",
            "verify",
            "revocation",
            "claims",
            "token",
            "clock",
            "error",
            "telemetry",
        ],
    ),
    ("guard", &["claims", "response", "clock", "error", "telemetry"]),
    ("issuer", &["claims", "keys", "jwe", "token", "clock", "error", "telemetry"]),
    (
        "session",
        &[
            "issuer",
            "verify",
            "keys",
            "jwe",
            "revocation",
            "authenticate",
            "claims",
            "token",
            "clock",
            "error",
            "telemetry",
        ],
    ),
    ("store", &["session", "revocation", "issuer", "token", "clock", "error"]),
    ("extract", ANYTHING),
    ("routes", ANYTHING),
    ("testing", ANYTHING),
];

/// Adapters use what the application could use, root re-exports too; nobody uses them.
const ANYTHING: &[&str] = &["*"];

/// Crates that a module must not name: who decides knows no transport and no runtime.
const FOREIGN: [(&str, &[&str]); 7] = [
    ("error", TRANSPORT),
    ("token", TRANSPORT),
    ("claims", TRANSPORT),
    ("keys", TRANSPORT),
    ("jwe", TRANSPORT),
    ("verify", TRANSPORT),
    ("guard", RUNTIME),
];

/// The one room of such a module that speaks HTTP: what it fetches, the others only read.
const FETCHES: &str = "src/keys/remote/";

const TRANSPORT: &[&str] = &[
    "axum",
    "axum_core",
    "http",
    "http_body",
    "hyper",
    "hyper_util",
    "reqwest",
    "tokio",
    "tower",
    "tower_layer",
    "tower_service",
];

const RUNTIME: &[&str] = &["axum", "axum_core", "hyper", "hyper_util", "reqwest", "tokio", "tower"];

/// What is wrong with the paths of one file of the module `name`.
fn check(name: &str, file: &str, paths: &[Written]) -> Vec<String> {
    let table = BTreeMap::from(MAY_USE);
    let Some(may_use) = table.get(name) else {
        return vec![format!("{file}: the module {name} has no row in the table")];
    };
    let foreign = match file.starts_with(FETCHES) {
        true => &[],
        false => BTreeMap::from(FOREIGN).get(name).copied().unwrap_or_default(),
    };
    let mut wrong = Vec::new();
    for path in paths {
        let written = path.names.join("::");
        if let Some(absolute) = path.absolute() {
            let used = absolute.first().map_or("", String::as_str);
            match used {
                _ if used == name || may_use.contains(&used) => {}
                _ if *may_use == ANYTHING && !["", "*"].contains(&used) => {}
                _ if table.contains_key(used) => {
                    wrong.push(format!("{file}: {name} uses {used} ({written})"))
                }
                _ => wrong.push(format!("{file}: {written} is no path to where the item stands")),
            }
        } else if let [first, _, ..] = &*path.names
            && foreign.contains(&&**first)
        {
            wrong.push(format!("{file}: {name} names {written}"));
        }
    }
    wrong
}

#[test]
fn modules_use_only_what_the_table_allows() {
    let mut wrong = Vec::new();
    for module in tree::modules() {
        if let Some(name) = module.path.first() {
            wrong.extend(check(name, &module.file, &paths::written(&module.path, &module.code)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_row_of_the_table_is_a_module_and_every_file_is_in_one() {
    let modules = tree::modules();
    for (name, _) in MAY_USE {
        assert!(modules.iter().any(|module| module.path == [name]), "there is no module {name}");
    }
    assert!(modules.len() > 50, "only {} modules were found", modules.len());
}

#[test]
fn a_path_against_the_table_is_found() {
    for (name, code, verdict) in [
        ("verify", "use crate::keys::KeySet;", ""),
        ("verify", "use crate::issuer::Issuer;", "verify uses issuer"),
        ("verify", "fn f() { crate::issuer::sign(); }", "verify uses issuer"),
        ("verify", "fn f(x: Vec<crate::guard::Rule>) {}", "verify uses guard"),
        ("verify", "use super::super::authenticate::Claims;", "verify uses authenticate"),
        ("verify", "use super::super::{self as up};", "no path to where"),
        ("verify", "fn f() { debug!(crate::guard::X) }", "verify uses guard"),
        ("verify", "use crate::Verifier;", "no path to where"),
        ("verify", "use crate::*;", "no path to where"),
        ("verify", "use crate::extract::AuthRejection;", "verify uses extract"),
        ("verify", "use http::Request;", "verify names http::Request"),
        ("verify", "async fn f() { tokio::time::sleep(x).await }", "verify names tokio::time::sleep"),
        ("verify", "fn f() { log!(reqwest::get(url)) }", "verify names reqwest::get"),
        ("verify", "#[cfg(test)] mod tests { use crate::issuer::Issuer; }", ""),
        ("guard", "use http::request::Parts;", ""),
        ("guard", "use hyper::client::Client;", "guard names hyper::client::Client"),
        ("guard", "use crate::token::AccessToken;", "guard uses token"),
        ("extract", "use crate::{Claims, response::AuthContext};", ""),
        ("error", "use crate::token::AccessToken;", "error uses token"),
        ("plugin", "", "has no row"),
    ] {
        let module = [name.to_owned(), "file".to_owned()];
        let wrong = check(name, "x.rs", &paths::written(&module, &syn::parse_file(code).unwrap()));
        match &*wrong {
            [] => assert_eq!(verdict, "", "{code}"),
            [first, ..] => assert!(!verdict.is_empty() && first.contains(verdict), "{code}: {first}"),
        }
    }
}

#[test]
fn one_room_of_keys_speaks_http_and_the_others_do_not() {
    let code = syn::parse_file("use http::Request; use crate::issuer::Issuer;").unwrap();
    let written = paths::written(&["keys".to_owned(), "file".to_owned()], &code);
    assert_eq!(check("keys", "src/keys/jwk.rs", &written).len(), 2);
    assert_eq!(check("keys", "src/keys/remote/jwk.rs", &written).len(), 1, "the table counts there too");
}

#[test]
fn the_table_that_contributors_read_is_this_one() {
    let text = tree::text("CONTRIBUTING.md");
    let rows: Vec<(Vec<&str>, Vec<&str>)> = text.lines().filter_map(row).collect();
    for (name, may_use) in MAY_USE.iter().filter(|(name, may_use)| *name != "guide" && *may_use != ANYTHING) {
        let told = rows.iter().find(|(names, _)| names.contains(name)).map(|(_, uses)| sorted(uses));
        let expected = if may_use.is_empty() { vec!["nothing of ours"] } else { sorted(may_use) };
        assert_eq!(told, Some(expected), "the row of {name}");
    }
}

/// The two cells of a row, each a list with commas.
fn row(line: &str) -> Option<(Vec<&str>, Vec<&str>)> {
    let (names, uses) = line.strip_prefix("| ")?.strip_suffix(" |")?.split_once(" | ")?;
    Some((names.split(", ").collect(), uses.split(", ").collect()))
}

fn sorted<'a>(names: &[&'a str]) -> Vec<&'a str> {
    let mut names = names.to_vec();
    names.sort_unstable();
    names
}
