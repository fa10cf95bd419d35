//! Whether a rule lets a request pass, and what is missing where it does not.

use http::request::Parts;

use super::{evaluate::Facts, rule::Rule, truth::Truth};
use crate::{
    claims::{Principal, RoleMap},
    error::{AuthError, Code},
};

/// What [`Rule::decide`] found: granted, or denied and which scopes are missing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a decision has no effect by itself"]
pub struct Decision {
    granted: bool,
    missing_scopes: Vec<String>,
}

impl Rule {
    /// Evaluates the rule outside a layer, as for one item of a list, or a message on a WebSocket.
    ///
    /// ```
    /// use jwtower::{
    ///     Algorithm, Issuer, JwtAuthLayer, Secret, Verifier,
    ///     claims::RoleMap,
    ///     guard::{permission, scope},
    /// };
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// #[derive(serde::Serialize, serde::Deserialize)]
    /// struct Rights { roles: Vec<String>, scope: String }
    ///
    /// let secret = Secret::generate(Algorithm::HS256)?;
    /// let issuer = Issuer::builder().key(&secret).issuer("me").audience("api").build()?;
    /// let verifier = Verifier::<Rights>::builder().keys(&secret).issuer("me").audience("api").build()?;
    /// let rights = Rights { roles: vec!["editor".into()], scope: "posts.read".into() };
    /// let claims = JwtAuthLayer::new(verifier).authenticate(issuer.sign("alice", &rights)?.secret()).await?;
    ///
    /// let roles = RoleMap::builder().grants("editor", ["posts:*"]).build()?;
    /// let (parts, ()) = http::Request::new(()).into_parts();
    /// let rule = permission("posts:write") & scope("posts.write");
    /// let decision = rule.decide(&claims.principal(), &parts, &roles);
    /// assert!(!decision.is_granted());
    /// assert_eq!(decision.missing_scopes().collect::<Vec<_>>(), ["posts.write"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn decide(&self, principal: &Principal, parts: &Parts, roles: &RoleMap) -> Decision {
        let facts = Facts { principal, parts, roles, supposed: None };
        if self.evaluate(facts) == Truth::Held {
            return Decision { granted: true, missing_scopes: Vec::new() };
        }
        // Asking for scopes costs an evaluation for each part of the rule.
        let missing = if self.mentions_scopes() { self.missing_scopes(facts) } else { Vec::new() };
        Decision { granted: false, missing_scopes: missing.into_iter().map(String::from).collect() }
    }
}

impl Decision {
    /// Whether the rule is held.
    #[must_use]
    pub fn is_granted(&self) -> bool {
        self.granted
    }

    /// The scopes with which the rule would be held, in the rule's order and none to spare.
    ///
    /// Where `|` leaves a choice it is the side that needs fewer. Empty where the rule is held, and where
    /// more scopes alone do not help.
    pub fn missing_scopes(&self) -> impl Iterator<Item = &str> {
        self.missing_scopes.iter().map(String::as_str)
    }

    /// The denial as an error: `scope_missing` where scopes are what is missing, else `rule_denied`.
    #[must_use]
    pub fn error(&self) -> Option<AuthError> {
        match self {
            Self { granted: true, .. } => None,
            Self { missing_scopes, .. } if missing_scopes.is_empty() => Some(Code::RuleDenied.into()),
            Self { .. } => Some(Code::ScopeMissing.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            fixture::{Token, head},
            role, scope,
        },
        *,
    };

    #[test]
    fn a_denial_says_whether_scopes_are_what_is_missing() {
        let (principal, parts) = (Token::default().roles(["admin"]).principal(), head("/"));
        for (rule, code, missing) in [
            (role("admin"), None, &[][..]),
            (role("owner"), Some("rule_denied"), &[]),
            (scope("write") & role("admin"), Some("scope_missing"), &["write"]),
            (scope("write") & role("owner"), Some("rule_denied"), &[]),
            (!scope("write"), Some("rule_denied"), &[]),
        ] {
            let decision = rule.decide(&principal, &parts, &RoleMap::default());
            assert_eq!(decision.is_granted(), code.is_none(), "{rule}");
            assert_eq!(decision.error().map(|error| error.code()), code, "{rule}");
            assert_eq!(decision.missing_scopes().collect::<Vec<_>>(), missing, "{rule}");
        }
    }
}
