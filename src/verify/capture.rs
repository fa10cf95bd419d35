//! What the verifier itself reads from a payload, on the way to the application's claims.

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, IgnoredAny, MapAccess},
};

use super::{
    member::Names,
    values::{PathSeed, TextListSeed, TextSeed},
};
use crate::{
    claims::{Authorities, Authority, AuthorityMap, NumericDate, Pointer, Registered, Text, TextList},
    error::Code,
};

/// Which members matter beside the registered ones.
#[derive(Debug, Default)]
pub(super) struct Interests {
    pub(super) authorities: AuthorityMap,
    /// The claim that stands in for `aud`.
    pub(super) audience_claim: Option<Box<str>>,
    /// Whether `azp` matters.
    pub(super) authorized_party: bool,
    /// Claims that must be present; at most [`Interests::MAX_REQUIRED`].
    pub(super) required: Vec<Box<str>>,
}

impl Interests {
    /// Presence is kept in one bit each.
    pub(super) const MAX_REQUIRED: usize = 64;

    /// Who reads the member of this name.
    pub(super) fn readers<'a>(&'a self, name: &str) -> impl Iterator<Item = Reader<'a>> {
        let slot = Slot::of(name).map(Reader::Slot);
        let audience = (self.audience_claim.as_deref() == Some(name)).then_some(Reader::AudienceClaim);
        let party = (self.authorized_party && name == "azp").then_some(Reader::AuthorizedParty);
        let authorities = self.authorities.at(name).map(|(kind, pointer)| Reader::Authority(kind, pointer));
        slot.into_iter().chain(audience).chain(party).chain(authorities)
    }
}

/// One use of a member's value.
#[derive(Clone, Copy)]
pub(super) enum Reader<'a> {
    Slot(Slot),
    AudienceClaim,
    AuthorizedParty,
    Authority(Authority, &'a Pointer),
}

/// A registered claim, or one that marks a token of another kind.
#[derive(Clone, Copy)]
pub(super) enum Slot {
    Issuer,
    Subject,
    Audience,
    ExpiresAt,
    NotBefore,
    IssuedAt,
    TokenId,
    Session,
    ClientId,
    AuthTime,
    Acr,
    /// `cnf`: the token is bound to a key (RFC 7800 §3.1).
    Confirmation,
    /// `nonce` stands in ID tokens, and in some access tokens of Keycloak, whose `typ` then tells.
    Nonce,
    /// `at_hash` and `c_hash` stand in ID tokens.
    Hash,
    /// `events` stands in logout and security event tokens.
    Events,
    /// `token_use`: `access` in an access token of AWS Cognito.
    TokenUse,
    /// The claim, not the header: `Bearer` in an access token of Keycloak.
    Typ,
}

impl Slot {
    pub(super) fn of(name: &str) -> Option<Self> {
        Some(match name {
            "iss" => Self::Issuer,
            "sub" => Self::Subject,
            "aud" => Self::Audience,
            "exp" => Self::ExpiresAt,
            "nbf" => Self::NotBefore,
            "iat" => Self::IssuedAt,
            "jti" => Self::TokenId,
            "sid" => Self::Session,
            "client_id" => Self::ClientId,
            "auth_time" => Self::AuthTime,
            "acr" => Self::Acr,
            "cnf" => Self::Confirmation,
            "nonce" => Self::Nonce,
            "at_hash" | "c_hash" => Self::Hash,
            "events" => Self::Events,
            "token_use" => Self::TokenUse,
            "typ" => Self::Typ,
            _ => return None,
        })
    }
}

/// What was found in a payload.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) registered: Registered,
    pub(super) expires_at: Option<NumericDate>,
    pub(super) authorities: Authorities,
    pub(super) audience_claim: Option<TextList>,
    /// One bit for each of [`Interests::required`].
    pub(super) required: u64,
    pub(super) authorized_party: Option<Text>,
    pub(super) bound_to_key: bool,
    /// Whether a claim marks a token that is neither an access token nor an ID token.
    pub(super) other_kind: bool,
    pub(super) has_hash: bool,
    pub(super) has_nonce: bool,
    /// Whether the claim `typ` is `Bearer`.
    pub(super) is_bearer: bool,
}

impl Found {
    /// Whether a claim marks a token that is no access token (RFC 8725 §3.12).
    pub(super) fn is_no_access_token(&self) -> bool {
        self.other_kind || self.has_hash || (self.has_nonce && !self.is_bearer)
    }
}

/// Collects [`Found`] during one pass over a payload.
pub(super) struct Capture<'p, 'a> {
    pub(super) payload: &'p str,
    pub(super) interests: &'a Interests,
    pub(super) names: Names<'p>,
    pub(super) found: Found,
    /// Why the pass failed, where it was not the claims type.
    pub(super) fault: Option<Code>,
    /// Whether the object was read to its end.
    pub(super) is_whole: bool,
}

impl<'p, 'a> Capture<'p, 'a> {
    pub(super) fn new(payload: &'p str, interests: &'a Interests) -> Self {
        Self {
            payload,
            interests,
            names: Names::new(),
            found: Found::default(),
            fault: None,
            is_whole: false,
        }
    }

    pub(super) fn note_presence(&mut self, name: &str) {
        if let Some(place) = self.interests.required.iter().position(|required| **required == *name) {
            self.found.required |= 1 << place;
        }
    }

    /// Reads one value; a value of the wrong type is remembered as the fault.
    pub(super) fn read<D: Deserializer<'p>>(&mut self, reader: Reader<'a>, value: D) -> Result<(), D::Error> {
        let result = match reader {
            Reader::Slot(slot) => self.read_slot(slot, value),
            Reader::AudienceClaim => self.texts(value).map(|texts| self.found.audience_claim = Some(texts)),
            Reader::AuthorizedParty => self.text(value).map(|text| self.found.authorized_party = Some(text)),
            Reader::Authority(kind, pointer) => {
                let texts = PathSeed { payload: self.payload, path: &pointer.below }.deserialize(value);
                texts.map(|texts| texts.into_iter().for_each(|texts| self.found.authorities.add(kind, texts)))
            }
        };
        result.inspect_err(|_| self.fault = Some(Code::MistypedClaim))
    }

    /// Reads an authority claim that the claims type wants to see too, before it is added.
    pub(super) fn read_texts<A: MapAccess<'p>>(&mut self, map: &mut A) -> Result<TextList, A::Error> {
        map.next_value_seed(TextListSeed(self.payload))
            .inspect_err(|_| self.fault = Some(Code::MistypedClaim))
    }

    fn read_slot<D: Deserializer<'p>>(&mut self, slot: Slot, value: D) -> Result<(), D::Error> {
        match slot {
            Slot::Issuer => self.found.registered.issuer = Some(self.text(value)?),
            Slot::Subject => self.found.registered.subject = Some(self.text(value)?),
            Slot::Audience => self.found.registered.audience = Some(self.texts(value)?),
            Slot::ExpiresAt => self.found.expires_at = Some(NumericDate::deserialize(value)?),
            Slot::NotBefore => self.found.registered.not_before = Some(NumericDate::deserialize(value)?),
            Slot::IssuedAt => self.found.registered.issued_at = Some(NumericDate::deserialize(value)?),
            Slot::TokenId => self.found.registered.token_id = Some(self.text(value)?),
            Slot::Session => self.found.registered.session = Some(self.text(value)?),
            Slot::ClientId => self.found.registered.client_id = Some(self.text(value)?),
            Slot::AuthTime => self.found.registered.auth_time = Some(NumericDate::deserialize(value)?),
            Slot::Acr => self.found.registered.acr = Some(self.text(value)?),
            Slot::Confirmation => {
                IgnoredAny::deserialize(value)?;
                self.found.bound_to_key = true;
            }
            Slot::Hash => {
                IgnoredAny::deserialize(value)?;
                self.found.has_hash = true;
            }
            Slot::Events => {
                IgnoredAny::deserialize(value)?;
                self.found.other_kind = true;
            }
            Slot::Nonce => {
                IgnoredAny::deserialize(value)?;
                self.found.has_nonce = true;
            }
            Slot::TokenUse => self.found.other_kind |= self.text(value)?.resolve(self.payload) != "access",
            Slot::Typ => {
                self.found.is_bearer = self.text(value)?.resolve(self.payload) == "Bearer";
                self.found.other_kind |= !self.found.is_bearer;
            }
        }
        Ok(())
    }

    fn text<D: Deserializer<'p>>(&self, value: D) -> Result<Text, D::Error> {
        TextSeed(self.payload).deserialize(value)
    }

    fn texts<D: Deserializer<'p>>(&self, value: D) -> Result<TextList, D::Error> {
        TextListSeed(self.payload).deserialize(value)
    }
}

/// A reader as a seed, so that it can take a value straight from the parser.
pub(super) struct ReadSeed<'c, 'p, 'a> {
    pub(super) capture: &'c mut Capture<'p, 'a>,
    pub(super) reader: Reader<'a>,
}

impl<'p> DeserializeSeed<'p> for ReadSeed<'_, 'p, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'p>>(self, value: D) -> Result<(), D::Error> {
        self.capture.read(self.reader, value)
    }
}
