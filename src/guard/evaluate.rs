//! Whether a rule is held, given a token and a request.

use http::request::Parts;

use super::{
    permission::covers,
    rule::{Node, Rule},
    truth::Truth,
};
use crate::claims::{Principal, RoleMap};

/// What a rule is evaluated against.
#[derive(Clone, Copy)]
pub(super) struct Facts<'a> {
    pub(super) principal: &'a Principal,
    pub(super) parts: &'a Parts,
    pub(super) roles: &'a RoleMap,
    /// Scopes to add, to ask what a token with these scopes too would be allowed.
    pub(super) supposed: Option<&'a [&'a str]>,
}

impl Rule {
    pub(super) fn evaluate(&self, facts: Facts<'_>) -> Truth {
        match self.node() {
            Node::Role(name) => facts.role(|held| facts.roles.includes(held, name)),
            // Of nothing, nothing can be said; the same holds for the empty `all_of` and `any_of`.
            Node::AnyRole(names) if names.is_empty() => Truth::Unknown,
            Node::AnyRole(names) => {
                facts.role(|held| names.iter().any(|name| facts.roles.includes(held, name)))
            }
            Node::Permission(name) => facts.permission(name),
            Node::Scope(name) => facts.scope(name),
            Node::Authenticated => Truth::Held,
            Node::When { predicate, .. } => Truth::known(predicate(facts.principal, facts.parts)),
            Node::All(rules) => join(rules, facts, Truth::Held, Truth::NotHeld),
            Node::Any(rules) => join(rules, facts, Truth::NotHeld, Truth::Held),
            Node::Not(rule) => !rule.evaluate(facts),
        }
    }
}

/// `decisive` where one part is, else unknown where one part is, else `neutral`; without parts unknown.
fn join(rules: &[Rule], facts: Facts<'_>, neutral: Truth, decisive: Truth) -> Truth {
    let mut result = if rules.is_empty() { Truth::Unknown } else { neutral };
    for rule in rules {
        match rule.evaluate(facts) {
            truth if truth == decisive => return decisive,
            Truth::Unknown => result = Truth::Unknown,
            _ => {}
        }
    }
    result
}

impl Facts<'_> {
    fn role(&self, fits: impl Fn(&str) -> bool) -> Truth {
        Truth::of(self.principal.roles().any(fits), self.principal.authorities().roles.is_some())
    }

    fn permission(&self, required: &str) -> Truth {
        let authorities = self.principal.authorities();
        // A set-up whose roles grant permissions often has no permissions claim at all.
        let told = match self.roles.grants_permissions() {
            true => authorities.roles.is_some(),
            false => authorities.permissions.is_some(),
        };
        let held = self.principal.permissions().any(|granted| covers(granted, required))
            || self
                .principal
                .roles()
                .flat_map(|role| self.roles.permissions(role))
                .any(|granted| covers(granted, required));
        Truth::of(held, told)
    }

    fn scope(&self, name: &str) -> Truth {
        // A token that is granted a scope has the claim.
        let told = self.supposed.is_some() || self.principal.authorities().scopes.is_some();
        let held = self.principal.scopes().any(|scope| scope == name)
            || self.supposed.into_iter().flatten().any(|scope| *scope == name);
        Truth::of(held, told)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::{
        super::{
            all_of, any_of, any_role, authenticated,
            fixture::{Token, head, rules},
            permission, role, scope, when,
        },
        Truth::{Held, NotHeld, Unknown},
        *,
    };

    const ALL: [Truth; 3] = [Held, Unknown, NotHeld];

    fn rule_that_is(truth: Truth) -> Rule {
        match truth {
            Held => authenticated(),
            Unknown => role("any"),
            NotHeld => !authenticated(),
        }
    }

    fn truth(rule: &Rule) -> Truth {
        rule.truth_for(&Token::default(), &RoleMap::default())
    }

    #[test]
    fn and_or_and_not_follow_the_tables_of_kleene() {
        let and = [[Held, Unknown, NotHeld], [Unknown, Unknown, NotHeld], [NotHeld, NotHeld, NotHeld]];
        let or = [[Held, Held, Held], [Held, Unknown, Unknown], [Held, Unknown, NotHeld]];
        let not = [NotHeld, Unknown, Held];
        for (row, left) in ALL.into_iter().enumerate() {
            assert_eq!(truth(&rule_that_is(left)), left);
            assert_eq!(truth(&!rule_that_is(left)), not[row]);
            for (column, right) in ALL.into_iter().enumerate() {
                let (a, b) = (rule_that_is(left), rule_that_is(right));
                assert_eq!(truth(&(a.clone() & b.clone())), and[row][column], "{left:?} & {right:?}");
                assert_eq!(truth(&(a | b)), or[row][column], "{left:?} | {right:?}");
            }
        }
    }

    /// Tokens that give the leaves role("r"), permission("p") and scope("s") every combination of truths.
    fn tokens() -> Vec<Token> {
        let claim = |name: &'static str| [None, Some(vec![]), Some(vec!["x", name])];
        let mut tokens = Vec::new();
        for roles in claim("r") {
            for permissions in claim("p") {
                for scopes in claim("s") {
                    tokens.push(Token { roles: roles.clone(), permissions: permissions.clone(), scopes });
                }
            }
        }
        tokens
    }

    #[test]
    fn de_morgan_holds_for_every_pair_of_rules() {
        let parts = rules(&[role("r"), permission("p"), scope("s")], 1, true);
        let tokens = tokens();
        assert_eq!((parts.len(), tokens.len()), (24, 27));
        for a in &parts {
            for b in &parts {
                let (a, b) = (a.clone(), b.clone());
                let and = (!(a.clone() & b.clone()), !a.clone() | !b.clone());
                let or = (!(a.clone() | b.clone()), !a & !b);
                for (whole, parts) in [and, or] {
                    for token in &tokens {
                        let map = RoleMap::default();
                        let (left, right) = (whole.truth_for(token, &map), parts.truth_for(token, &map));
                        assert_eq!(left, right, "{whole} and {parts} for {token:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn every_rule_is_the_least_or_the_greatest_of_its_parts() {
        fn expected(rule: &Rule, leaf: impl Fn(&Rule) -> Truth + Copy) -> Truth {
            let rank = |rule: &Rule| ALL.iter().position(|truth| *truth == expected(rule, leaf)).unwrap();
            match rule.node() {
                Node::All(rules) => ALL[rules.iter().map(rank).max().unwrap()],
                Node::Any(rules) => ALL[rules.iter().map(rank).min().unwrap()],
                Node::Not(rule) => ALL[2 - rank(rule)],
                _ => leaf(rule),
            }
        }
        let map = RoleMap::default();
        for rule in rules(&[role("r"), permission("p"), scope("s")], 2, true) {
            for token in tokens() {
                let expected = expected(&rule, |leaf| leaf.truth_for(&token, &map));
                assert_eq!(rule.truth_for(&token, &map), expected, "{rule} for {token:?}");
            }
        }
    }

    #[test]
    fn another_role_never_takes_what_a_rule_without_not_gave() {
        let map = RoleMap::builder().includes("a", ["b"]).grants("c", ["p:*"]).build().unwrap();
        let leaves = [role("b"), any_role(["a", "c"]), permission("p:q")];
        let roles = ["a", "b", "c"];
        let subsets = (0..8).map(|bits| {
            let subset = (0..3).filter(move |bit| bits & (1 << bit) != 0).map(|bit| roles[bit]);
            Token::default().roles(subset.collect::<Vec<_>>())
        });
        let tokens: Vec<_> = subsets.chain([Token::default()]).collect();
        for rule in rules(&leaves, 2, false) {
            for token in tokens.iter().filter(|token| rule.truth_for(token, &map) == Held) {
                for more in roles {
                    let held = token.roles.iter().flatten().copied().chain([more]).collect::<Vec<_>>();
                    let larger = token.clone().roles(held);
                    assert_eq!(rule.truth_for(&larger, &map), Held, "{rule} for {token:?} and {more}");
                }
            }
        }
    }

    #[test]
    fn a_leaf_is_unknown_only_where_the_token_lacks_the_claim_that_tells() {
        let none = RoleMap::default();
        let includes = RoleMap::builder().includes("admin", ["editor"]).build().unwrap();
        let grants = RoleMap::builder().grants("editor", ["posts:*"]).build().unwrap();
        let token = Token::default;
        for (rule, token, map, expected) in [
            (role("admin"), token(), &none, Unknown),
            (role("admin"), token().roles([]), &none, NotHeld),
            (role("admin"), token().roles(["editor"]), &none, NotHeld),
            (role("admin"), token().roles(["editor", "admin"]), &none, Held),
            (role("Admin"), token().roles(["admin"]), &none, NotHeld),
            (role("admin"), token().permissions(["admin"]).scopes(["admin"]), &none, Unknown),
            (role("editor"), token().roles(["admin"]), &includes, Held),
            (role("admin"), token().roles(["editor"]), &includes, NotHeld),
            (any_role(["x", "editor"]), token().roles(["admin"]), &includes, Held),
            (any_role(["x", "y"]), token().roles(["admin"]), &includes, NotHeld),
            (any_role(["x", "y"]), token(), &includes, Unknown),
            (permission("posts:write"), token(), &none, Unknown),
            (permission("posts:write"), token().roles(["editor"]), &none, Unknown),
            (permission("posts:write"), token().permissions([]), &none, NotHeld),
            (permission("posts:write"), token().permissions(["posts:*"]), &none, Held),
            (permission("posts:write"), token(), &grants, Unknown),
            (permission("posts:write"), token().roles(["editor"]), &grants, Held),
            (permission("posts:write"), token().roles(["reader"]), &grants, NotHeld),
            (permission("posts:write"), token().permissions([]), &grants, Unknown),
            (permission("posts:write"), token().permissions(["posts:write"]), &grants, Held),
            (permission("posts:write"), token().permissions([]).roles(["editor"]), &grants, Held),
            (permission("posts:write"), token().permissions([]), &includes, NotHeld),
            (scope("read"), token(), &none, Unknown),
            (scope("read"), token().scopes([]), &none, NotHeld),
            (scope("read"), token().scopes(["write read"]), &none, Held),
            (scope("posts:read"), token().scopes(["posts:*"]), &none, NotHeld),
            (authenticated(), token(), &none, Held),
            (when("never", |_, _| false), token(), &none, NotHeld),
        ] {
            assert_eq!(rule.truth_for(&token, map), expected, "{rule} for {token:?}");
        }
    }

    #[test]
    fn an_empty_list_grants_nobody_and_neither_does_its_negation() {
        let token = Token::default().roles(["admin"]);
        for rule in [all_of([]), any_of([]), any_role([])] {
            assert_eq!(rule.truth_for(&token, &RoleMap::default()), Unknown, "{rule}");
            assert_eq!((!rule.clone()).truth_for(&token, &RoleMap::default()), Unknown, "!{rule}");
            assert_eq!((rule.clone() & role("admin")).truth_for(&token, &RoleMap::default()), Unknown);
            assert_eq!((rule | role("admin")).truth_for(&token, &RoleMap::default()), Held);
        }
    }

    #[test]
    fn a_predicate_sees_who_asks_and_what_for() {
        let own = when("own", |principal, parts| parts.uri.path().strip_prefix('/') == principal.subject());
        let (principal, roles) = (Token::default().principal(), RoleMap::default());
        for (path, expected) in [("/alice", Held), ("/bob", NotHeld)] {
            let facts = Facts { principal: &principal, parts: &head(path), roles: &roles, supposed: None };
            assert_eq!(own.evaluate(facts), expected, "{path}");
        }
    }

    #[test]
    fn a_predicate_is_not_called_where_the_result_is_settled_before_it() {
        static CALLS: AtomicUsize = AtomicUsize::new(0);
        let counted = when("counted", |_, _| CALLS.fetch_add(1, Ordering::Relaxed) > usize::MAX / 2);
        for (left, in_and, in_or) in [(Held, 1, 0), (Unknown, 1, 1), (NotHeld, 0, 1)] {
            for (rule, calls) in [
                (rule_that_is(left) & counted.clone(), in_and),
                (rule_that_is(left) | counted.clone(), in_or),
            ] {
                CALLS.store(0, Ordering::Relaxed);
                truth(&rule);
                assert_eq!(CALLS.load(Ordering::Relaxed), calls, "{rule}");
            }
        }
    }
}
