//! Who makes the proofs: each is made in one place, behind the check that it stands for.

use syn::{
    ExprCall, ExprStruct,
    visit::{self, Visit},
};

use super::{
    paths::{self, Written},
    tree::{self, Module},
};

/// A proof, where it is defined, and the one file or folder that may make it.
const PROOFS: [(&str, &str, &str); 3] = [
    ("Verified", "src/claims/verified.rs", "src/verify/verifier.rs"),
    ("Claims", "src/authenticate/claims.rs", "src/authenticate/"),
    ("Principal", "src/claims/principal.rs", "src/claims/verified.rs"),
];

/// Where a file makes a proof that it may not make.
fn misuses(file: &str, paths: &[Written], code: &syn::File) -> Vec<String> {
    let mut literals = Literals::default();
    literals.visit_file(code);
    let mut wrong = Vec::new();
    for (proof, home, maker) in PROOFS {
        if file == home || file.starts_with(maker) {
            continue;
        }
        if paths.iter().any(|path| path.ends_with([proof, "new"])) {
            wrong.push(format!("{file} calls {proof}::new"));
        }
        if literals.0.iter().any(|name| name == proof) {
            wrong.push(format!("{file} builds a {proof} by hand"));
        }
        if paths.iter().any(|path| path.renamed && path.names.last().is_some_and(|name| name == proof)) {
            wrong.push(format!("{file} gives {proof} another name"));
        }
    }
    wrong
}

/// The names of what is built as `Name(..)` or `Name { .. }`.
#[derive(Default)]
struct Literals(Vec<String>);

impl Literals {
    fn add(&mut self, path: &syn::Path) {
        self.0.extend(path.segments.last().map(|segment| segment.ident.to_string()));
    }
}

impl<'ast> Visit<'ast> for Literals {
    fn visit_expr_call(&mut self, call: &'ast ExprCall) {
        if let syn::Expr::Path(function) = &*call.func {
            self.add(&function.path);
        }
        visit::visit_expr_call(self, call);
    }

    fn visit_expr_struct(&mut self, literal: &'ast ExprStruct) {
        self.add(&literal.path);
        visit::visit_expr_struct(self, literal);
    }
}

#[test]
fn proofs_are_made_in_one_place() {
    let modules = tree::modules();
    let wrong: Vec<_> = modules
        .iter()
        .flat_map(|Module { path, file, code }| misuses(file, &paths::written(path, code), code))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_one_place_makes_the_proof_once() {
    for (proof, _, maker) in PROOFS {
        let calls: usize = tree::modules()
            .iter()
            .filter(|module| module.file.starts_with(maker))
            .map(|Module { path, code, .. }| {
                paths::written(path, code).iter().filter(|path| path.ends_with([proof, "new"])).count()
            })
            .sum();
        assert_eq!(calls, 1, "{proof}::new in {maker}");
    }
}

#[test]
fn a_proof_made_elsewhere_is_found() {
    for (file, code, found) in [
        ("src/verify/verifier.rs", "fn f() { Verified::new(r, a, c) }", None),
        ("src/verify/payload.rs", "fn f() { Verified::new(r, a, c) }", Some("calls Verified::new")),
        (
            "src/guard/rule.rs",
            "fn f() { crate::claims::Verified::<C>::new(r, a, c) }",
            Some("calls Verified"),
        ),
        ("src/guard/rule.rs", "fn f() { make(Verified::new) }", Some("calls Verified::new")),
        ("src/guard/rule.rs", "fn f() { make!(Verified::new(x)) }", Some("calls Verified::new")),
        ("src/guard/rule.rs", "fn f() { Verified { registered, authorities, claims } }", Some("by hand")),
        ("src/guard/rule.rs", "use crate::claims::Verified as V;", Some("another name")),
        ("src/extract/claims.rs", "fn f() { Claims(token) }", Some("Claims by hand")),
        ("src/extract/claims.rs", "fn f() { Claims::new(token) }", Some("calls Claims::new")),
        ("src/authenticate/layer.rs", "fn f() { Claims::new(token) }", None),
        ("src/verify/verifier.rs", "fn f() { RegisteredClaims::new(p, c, e) }", None),
        ("src/guard/rule.rs", "#[cfg(test)] fn f() { Verified::new(r, a, c) }", None),
    ] {
        let code = syn::parse_file(code).unwrap();
        let wrong = misuses(file, &paths::written(&["m".to_owned()], &code), &code);
        match found {
            None => assert!(wrong.is_empty(), "{wrong:?}"),
            Some(words) => assert!(wrong.iter().any(|line| line.contains(words)), "{file}: {wrong:?}"),
        }
    }
}
