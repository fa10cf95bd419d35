//! Where roles, permissions and scopes stand in a token.

use crate::error::ConfigError;

/// Where a token keeps roles, permissions and scopes, as JSON pointers (RFC 6901).
///
/// The default reads `/roles`, `/permissions`, and `/scope` or `/scp`. Other providers keep them elsewhere:
///
/// ```
/// use jwtower::claims::AuthorityMap;
///
/// // Keycloak: roles of the realm, and of the client `api`.
/// let keycloak = AuthorityMap::new()
///     .roles(["/realm_access/roles", "/resource_access/api/roles"])?;
///
/// // Auth0: roles under a claim whose name is a URL (`~1` stands for `/`).
/// let auth0 = AuthorityMap::new().roles(["/https:~1~1example.com~1roles"])?;
/// # Ok::<(), jwtower::ConfigError>(())
/// ```
///
/// A role or permission claim is an array of strings, or one string that is one name. A scope claim is a
/// string with spaces between the names, or an array of names. Anything else at one of these places makes
/// the token invalid (401, `mistyped_claim`); a claim that is missing is no error, and guards treat it as
/// unknown.
#[derive(Clone, Debug)]
pub struct AuthorityMap {
    pointers: Vec<(Authority, Pointer)>,
}

/// Which of the three a claim feeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Authority {
    Role,
    Permission,
    Scope,
}

/// A JSON pointer to a claim: the top-level member, and the path below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pointer {
    pub(crate) member: Box<str>,
    pub(crate) below: Vec<Box<str>>,
}

impl AuthorityMap {
    /// The default: `/roles`, `/permissions`, `/scope` and `/scp`.
    #[must_use]
    pub fn new() -> Self {
        let top = |kind, member: &str| (kind, Pointer { member: member.into(), below: Vec::new() });
        Self {
            pointers: vec![
                top(Authority::Role, "roles"),
                top(Authority::Permission, "permissions"),
                top(Authority::Scope, "scope"),
                top(Authority::Scope, "scp"),
            ],
        }
    }

    /// Reads roles from these places instead, all of them together.
    ///
    /// # Errors
    ///
    /// A pointer that does not begin with `/` or has a `~` that is not `~0` or `~1`.
    pub fn roles<'a>(self, pointers: impl IntoIterator<Item = &'a str>) -> Result<Self, ConfigError> {
        self.replace(Authority::Role, pointers)
    }

    /// Reads permissions from these places instead, all of them together.
    ///
    /// # Errors
    ///
    /// As [`roles`](Self::roles).
    pub fn permissions<'a>(self, pointers: impl IntoIterator<Item = &'a str>) -> Result<Self, ConfigError> {
        self.replace(Authority::Permission, pointers)
    }

    /// Reads scopes from these places instead, all of them together.
    ///
    /// # Errors
    ///
    /// As [`roles`](Self::roles).
    pub fn scopes<'a>(self, pointers: impl IntoIterator<Item = &'a str>) -> Result<Self, ConfigError> {
        self.replace(Authority::Scope, pointers)
    }

    fn replace<'a>(
        mut self,
        authority: Authority,
        pointers: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, ConfigError> {
        self.pointers.retain(|(kind, _)| *kind != authority);
        for pointer in pointers {
            self.pointers.push((authority, Pointer::parse(pointer)?));
        }
        Ok(self)
    }

    /// The pointers that begin at this top-level member.
    pub(crate) fn at<'a>(&'a self, member: &str) -> impl Iterator<Item = (Authority, &'a Pointer)> {
        self.pointers
            .iter()
            .filter(move |(_, pointer)| *pointer.member == *member)
            .map(|(kind, pointer)| (*kind, pointer))
    }
}

impl Default for AuthorityMap {
    fn default() -> Self {
        Self::new()
    }
}

impl Pointer {
    fn parse(text: &str) -> Result<Self, ConfigError> {
        let wrong = |problem: &str| ConfigError::new("authorities", format!("{text:?} {problem}"));
        if text.contains("://") {
            let name = text.strip_prefix('/').unwrap_or(text).replace('~', "~0").replace('/', "~1");
            return Err(wrong(&format!("holds a URL; if that is the claim's name, write \"/{name}\"")));
        }
        let rest = text.strip_prefix('/').ok_or_else(|| {
            wrong("is no JSON pointer; write \"/\" before each member, such as \"/realm_access/roles\"")
        })?;
        let mut steps = rest.split('/').map(|step| {
            unescape(step)
                .ok_or_else(|| wrong("has a lone \"~\"; write \"~0\" for \"~\" and \"~1\" for \"/\""))
        });
        let member = steps.next().unwrap_or_else(|| Ok("".into()))?;
        Ok(Self { member, below: steps.collect::<Result<_, _>>()? })
    }
}

fn unescape(step: &str) -> Option<Box<str>> {
    let mut parts = step.split('~');
    let mut plain = String::from(parts.next()?);
    for part in parts {
        let (mark, rest) = (part.get(..1)?, part.get(1..)?);
        plain.push(match mark {
            "0" => '~',
            "1" => '/',
            _ => return None,
        });
        plain.push_str(rest);
    }
    Some(plain.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_is_read_as_rfc_6901_says() {
        for (text, member, below) in [
            ("/roles", "roles", &[][..]),
            ("/realm_access/roles", "realm_access", &["roles"]),
            ("/https:~1~1example.com~1roles", "https://example.com/roles", &[]),
            ("/a~01", "a~1", &[]),
            ("/", "", &[]),
            ("/a//b", "a", &["", "b"]),
        ] {
            let pointer = Pointer::parse(text).unwrap();
            assert_eq!(
                (&*pointer.member, pointer.below.iter().map(|s| &**s).collect::<Vec<_>>()),
                (member, below.to_vec()),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_pointer_is_refused_with_what_to_write() {
        for text in ["https://example.com/roles", "/https://example.com/roles"] {
            let error = Pointer::parse(text).unwrap_err().to_string();
            assert!(error.ends_with("write \"/https:~1~1example.com~1roles\""), "{error}");
        }
        for text in ["", "roles", "realm_access/roles", "/a~", "/a~2", "/a~é"] {
            let error = Pointer::parse(text).unwrap_err().to_string();
            assert!(error.contains(&format!("{text:?}")) && error.contains("write"), "{error}");
        }
    }
}
