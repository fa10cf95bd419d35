//! What a role includes and grants.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use crate::error::ConfigError;

/// Which roles a role includes, and which permissions it grants.
///
/// Give it to `JwtAuthLayer::role_map`; guards then see what a token's roles stand for.
///
/// ```
/// use jwtower::claims::RoleMap;
///
/// let map = RoleMap::builder()
///     .includes("admin", ["editor"])
///     .grants("editor", ["posts:write", "drafts:*"])
///     .build()?;
/// # Ok::<(), jwtower::ConfigError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct RoleMap(Arc<Meanings>);

#[derive(Debug, Default)]
struct Meanings {
    of: BTreeMap<Box<str>, Meaning>,
    /// Whether any role grants a permission.
    grant: bool,
}

/// All that a role stands for, included roles worked in.
#[derive(Debug, Default)]
struct Meaning {
    roles: BTreeSet<Box<str>>,
    permissions: BTreeSet<Box<str>>,
}

impl RoleMap {
    /// Starts a map in which no role includes or grants anything.
    #[must_use]
    pub fn builder() -> RoleMapBuilder {
        RoleMapBuilder::default()
    }

    /// Whether `held` is `wanted` or includes it, directly or by way of others.
    pub(crate) fn includes(&self, held: &str, wanted: &str) -> bool {
        held == wanted || self.0.of.get(held).is_some_and(|meaning| meaning.roles.contains(wanted))
    }

    /// The permissions that a role grants, directly or by way of the roles that it includes.
    pub(crate) fn permissions(&self, held: &str) -> impl Iterator<Item = &str> {
        self.0.of.get(held).into_iter().flat_map(|meaning| meaning.permissions.iter().map(|name| &**name))
    }

    /// Whether any role grants a permission, so that a token without roles leaves permissions unknown.
    pub(crate) fn grants_permissions(&self) -> bool {
        self.0.grant
    }
}

/// Collects what roles include and grant; see [`RoleMap`].
#[derive(Debug, Default)]
pub struct RoleMapBuilder {
    includes: BTreeMap<Box<str>, BTreeSet<Box<str>>>,
    grants: BTreeMap<Box<str>, BTreeSet<Box<str>>>,
}

impl RoleMapBuilder {
    /// Whoever has `role` has `others` too, and all that they include and grant.
    #[must_use]
    pub fn includes<'a>(mut self, role: &str, others: impl IntoIterator<Item = &'a str>) -> Self {
        self.includes.entry(role.into()).or_default().extend(others.into_iter().map(Box::from));
        self
    }

    /// Whoever has `role` has these permissions; `*` stands for one segment, as in `posts:*`.
    #[must_use]
    pub fn grants<'a>(mut self, role: &str, permissions: impl IntoIterator<Item = &'a str>) -> Self {
        self.grants.entry(role.into()).or_default().extend(permissions.into_iter().map(Box::from));
        self
    }

    /// Works out what every role stands for.
    ///
    /// # Errors
    ///
    /// Roles that include each other in a circle; the message names the circle.
    pub fn build(self) -> Result<RoleMap, ConfigError> {
        let names: BTreeSet<_> = self.includes.keys().chain(self.grants.keys()).cloned().collect();
        let mut meanings = Meanings::default();
        for name in names {
            let mut meaning = Meaning::default();
            self.walk(&name, &mut Vec::new(), &mut meaning)?;
            meanings.grant |= !meaning.permissions.is_empty();
            meanings.of.insert(name, meaning);
        }
        Ok(RoleMap(Arc::new(meanings)))
    }

    fn walk<'a>(
        &'a self,
        role: &'a str,
        path: &mut Vec<&'a str>,
        meaning: &mut Meaning,
    ) -> Result<(), ConfigError> {
        if let Some(start) = path.iter().position(|step| *step == role) {
            let circle: Vec<_> = path.iter().skip(start).copied().chain([role]).collect();
            let circle = circle.join(" -> ");
            return Err(ConfigError::new(
                "role_map",
                format!("roles include each other: {circle}; remove one arrow"),
            ));
        }
        if !path.is_empty() && !meaning.roles.insert(role.into()) {
            return Ok(());
        }
        meaning.permissions.extend(self.grants.get(role).into_iter().flatten().cloned());
        path.push(role);
        for other in self.includes.get(role).into_iter().flatten() {
            self.walk(other, path, meaning)?;
        }
        path.pop();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_stands_for_all_that_it_includes_at_any_depth() {
        let map = RoleMap::builder()
            .includes("owner", ["admin"])
            .includes("admin", ["editor", "auditor"])
            .includes("auditor", ["reader"])
            .includes("editor", ["reader"])
            .grants("reader", ["posts:read"])
            .grants("admin", ["users:*"])
            .build()
            .unwrap();
        for wanted in ["owner", "admin", "editor", "auditor", "reader"] {
            assert!(map.includes("owner", wanted), "{wanted}");
        }
        assert!(!map.includes("editor", "auditor"));
        assert!(!map.includes("stranger", "reader"));
        assert!(map.includes("stranger", "stranger"));
        assert_eq!(map.permissions("owner").collect::<Vec<_>>(), ["posts:read", "users:*"]);
        assert_eq!(map.permissions("editor").collect::<Vec<_>>(), ["posts:read"]);
        assert_eq!(map.permissions("stranger").count(), 0);
    }

    #[test]
    fn roles_that_include_each_other_are_refused_and_the_circle_is_named() {
        let build = |pairs: &[(&str, &str)]| {
            pairs
                .iter()
                .fold(RoleMap::builder(), |builder, (role, other)| builder.includes(role, [*other]))
                .build()
        };
        assert!(build(&[("a", "b"), ("b", "c"), ("a", "c")]).is_ok());
        for (pairs, circle) in [
            (&[("a", "a")][..], "a -> a"),
            (&[("a", "b"), ("b", "a")], "a -> b -> a"),
            (&[("x", "a"), ("a", "b"), ("b", "c"), ("c", "a")], "a -> b -> c -> a"),
        ] {
            let error = build(pairs).unwrap_err().to_string();
            assert!(error.contains(circle), "{error}");
        }
    }
}
