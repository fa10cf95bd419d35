//! What a token says of its subject's rights.

use super::{Text, TextList};

/// Roles, permissions and scopes as places in the payload; `None` where the token lacks the claim.
#[derive(Debug, Default)]
pub(crate) struct Authorities {
    pub(crate) roles: Option<Vec<Text>>,
    pub(crate) permissions: Option<Vec<Text>>,
    pub(crate) scopes: Option<Vec<Scopes>>,
}

/// One scope claim: a string of names with spaces between them (RFC 8693 §4.2), or an array of names.
#[derive(Debug)]
pub(crate) struct Scopes(pub(crate) TextList);

impl Scopes {
    pub(crate) fn resolve<'a>(&'a self, payload: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.resolve(payload).flat_map(|text| text.split(' ')).filter(|name| !name.is_empty())
    }
}
