//! Which kind of token it is: each is for somebody else (RFC 8725 §3.12).

use super::{
    finding::{Findings, Pointer},
    header::short_type,
    node::Node,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Access,
    Id,
    Refresh,
    Logout,
    SecurityEvent,
    /// Of another type, which `typ` names.
    Other,
    /// Nothing tells.
    Unknown,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Access => "access token",
            Self::Id => "ID token",
            Self::Refresh => "refresh token",
            Self::Logout => "logout token",
            Self::SecurityEvent => "security event token",
            Self::Other => "token of another type",
            Self::Unknown => "token",
        }
    }

    /// Whether it may live longer than an access token should.
    pub(super) fn is_long_lived(self) -> bool {
        !matches!(self, Self::Access | Self::Unknown)
    }

    /// Reads the kind from `typ`, and from the claims where that says nothing.
    pub(super) fn of(header: Option<&Node>, claims: Option<&Node>, findings: &mut Findings) -> Self {
        let typ = header.and_then(|header| header.get("typ")).and_then(Node::as_text).map(short_type);
        let in_header = match typ.as_deref() {
            None | Some("jwt") => None,
            Some("at+jwt") => Some(Self::Access),
            Some("logout+jwt") => Some(Self::Logout),
            Some("secevent+jwt") => Some(Self::SecurityEvent),
            Some("rt+jwt" | "refresh+jwt") => Some(Self::Refresh),
            Some(_) => Some(Self::Other),
        };
        let place = Pointer::header().below("typ");
        if let Some(kind) = in_header {
            if kind != Self::Access {
                let message = format!("it says that this is a {}, which is no access token", kind.name());
                findings.warning("wrong_type", place, message);
            }
            return kind;
        }
        let (kind, claim) = claims.and_then(in_claims).unwrap_or((Self::Unknown, ""));
        match kind {
            Self::Access | Self::Unknown => {
                let message =
                    "its typ is not at+jwt (RFC 9068): only claims tell it from tokens of another kind";
                findings.note("untyped", None, message);
            }
            Self::Id => findings.warning(
                "other_token_kind",
                Pointer::claims().below(claim),
                "it says that this is an ID token, which is for the client that asked and not for an API",
            ),
            kind => findings.warning(
                "other_token_kind",
                Pointer::claims().below(claim),
                format!("it says that this is a {}, which is no access token", kind.name()),
            ),
        }
        kind
    }
}

/// The kind, and the claim that tells; the same ones by which jwtower's verifiers tell.
fn in_claims(claims: &Node) -> Option<(Kind, &'static str)> {
    let text = |name: &str| claims.get(name).and_then(Node::as_text);
    let typ = text("typ");
    if let Some(events) = claims.get("events") {
        let logout = "http://schemas.openid.net/event/backchannel-logout";
        let kind = if events.get(logout).is_some() { Kind::Logout } else { Kind::SecurityEvent };
        return Some((kind, "events"));
    }
    if let Some(name) = ["at_hash", "c_hash"].into_iter().find(|name| claims.get(name).is_some()) {
        return Some((Kind::Id, name));
    }
    match (typ, text("token_use")) {
        (Some("Bearer"), _) => Some((Kind::Access, "typ")),
        (Some("ID"), _) => Some((Kind::Id, "typ")),
        (Some("Refresh" | "Offline"), _) => Some((Kind::Refresh, "typ")),
        (Some("Logout"), _) => Some((Kind::Logout, "typ")),
        (Some(_), _) => Some((Kind::Other, "typ")),
        (None, Some("access")) => Some((Kind::Access, "token_use")),
        (None, Some("id")) => Some((Kind::Id, "token_use")),
        (None, Some("refresh")) => Some((Kind::Refresh, "token_use")),
        (None, Some(_)) => Some((Kind::Other, "token_use")),
        (None, None) => claims.get("nonce").map(|_| (Kind::Id, "nonce")),
    }
}
