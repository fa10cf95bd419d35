//! A rule in print: the expression that makes it.

use std::fmt;

use super::rule::{Node, Rule};

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.node() {
            Node::Role(name) => write!(f, "role({name:?})"),
            Node::AnyRole(names) => write!(f, "any_role({names:?})"),
            Node::Permission(name) => write!(f, "permission({name:?})"),
            Node::Scope(name) => write!(f, "scope({name:?})"),
            Node::Authenticated => f.write_str("authenticated()"),
            Node::When { name, .. } => write!(f, "when({name:?})"),
            Node::All(rules) if rules.is_empty() => f.write_str("all_of([])"),
            Node::Any(rules) if rules.is_empty() => f.write_str("any_of([])"),
            Node::All(rules) => self.write_joined(f, rules, " & "),
            Node::Any(rules) => self.write_joined(f, rules, " | "),
            Node::Not(rule) => {
                f.write_str("!")?;
                self.write_part(f, rule)
            }
        }
    }
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Rule {
    fn write_joined(&self, f: &mut fmt::Formatter<'_>, rules: &[Self], operator: &str) -> fmt::Result {
        for (index, rule) in rules.iter().enumerate() {
            if index > 0 {
                f.write_str(operator)?;
            }
            self.write_part(f, rule)?;
        }
        Ok(())
    }

    /// A part that binds less tightly than the whole gets parentheses.
    fn write_part(&self, f: &mut fmt::Formatter<'_>, part: &Self) -> fmt::Result {
        if part.tightness() < self.tightness() { write!(f, "({part})") } else { write!(f, "{part}") }
    }

    fn tightness(&self) -> u8 {
        match self.node() {
            Node::Any(rules) if !rules.is_empty() => 0,
            Node::All(rules) if !rules.is_empty() => 1,
            _ => 2,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{all_of, any_of, any_role, authenticated, permission, role, scope, when};

    #[test]
    fn a_rule_prints_as_the_expression_that_makes_it() {
        let [a, b, c] = ["a", "b", "c"].map(role);
        for (rule, text) in [
            (role("admin") & !role("suspended"), r#"role("admin") & !role("suspended")"#),
            (any_role(["a", "b"]), r#"any_role(["a", "b"])"#),
            (any_role([]), "any_role([])"),
            (permission("posts:write"), r#"permission("posts:write")"#),
            (scope("read"), r#"scope("read")"#),
            (authenticated(), "authenticated()"),
            (when("in office", |_, _| true), r#"when("in office")"#),
            (role("\"\n"), r#"role("\"\n")"#),
            (all_of([]), "all_of([])"),
            (any_of([]), "any_of([])"),
            (all_of([a.clone()]), r#"role("a")"#),
            (!any_of([]), "!any_of([])"),
            (!!a.clone(), r#"!!role("a")"#),
            (a.clone() & b.clone() & c.clone(), r#"role("a") & role("b") & role("c")"#),
            (a.clone() & b.clone() | c.clone(), r#"role("a") & role("b") | role("c")"#),
            ((a.clone() | b.clone()) & c.clone(), r#"(role("a") | role("b")) & role("c")"#),
            (!(a.clone() & b.clone()) | c, r#"!(role("a") & role("b")) | role("c")"#),
            (!(a | b), r#"!(role("a") | role("b"))"#),
        ] {
            assert_eq!(rule.to_string(), text);
            assert_eq!(format!("{rule:?}"), text);
        }
    }
}
