//! Which scopes a denied caller would need.

use super::{
    evaluate::Facts,
    rule::{Node, Rule},
    truth::Truth,
};

impl Rule {
    /// Whether scopes can matter at all.
    pub(super) fn mentions_scopes(&self) -> bool {
        match self.node() {
            Node::Scope(_) => true,
            Node::All(rules) | Node::Any(rules) => rules.iter().any(Self::mentions_scopes),
            Node::Not(rule) => rule.mentions_scopes(),
            _ => false,
        }
    }

    /// The scopes that would turn this rule to held, none of which can be left out; empty where scopes
    /// alone do not help.
    pub(super) fn missing_scopes<'a>(&'a self, facts: Facts<'_>) -> Vec<&'a str> {
        let mut scopes = self.helpful_scopes(facts).unwrap_or_default();
        // What one part needs can make up for what was offered to another: `(a | b) & b` needs only `b`.
        for candidate in scopes.clone() {
            let rest: Vec<_> = scopes.iter().copied().filter(|scope| *scope != candidate).collect();
            if self.would_hold(facts, &rest) {
                scopes = rest;
            }
        }
        scopes
    }

    /// Scopes with which this rule would hold: all that the parts of `&` need, the fewest that a part of `|`
    /// needs, and none for the sake of `!`.
    fn helpful_scopes<'a>(&'a self, facts: Facts<'_>) -> Option<Vec<&'a str>> {
        if self.would_hold(facts, &[]) {
            return Some(Vec::new());
        }
        let scopes = match self.node() {
            Node::Scope(name) => vec![&**name],
            Node::All(rules) => {
                let mut union = Vec::new();
                for rule in rules {
                    for scope in rule.helpful_scopes(facts)? {
                        if !union.contains(&scope) {
                            union.push(scope);
                        }
                    }
                }
                union
            }
            Node::Any(rules) => {
                rules.iter().filter_map(|rule| rule.helpful_scopes(facts)).min_by_key(Vec::len)?
            }
            _ => return None,
        };
        // What helps one part can spoil another: `a & !a` holds with no scopes at all.
        self.would_hold(facts, &scopes).then_some(scopes)
    }

    fn would_hold(&self, facts: Facts<'_>, scopes: &[&str]) -> bool {
        self.evaluate(Facts { supposed: Some(scopes), ..facts }) == Truth::Held
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            all_of, any_of,
            fixture::{Token, head, rules},
            role, scope,
        },
        *,
    };
    use crate::claims::RoleMap;

    /// Hands the rule's answer to `check`, for a token with these claims.
    fn ask<T>(token: &Token, check: impl FnOnce(Facts<'_>) -> T) -> T {
        let (principal, parts, roles) = (token.principal(), head("/"), RoleMap::default());
        check(Facts { principal: &principal, parts: &parts, roles: &roles, supposed: None })
    }

    #[test]
    fn the_missing_scopes_are_those_that_would_help_and_no_more() {
        let [a, b, c, d] = ["a", "b", "c", "d"].map(scope);
        let (admin, empty) = (role("admin"), any_of([]));
        let with = Token::default().roles(["admin"]).scopes(["a"]);
        let without = Token::default();
        for (rule, token, missing) in [
            (a.clone(), &with, &[][..]),
            (b.clone(), &with, &["b"]),
            (a.clone() & b.clone(), &with, &["b"]),
            (a.clone() & b.clone(), &without, &["a", "b"]),
            (c.clone() & b.clone() & c.clone(), &with, &["c", "b"]),
            (b.clone() | c.clone() & d.clone(), &with, &["b"]),
            (c.clone() & d.clone() | b.clone(), &with, &["b"]),
            (c.clone() & d.clone() | a.clone() & b.clone(), &with, &["b"]),
            (b.clone() | c.clone(), &with, &["b"]),
            ((b.clone() | c.clone()) & c.clone(), &with, &["c"]),
            (admin.clone() & b.clone(), &with, &["b"]),
            (admin.clone() & b.clone(), &without, &[]),
            (admin.clone() | b.clone(), &without, &["b"]),
            (role("owner") & b.clone() | c.clone(), &with, &["c"]),
            (!a.clone(), &with, &[]),
            (!a.clone() & b.clone(), &with, &[]),
            (!!b.clone(), &with, &[]),
            (!d.clone(), &without, &[]),
            (!d.clone() & b.clone(), &with, &["b"]),
            (!d.clone() & b.clone(), &without, &["b"]),
            (b.clone() & !b.clone(), &with, &[]),
            (b.clone() & !b.clone() | c.clone() & d, &with, &["c", "d"]),
            (empty.clone() | b.clone(), &with, &["b"]),
            (empty & b.clone(), &with, &[]),
            (all_of([]), &with, &[]),
        ] {
            assert_eq!(ask(token, |facts| rule.missing_scopes(facts)), missing, "{rule} for {token:?}");
        }
    }

    #[test]
    fn every_rule_without_not_that_scopes_can_satisfy_is_offered_a_set_of_which_none_can_be_left_out() {
        const NAMES: [&str; 3] = ["a", "b", "c"];
        let leaves: Vec<_> = NAMES.into_iter().map(scope).chain([role("admin")]).collect();
        let all = rules(&leaves, 2, false);
        for token in [Token::default(), Token::default().scopes(["a"]), Token::default().roles(["admin"])] {
            ask(&token, |facts| {
                for rule in &all {
                    let offer = rule.missing_scopes(facts);
                    let denied = rule.evaluate(facts) != Truth::Held;
                    assert_eq!(!offer.is_empty(), denied && rule.would_hold(facts, &NAMES), "{rule}");
                    assert!(!denied || offer.is_empty() || rule.would_hold(facts, &offer), "{rule}");
                    for left_out in &offer {
                        let rest: Vec<_> = offer.iter().copied().filter(|scope| scope != left_out).collect();
                        assert!(!rule.would_hold(facts, &rest), "{rule} without {left_out}");
                    }
                }
            });
        }
    }

    #[test]
    fn what_is_offered_for_a_rule_with_not_makes_it_hold() {
        let leaves = [scope("a"), scope("b"), role("admin")];
        for token in [Token::default(), Token::default().scopes(["a"]).roles([])] {
            ask(&token, |facts| {
                for rule in rules(&leaves, 2, true) {
                    let offer = rule.missing_scopes(facts);
                    assert!(offer.is_empty() || rule.would_hold(facts, &offer), "{rule}");
                }
            });
        }
    }
}
