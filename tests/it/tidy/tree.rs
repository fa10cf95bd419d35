//! The files of the repository, and the modules of the library.

use std::{
    fs,
    path::{Path, PathBuf},
};

use syn::{Attribute, Item, ItemMod, Meta};

/// What is built, fetched, or git's own.
const SKIPPED: [&str; 5] = [".git", "target", "node_modules", ".venv", "__pycache__"];

/// The repository's root.
pub(super) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ is a folder of the repository")
}

/// A file's text; the empty one where there is no such file.
pub(super) fn text(path: &str) -> String {
    fs::read(root().join(path)).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}

/// The files below a folder of the repository, by their paths from the root.
pub(super) fn files(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    walk(&root().join(folder), &mut found);
    found.sort();
    found
}

fn walk(folder: &Path, found: &mut Vec<String>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.expect("a folder can be read").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if SKIPPED.contains(&&*name) || path.is_symlink() {
            continue;
        }
        if path.is_dir() {
            walk(&path, found);
        } else {
            found.push(path.strip_prefix(root()).unwrap_or(&path).to_string_lossy().into_owned());
        }
    }
}

/// A file of the library that is compiled outside tests too.
pub(super) struct Module {
    /// The names from the root down; empty for the root itself.
    pub(super) path: Vec<String>,
    pub(super) file: String,
    pub(super) code: syn::File,
}

/// Every module of the library, those that only tests see aside.
pub(super) fn modules() -> Vec<Module> {
    let mut found = Vec::new();
    load(Vec::new(), PathBuf::from("src/lib.rs"), &mut found);
    found
}

fn load(path: Vec<String>, file: PathBuf, found: &mut Vec<Module>) {
    let name = file.to_string_lossy().into_owned();
    let code = syn::parse_file(&text(&name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let folder = match file.file_stem() {
        Some(stem) if stem == "lib" || stem == "mod" => file.with_file_name(""),
        _ => file.with_extension(""),
    };
    for child in children(&code) {
        let own = folder.join(format!("{child}.rs"));
        let file = if root().join(&own).exists() { own } else { folder.join(&child).join("mod.rs") };
        load([path.clone(), vec![child]].concat(), file, found);
    }
    found.push(Module { path, file: name, code });
}

fn children(code: &syn::File) -> Vec<String> {
    let is_elsewhere = |module: &&ItemMod| module.content.is_none() && !is_for_tests(&module.attrs);
    let modules = code.items.iter().filter_map(|item| match item {
        Item::Mod(module) => Some(module),
        _ => None,
    });
    modules.filter(is_elsewhere).map(|module| module.ident.to_string()).collect()
}

/// Whether an item has `#[cfg(test)]`, alone or with more conditions.
pub(super) fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) if list.path.is_ident("cfg") => {
            let condition = list.tokens.to_string().replace(' ', "");
            condition == "test" || condition.starts_with("all(test,")
        }
        _ => false,
    })
}
