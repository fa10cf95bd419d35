//! Whether the README and the other documents are true.

use super::tree;

#[test]
fn the_commands_of_the_readme_exist() {
    let readme = tree::text("README.md");
    for (command, file) in [
        ("cargo run --features jwe,redb --example auth_server", "examples/auth_server/main.rs"),
        ("cargo run --example quickstart", "examples/quickstart.rs"),
        ("tests/run", "tests/run"),
    ] {
        assert!(readme.lines().any(|line| line.starts_with(command)), "the README lacks `{command}`");
        assert!(tree::root().join(file).is_file(), "there is no {file}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(tree::root().join("tests/run")).unwrap().permissions().mode();
        assert_ne!(mode & 0o111, 0, "tests/run is not executable");
    }
}

#[test]
fn the_papers_of_a_crate_are_there() {
    for file in ["CHANGELOG.md", "CONTRIBUTING.md", "LICENSE-MIT", "LICENSE-APACHE", ".ci/run"] {
        assert!(tree::root().join(file).is_file(), "there is no {file}");
    }
}

/// The features of a manifest that lack a comment above them, or a row in the README's table.
fn unexplained(manifest: &str, readme: &str) -> Vec<String> {
    let lines: Vec<&str> = manifest.lines().skip_while(|line| *line != "[features]").skip(1).collect();
    let mut wrong = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        if line.starts_with('[') {
            break;
        }
        let Some((name, _)) = line.split_once('=').filter(|_| !line.starts_with('#')) else { continue };
        let name = name.trim();
        if name == "default" {
            continue;
        }
        if !index.checked_sub(1).is_some_and(|before| lines[before].starts_with("# ")) {
            wrong.push(format!("Cargo.toml: {name} has no comment"));
        }
        if !readme.lines().any(|line| line.starts_with(&format!("| `{name}` |"))) {
            wrong.push(format!("README.md: {name} has no row"));
        }
    }
    wrong
}

#[test]
fn every_feature_is_explained() {
    let manifest = tree::text("Cargo.toml");
    assert!(manifest.contains("\n[features]\n"));
    let wrong = unexplained(&manifest, &tree::text("README.md"));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_feature_without_an_explanation_is_found() {
    let manifest =
        "[package]\n[features]\ndefault = [\"a\"]\n# Why.\na = []\nb = []\n[dependencies]\nc = \"1\"\n";
    assert_eq!(
        unexplained(manifest, "| `a` | yes | .. |"),
        ["Cargo.toml: b has no comment", "README.md: b has no row"]
    );
}

#[test]
fn every_example_says_how_to_call_it() {
    // The modules of an example that is a folder are described in its main.rs.
    let is_root = |file: &String| match file.split('/').collect::<Vec<_>>()[..] {
        ["examples", name] => name.ends_with(".rs"),
        ["examples", _, name] => name == "main.rs",
        _ => false,
    };
    let examples: Vec<_> = tree::files("examples").into_iter().filter(is_root).collect();
    for file in ["examples/auth_server/main.rs", "examples/quickstart.rs"] {
        assert!(examples.iter().any(|example| example == file), "{file} is not among {examples:?}");
    }
    for file in examples {
        let text = tree::text(&file);
        let head: Vec<&str> = text.lines().take_while(|line| line.starts_with("//!")).collect();
        for words in [&["cargo run ", "--example "][..], &["curl "]] {
            let has_all = |line: &&str| words.iter().all(|word| line.contains(word));
            assert!(head.iter().any(has_all), "{file}: its head has no line with {words:?}");
        }
    }
}

/// The links of a document that lead to no file.
fn dead_links(file: &str, text: &str) -> Vec<String> {
    let folder = tree::root().join(file);
    let folder = folder.parent().unwrap_or(tree::root());
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let is_local =
        |target: &&str| !target.contains("://") && !target.contains("::") && !target.starts_with('#');
    targets
        .filter(is_local)
        .map(|target| target.split('#').next().unwrap_or(target))
        .filter(|target| target.contains(['.', '/']) && !folder.join(target).exists())
        .map(|target| format!("{file}: {target}"))
        .collect()
}

#[test]
fn links_lead_to_files_that_exist() {
    let documents: Vec<_> = tree::files("").into_iter().filter(|file| file.ends_with(".md")).collect();
    assert!(documents.contains(&"docs/defaults.md".to_owned()), "{documents:?}");
    let dead: Vec<_> = documents.iter().flat_map(|file| dead_links(file, &tree::text(file))).collect();
    assert!(dead.is_empty(), "{}", dead.join("\n"));
}

#[test]
fn a_dead_link_is_found() {
    let text = "[a](defaults.md) [b](errors.md#rights) [c](https://example.com/x.md) [d](gone.md) [e](../src/lib.rs)";
    assert_eq!(dead_links("docs/tokens.md", text), ["docs/tokens.md: gone.md"]);
}

#[test]
fn every_path_that_the_readme_names_exists() {
    let readme = tree::text("README.md");
    let names = readme.split('`').skip(1).step_by(2).filter(|name| !name.contains([' ', '\n']));
    for name in names.filter(|name| name.ends_with(".rs") || name.ends_with(".md") || name.ends_with('/')) {
        let place = [name.to_owned(), format!("src/{name}")];
        assert!(place.iter().any(|path| tree::root().join(path).exists()), "the README names {name}");
    }
}
