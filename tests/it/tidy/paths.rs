//! Every path that a module writes, in imports, code and macros.

use proc_macro2::{TokenStream, TokenTree};
use syn::{
    Attribute, ImplItem, Item, ItemUse, Macro, Path, TraitItem, UseTree, Visibility,
    visit::{self, Visit},
};

use super::tree::is_for_tests;

/// One path as it is written, without generic arguments; `*` for a glob.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Written {
    /// The module that it stands in, from the root down.
    pub(super) module: Vec<String>,
    pub(super) names: Vec<String>,
    pub(super) renamed: bool,
}

impl Written {
    /// The same path from the crate's root, where it begins with `crate`, `self` or `super`.
    pub(super) fn absolute(&self) -> Option<Vec<String>> {
        let mut base = match self.names.first()?.as_str() {
            "crate" => Vec::new(),
            "self" | "super" => self.module.clone(),
            _ => return None,
        };
        for name in &self.names {
            match name.as_str() {
                "crate" | "self" => {}
                "super" => drop(base.pop()),
                name => base.push(name.to_owned()),
            }
        }
        Some(base)
    }

    /// The last two names, such as `Verified::new`.
    pub(super) fn ends_with(&self, end: [&str; 2]) -> bool {
        self.names.len() >= 2 && self.names.iter().rev().zip(end.iter().rev()).all(|(name, end)| name == end)
    }
}

/// The paths of one file, those of its tests aside.
pub(super) fn written(module: &[String], code: &syn::File) -> Vec<Written> {
    let mut collector = Collector { module: module.to_vec(), found: Vec::new() };
    collector.visit_file(code);
    collector.found
}

struct Collector {
    module: Vec<String>,
    found: Vec<Written>,
}

impl Collector {
    fn add(&mut self, names: Vec<String>, renamed: bool) {
        self.found.push(Written { module: self.module.clone(), names, renamed });
    }

    fn add_tree(&mut self, mut before: Vec<String>, tree: &UseTree) {
        match tree {
            UseTree::Path(path) => {
                before.push(path.ident.to_string());
                self.add_tree(before, &path.tree);
            }
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.add_tree(before.clone(), tree)),
            UseTree::Name(name) => {
                before.push(name.ident.to_string());
                self.add(before, false);
            }
            UseTree::Rename(rename) => {
                before.push(rename.ident.to_string());
                self.add(before, rename.rename != "_");
            }
            _ => {
                before.push("*".to_owned());
                self.add(before, false);
            }
        }
    }

    /// Macros have no syntax of their own, so their tokens are searched for names with `::` between them;
    /// `before` is what stands in front of a list of imports.
    fn add_tokens(&mut self, tokens: TokenStream, before: &[String]) {
        let mut names = before.to_vec();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(name) => {
                    if colons != 2 {
                        self.add_names(&mut names, before);
                    }
                    names.push(name.to_string());
                    colons = 0;
                }
                TokenTree::Punct(mark) if mark.as_char() == ':' => colons += 1,
                TokenTree::Group(group) => {
                    let list = if colons == 2 { std::mem::take(&mut names) } else { Vec::new() };
                    self.add_tokens(group.stream(), &list);
                    self.add_names(&mut names, before);
                    colons = 0;
                }
                _ => {
                    self.add_names(&mut names, before);
                    colons = 0;
                }
            }
        }
        self.add_names(&mut names, before);
    }

    /// Ends a path; one name alone is none.
    fn add_names(&mut self, names: &mut Vec<String>, before: &[String]) {
        let path = std::mem::replace(names, before.to_vec());
        if path.len() > before.len().max(1) {
            self.add(path, false);
        }
    }
}

impl<'ast> Visit<'ast> for Collector {
    fn visit_item(&mut self, item: &'ast Item) {
        if is_for_tests(attributes(item)) {
            return;
        }
        match item {
            Item::Mod(inner) if inner.content.is_some() => {
                self.module.push(inner.ident.to_string());
                visit::visit_item(self, item);
                self.module.pop();
            }
            _ => visit::visit_item(self, item),
        }
    }

    fn visit_impl_item(&mut self, item: &'ast ImplItem) {
        let attributes = match item {
            ImplItem::Const(item) => &*item.attrs,
            ImplItem::Fn(item) => &*item.attrs,
            ImplItem::Type(item) => &*item.attrs,
            _ => &[],
        };
        if !is_for_tests(attributes) {
            visit::visit_impl_item(self, item);
        }
    }

    fn visit_trait_item(&mut self, item: &'ast TraitItem) {
        if !matches!(item, TraitItem::Fn(function) if is_for_tests(&function.attrs)) {
            visit::visit_trait_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.add_tree(Vec::new(), &item.tree);
    }

    fn visit_path(&mut self, path: &'ast Path) {
        self.add(path.segments.iter().map(|segment| segment.ident.to_string()).collect(), false);
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        self.add_tokens(call.tokens.clone(), &[]);
        visit::visit_macro(self, call);
    }

    /// `pub(crate)` uses nothing.
    fn visit_visibility(&mut self, _: &'ast Visibility) {}
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

#[test]
fn paths_are_found_wherever_they_stand() {
    let code = "
        use crate::{a::{self, B as C}, d::*};
        pub(crate) struct S(crate::e::T);
        impl crate::f::Trait for S {
            type X = <S as super::super::g::Trait>::X;
            fn run(self) -> Vec<crate::h::T> { crate::i::call::<crate::j::T>(); }
            #[cfg(test)] fn tested(self) { crate::not::this(); }
        }
        macro_rules! m { () => { pub(crate) fn f() {} $crate::k::call(&[crate::l::X]); use crate::m::{n, o::P}; } }
        fn p(crate::q::Pattern { .. }: S) { println!(\"{}\", crate::r::VALUE); std::mem::drop(()); }
        mod inner { use super::super::s::T; use super::here::Y; }
        #[cfg(test)] mod tests { use crate::not::that; }
        #[cfg(all(test, unix))] use crate::nor::this;
    ";
    let found = written(&["top".to_owned(), "low".to_owned()], &syn::parse_file(code).unwrap());
    let mut absolute: Vec<String> =
        found.iter().filter_map(Written::absolute).map(|names| names.join("::")).collect();
    absolute.sort();
    absolute.dedup();
    assert_eq!(
        absolute.join(" "),
        "a a::B d::* e::T f::Trait g::Trait::X h::T i::call j::T k::call l::X m::n m::o::P q::Pattern \
         r::VALUE top::low::here::Y top::s::T"
    );
    assert!(found.iter().any(|path| path.ends_with(["mem", "drop"])));
    assert!(found.iter().any(|path| path.renamed && path.ends_with(["a", "B"])));
}
