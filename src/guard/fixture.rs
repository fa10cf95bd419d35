//! Tokens for this module's tests.

use std::sync::Arc;

use http::request::Parts;

use super::{Rule, evaluate::Facts, truth::Truth};
use crate::claims::{
    Authorities, NumericDate, Principal, Registered, RegisteredClaims, RoleMap, Text, TextList, Verified,
};

/// A token of which only the authorities matter; a claim is missing until it is set.
#[derive(Clone, Debug, Default)]
pub(super) struct Token {
    pub(super) roles: Option<Vec<&'static str>>,
    pub(super) permissions: Option<Vec<&'static str>>,
    pub(super) scopes: Option<Vec<&'static str>>,
}

impl Token {
    pub(super) fn roles(mut self, roles: impl IntoIterator<Item = &'static str>) -> Self {
        self.roles = Some(roles.into_iter().collect());
        self
    }

    pub(super) fn permissions(mut self, permissions: impl IntoIterator<Item = &'static str>) -> Self {
        self.permissions = Some(permissions.into_iter().collect());
        self
    }

    pub(super) fn scopes(mut self, scopes: impl IntoIterator<Item = &'static str>) -> Self {
        self.scopes = Some(scopes.into_iter().collect());
        self
    }

    pub(super) fn principal(&self) -> Principal {
        let text = |text: &str| Text::Owned(text.into());
        let texts = |list: &Option<Vec<&str>>| {
            list.as_ref().map(|list| TextList::Many(list.iter().copied().map(text).collect()))
        };
        let registered = Registered {
            issuer: Some(text("https://issuer.example")),
            subject: Some(text("alice")),
            audience: None,
            token_id: None,
            session: None,
            client_id: None,
            acr: None,
            not_before: None,
            issued_at: None,
            auth_time: None,
        };
        let authorities = Authorities {
            roles: texts(&self.roles),
            permissions: texts(&self.permissions),
            scopes: texts(&self.scopes),
        };
        let claims = RegisteredClaims::new("{}".into(), registered, NumericDate::from_secs(2e9).unwrap());
        Arc::new(Verified::new(claims, authorities, ())).principal()
    }
}

impl Rule {
    pub(super) fn truth_for(&self, token: &Token, roles: &RoleMap) -> Truth {
        self.evaluate(Facts { principal: &token.principal(), parts: &head("/"), roles, supposed: None })
    }
}

pub(super) fn head(path: &str) -> Parts {
    http::Request::get(path).body(()).unwrap().into_parts().0
}

/// Every rule of these leaves whose operators nest at most `depth` deep; with `!` where it is asked for.
pub(super) fn rules(leaves: &[Rule], depth: usize, negations: bool) -> Vec<Rule> {
    if depth == 0 {
        return leaves.to_vec();
    }
    let parts = rules(leaves, depth - 1, negations);
    let mut all = leaves.to_vec();
    if negations {
        all.extend(parts.iter().map(|part| !part.clone()));
    }
    for left in &parts {
        for right in &parts {
            all.push(left.clone() & right.clone());
            all.push(left.clone() | right.clone());
        }
    }
    all
}
