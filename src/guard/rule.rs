//! What a caller must hold, as an expression.

use std::{
    ops::{BitAnd, BitOr, Not},
    sync::Arc,
};

use http::request::Parts;

use crate::claims::Principal;

/// What a caller must hold: leaves such as [`role`], joined by `&`, `|` and `!`.
///
/// ```
/// use jwtower::guard::{Rule, permission, role, scope};
///
/// let rule: Rule = (role("editor") | permission("posts:write")) & !role("suspended");
/// assert_eq!(rule.to_string(), r#"(role("editor") | permission("posts:write")) & !role("suspended")"#);
/// ```
///
/// A leaf is held, not held, or unknown, where the token lacks the claim that would tell. The operators
/// follow Kleene's three-valued logic: `!` of unknown is unknown, `&` is as good as its worst side, `|` as
/// its best. Only a rule that is held grants, so a token without a `roles` claim passes neither
/// `role("admin")` nor `!role("suspended")`.
///
/// A rule is evaluated from left to right, and no further than its result needs. It is a cheap clone of one
/// allocation, and it is read without another.
#[derive(Clone)]
#[must_use = "a rule guards nothing until it is given to `require`"]
pub struct Rule(Arc<Node>);

/// A leaf, or how other rules are joined.
pub(super) enum Node {
    Role(Box<str>),
    AnyRole(Box<[Box<str>]>),
    Permission(Box<str>),
    Scope(Box<str>),
    Authenticated,
    When { name: Box<str>, predicate: Box<Predicate> },
    All(Box<[Rule]>),
    Any(Box<[Rule]>),
    Not(Rule),
}

type Predicate = dyn Fn(&Principal, &Parts) -> bool + Send + Sync;

/// Held by who has this role, or one that includes it by the [`RoleMap`](crate::claims::RoleMap).
///
/// ```
/// use jwtower::guard::{require, role};
///
/// let admins_only = require(role("admin"));
/// ```
///
/// Unknown where the token has no roles claim.
pub fn role(name: &str) -> Rule {
    Rule::new(Node::Role(name.into()))
}

/// Held by who has at least one of these roles, or one that includes it.
///
/// ```
/// use jwtower::guard::{any_role, require};
///
/// let staff = require(any_role(["admin", "editor"]));
/// ```
///
/// Unknown where the token has no roles claim, and where no role is listed.
pub fn any_role<'a>(names: impl IntoIterator<Item = &'a str>) -> Rule {
    Rule::new(Node::AnyRole(names.into_iter().map(Box::from).collect()))
}

/// Held by whom the token, or a role by the [`RoleMap`](crate::claims::RoleMap), grants this permission.
///
/// ```
/// use jwtower::guard::{permission, require};
///
/// let writers = require(permission("posts:write"));
/// ```
///
/// A granted `posts:*` covers `posts:write`: on the granted side, `*` stands for one whole segment between
/// colons. It covers neither `posts` nor `posts:drafts:write`. In the name given here `*` is an ordinary
/// character.
///
/// Where the role map grants permissions, the token's roles tell what is granted, and the leaf is unknown
/// without a roles claim; a permissions claim may add to them. With any other role map the permissions
/// claim tells, and the leaf is unknown without it.
pub fn permission(name: &str) -> Rule {
    Rule::new(Node::Permission(name.into()))
}

/// Held where the token has this scope (RFC 6749 §3.3); scopes have no wildcards.
///
/// ```
/// use jwtower::guard::{require, scope};
///
/// let readers = require(scope("posts.read"));
/// ```
///
/// Unknown where the token has no scope claim. Where nothing but scopes is missing, the refusal names them.
///
/// # Security
///
/// A scope says what the user allowed the client to do, not what the user may do. Where the client is not
/// the user's own, ask for both: `scope("posts.write") & permission("posts:write")`.
pub fn scope(name: &str) -> Rule {
    Rule::new(Node::Scope(name.into()))
}

/// Held by everyone whose token was accepted.
///
/// ```
/// use jwtower::guard::{authenticated, require};
///
/// // Inside `JwtAuthLayer::new(verifier).optional()`: these routes still need a token.
/// let members = require(authenticated());
/// ```
pub fn authenticated() -> Rule {
    Rule::new(Node::Authenticated)
}

/// Held where the predicate says so, from who asks and from the head of the request.
///
/// ```
/// use jwtower::guard::{require, role, when};
///
/// let own = when("own profile", |principal, parts| {
///     parts.uri.path().strip_prefix("/users/") == principal.subject()
/// });
/// let rule = role("admin") | own;
/// assert_eq!(rule.to_string(), r#"role("admin") | when("own profile")"#);
/// ```
///
/// Inside `Router::nest` axum has taken the prefix off the path. The predicate is called again when the
/// reason for a refusal is worked out, so it should be cheap and do nothing but answer. It is not called
/// for anonymous requests. It is never unknown: one that finds no answer returns `false`, and then a `!` in
/// front of it grants.
///
/// # Panics
///
/// A panic in the predicate is not caught here.
pub fn when<F>(name: &str, predicate: F) -> Rule
where
    F: Fn(&Principal, &Parts) -> bool + Send + Sync + 'static,
{
    Rule::new(Node::When { name: name.into(), predicate: Box::new(predicate) })
}

/// Held where all of these are; the same as `&` between them.
///
/// ```
/// use jwtower::guard::{all_of, scope};
///
/// let rule = all_of(["posts.read", "posts.write"].map(scope));
/// assert_eq!(rule.to_string(), r#"scope("posts.read") & scope("posts.write")"#);
/// ```
///
/// Unknown where the list is empty, so that an empty list grants nobody, and neither does its negation.
pub fn all_of(rules: impl IntoIterator<Item = Rule>) -> Rule {
    join(rules, Node::All)
}

/// Held where at least one of these is; the same as `|` between them.
///
/// ```
/// use jwtower::guard::{any_of, permission};
///
/// let rule = any_of(["posts:write", "posts:review"].map(permission));
/// assert_eq!(rule.to_string(), r#"permission("posts:write") | permission("posts:review")"#);
/// ```
///
/// Unknown where the list is empty, so that an empty list grants nobody, and neither does its negation.
pub fn any_of(rules: impl IntoIterator<Item = Rule>) -> Rule {
    join(rules, Node::Any)
}

fn join(rules: impl IntoIterator<Item = Rule>, node: fn(Box<[Rule]>) -> Node) -> Rule {
    let rules: Box<[Rule]> = rules.into_iter().collect();
    match &*rules {
        [only] => only.clone(),
        _ => Rule::new(node(rules)),
    }
}

impl Rule {
    fn new(node: Node) -> Self {
        Self(Arc::new(node))
    }

    pub(super) fn node(&self) -> &Node {
        &self.0
    }
}

impl BitAnd for Rule {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        all_of([self, other])
    }
}

impl BitOr for Rule {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        any_of([self, other])
    }
}

impl Not for Rule {
    type Output = Self;

    fn not(self) -> Self {
        Self::new(Node::Not(self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_can_be_shared_between_threads() {
        fn shared<T: Send + Sync + Clone + 'static>() {}
        shared::<Rule>();
    }
}
