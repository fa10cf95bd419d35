//! What a token says of its subject's rights.

use super::{TextList, authority_map::Authority};

/// Roles, permissions and scopes as places in the payload; `None` where the token lacks the claim.
#[derive(Debug, Default)]
pub(crate) struct Authorities {
    pub(crate) roles: Option<TextList>,
    pub(crate) permissions: Option<TextList>,
    /// Each text is a list of names with spaces between them (RFC 8693 §4.2).
    pub(crate) scopes: Option<TextList>,
}

impl Authorities {
    /// Which of the three the token lacks, for the log.
    pub(crate) fn missing(&self) -> String {
        let claims = [("roles", &self.roles), ("permissions", &self.permissions), ("scopes", &self.scopes)];
        let names = claims.into_iter().filter(|(_, claim)| claim.is_none()).map(|(name, _)| name);
        names.collect::<Vec<_>>().join(", ")
    }

    pub(crate) fn add(&mut self, kind: Authority, names: TextList) {
        let all = match kind {
            Authority::Role => &mut self.roles,
            Authority::Permission => &mut self.permissions,
            Authority::Scope => &mut self.scopes,
        };
        *all = Some(match all.take() {
            None => names,
            Some(before) => before.and(names),
        });
    }
}
