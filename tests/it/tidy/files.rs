//! What files look like: their length, what a `mod.rs` holds, words that must not stay.

use syn::Item;

use super::tree;

const FOLDERS: [&str; 4] = ["src", "examples", "tests", "benches"];

/// Lines that a file may have; those above the aim are named when one is above the limit.
const LIMIT: usize = 400;
const AIM: usize = 300;

#[test]
fn no_file_is_long() {
    let sources = FOLDERS.iter().flat_map(|folder| tree::files(folder)).filter(|file| file.ends_with(".rs"));
    let lengths: Vec<(usize, String)> =
        sources.map(|file| (tree::text(&file).lines().count(), file)).collect();
    assert!(lengths.len() > 50, "only {} files were found", lengths.len());
    let above = |limit: usize| {
        let mut files: Vec<_> = lengths.iter().filter(|(lines, _)| *lines > limit).collect();
        files.sort();
        files
    };
    assert!(
        above(LIMIT).is_empty(),
        "above {LIMIT} lines: {:#?}\nabove {AIM}: {:#?}",
        above(LIMIT),
        above(AIM)
    );
}

/// The first item of a `mod.rs` that is more than a `mod` or a `use`.
fn more_than_a_list(code: &syn::File) -> Option<usize> {
    code.items.iter().position(|item| match item {
        Item::Use(_) => false,
        Item::Mod(module) => module.content.is_some(),
        _ => true,
    })
}

#[test]
fn a_mod_file_lists_its_modules_and_holds_no_code() {
    for file in tree::files("src").into_iter().filter(|file| file.ends_with("/mod.rs")) {
        let code = syn::parse_file(&tree::text(&file)).unwrap();
        // What only tests see may hold what they share.
        if !file.contains("/tests/") {
            assert_eq!(more_than_a_list(&code), None, "{file} holds more than docs, `mod` and `use`");
        }
    }
}

#[test]
fn code_in_a_mod_file_is_found() {
    for (code, found) in [
        ("//! Docs.\nmod a;\n#[cfg(test)]\nmod tests;\npub use a::X;", None),
        ("mod a;\nfn f() {}", Some(1)),
        ("mod a { fn f() {} }", Some(0)),
        ("struct S;", Some(0)),
        ("macro_rules! m { () => {} }", Some(0)),
    ] {
        assert_eq!(more_than_a_list(&syn::parse_file(code).unwrap()), found, "{code}");
    }
}

/// Words that show unfinished work, or come from the machine on which it was done. Each is written in two
/// parts, so that this file holds none.
const FORBIDDEN: [&str; 7] = [
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("to", "do!"),
    concat!("unimplemented", "!("),
    concat!("dbg", "!("),
    concat!("/wo", "rk/"),
    concat!("../sha", "red"),
];

/// Where a word is right after all.
const EXCEPTIONS: [(&str, &str); 1] = [(".ci/run", concat!("../sha", "red"))];

/// What must not stand in a file, as far as it does.
fn forbidden(file: &str, text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let words = FORBIDDEN.iter().filter(|word| line.contains(**word));
        for word in words.filter(|word| !EXCEPTIONS.contains(&(file, word))) {
            wrong.push(format!("{file}:{}: {word}", number + 1));
        }
    }
    // Code may write and read the armour of a key; key material behind it is a key.
    for block in text.split("PRIVATE KEY-----").skip(1) {
        let digits = block.trim_start_matches(['\\', 'n', 'r', '\n', ' ', '"', '\t']);
        let digits = digits.chars().take_while(|c| c.is_ascii_alphanumeric() || "+/".contains(*c)).count();
        if digits >= 40 {
            wrong.push(format!("{file}: a private key"));
        }
    }
    wrong
}

#[test]
fn no_file_holds_a_forbidden_word_or_a_key() {
    let files = tree::files("");
    assert!(files.contains(&"Cargo.toml".to_owned()) && files.contains(&"src/lib.rs".to_owned()));
    let wrong: Vec<_> = files.iter().flat_map(|file| forbidden(file, &tree::text(file))).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_forbidden_word_or_a_key_is_found() {
    for word in FORBIDDEN {
        assert_eq!(forbidden("src/x.rs", &format!("a\nb {word} c")).len(), 1, "{word}");
    }
    let shared = FORBIDDEN[6];
    assert!(forbidden(".ci/run", shared).is_empty());
    assert!(forbidden("src/x.rs", "framework/ todo_list dbg_macro").is_empty());
    let key = |digits: &str| format!("-----BEGIN {}-----\n{digits}\n", "EC PRIVATE KEY");
    assert_eq!(forbidden("x.pem", &key(&"MIGH".repeat(16))), ["x.pem: a private key"]);
    assert!(forbidden("x.rs", &key("{}")).is_empty());
}
