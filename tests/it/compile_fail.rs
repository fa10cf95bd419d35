//! What must not compile, and what the compiler says then.
//!
//! Each file in `compile_fail/` is a crate of its own. The lines of its head comment must stand in the
//! compiler's answer, in their order. They are few, because its other words differ from version to version.
//! The cases are compiled against the library that cargo built for the tests, so that no dependency has to be
//! built a second time.

use std::{
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

#[test]
fn what_must_not_be_written_does_not_compile_and_says_why() {
    let library = library();
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("it/compile_fail");
    let (mut count, mut wrong) = (0, Vec::new());
    for case in fs::read_dir(cases).unwrap() {
        let case = case.unwrap().path();
        let twin = case.ends_with("complete.rs");
        match compile(&case, &library) {
            Ok(()) if twin => {}
            Ok(()) => wrong.push(format!("{} compiles", case.display())),
            Err(answer) if twin => wrong.push(format!("{} does not compile:\n{answer}", case.display())),
            Err(answer) => {
                count += 1;
                if !stand_in_order(&head(&case), &answer) {
                    wrong.push(format!("{} is refused with other words:\n{answer}", case.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count >= 15, "only {count} cases were found");
}

/// Compiles one file as a crate, or gives what the compiler said.
fn compile(case: &Path, library: &Path) -> Result<(), String> {
    let rustc = Path::new(env!("CARGO")).with_file_name(format!("rustc{}", env::consts::EXE_SUFFIX));
    let mut extern_path = OsString::from("jwtower=");
    extern_path.push(library);
    let answer = Command::new(rustc)
        .args(["--edition=2024", "--crate-type=lib", "--emit=metadata", "--out-dir"])
        .arg(env!("CARGO_TARGET_TMPDIR"))
        .arg("-L")
        .arg(library.parent().unwrap())
        .arg("--extern")
        .arg(extern_path)
        .arg(case)
        .output()
        .expect("the compiler stands beside cargo");
    if answer.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&answer.stderr).into_owned()) }
}

/// The library that cargo builds for these tests; cargo says where it lies.
fn library() -> PathBuf {
    let answer = Command::new(env!("CARGO"))
        .args(["test", "--offline", "--package", env!("CARGO_PKG_NAME"), "--lib", "--no-run", "--quiet"])
        .arg("--message-format=json")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    let messages = String::from_utf8_lossy(&answer.stdout);
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|message| message["reason"] == "compiler-artifact" && message["target"]["name"] == "jwtower")
        .filter_map(|message| message["filenames"].as_array()?.iter().find_map(rlib))
        .next_back()
        .unwrap_or_else(|| panic!("cargo built no library: {}", String::from_utf8_lossy(&answer.stderr)))
}

fn rlib(file: &Value) -> Option<PathBuf> {
    file.as_str().filter(|name| name.ends_with(".rlib")).map(PathBuf::from)
}

fn head(case: &Path) -> Vec<String> {
    let text = fs::read_to_string(case).unwrap();
    text.lines().map_while(|line| line.strip_prefix("//! ")).map(str::to_owned).collect()
}

fn stand_in_order(lines: &[String], answer: &str) -> bool {
    let mut rest = answer;
    !lines.is_empty()
        && lines.iter().all(|line| match rest.split_once(line.as_str()) {
            Some((_, behind)) => {
                rest = behind;
                true
            }
            None => false,
        })
}

#[test]
fn words_count_only_in_their_order() {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    assert!(stand_in_order(&lines("a b\nc"), "x a b y\nz c"));
    assert!(!stand_in_order(&lines("c\na b"), "x a b y\nz c"));
    assert!(!stand_in_order(&[], "anything"));
}
