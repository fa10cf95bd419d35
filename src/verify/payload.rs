//! One pass over the payload: it feeds the application's claims type and captures what we check.
//!
//! The claims type sees an object like any other. Registered and authority members that it does not name
//! are kept from it, so that `deny_unknown_fields` works; those that it names are read twice, once for us.

use std::{fmt, mem};

use serde::{
    Deserializer,
    de::{
        DeserializeOwned, DeserializeSeed, Error, IgnoredAny, MapAccess, Visitor,
        value::MapAccessDeserializer,
    },
    forward_to_deserialize_any,
};
use serde_json::value::RawValue;

use super::{
    capture::{Capture, Found, Interests, ReadSeed, Reader},
    handover::{StrDeserializer, TextsDeserializer},
    member::MemberName,
};
use crate::{
    claims::{Authority, NoClaims, TextList},
    error::Code,
    telemetry::event,
};

/// Reads a payload: what we check, and the claims, or why the claims type refused them.
///
/// The two are apart because time and issuer are judged before the claims type has its say.
pub(super) fn parse<C: DeserializeOwned>(
    payload: &str,
    interests: &Interests,
) -> Result<(Found, Result<C, Code>), Code> {
    // The first way is fast, and right for all but types that want raw JSON where we read names.
    for sharing in [Sharing::Texts, Sharing::Raw] {
        if let Ok((found, claims)) = pass::<C>(payload, interests, sharing) {
            return Ok((found, Ok(claims)));
        }
    }
    // Whose fault was it? A type that accepts everything tells.
    match pass::<NoClaims>(payload, interests, Sharing::Raw) {
        Ok((found, NoClaims)) => Ok((found, Err(Code::ClaimsMismatch))),
        Err(code) => Err(code),
    }
}

/// How the claims type gets a value that we read too.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sharing {
    /// An authority claim as the strings that we read; anything else as raw text.
    Texts,
    /// Always as raw text.
    Raw,
}

fn pass<C: DeserializeOwned>(
    payload: &str,
    interests: &Interests,
    sharing: Sharing,
) -> Result<(Found, C), Code> {
    let mut capture = Capture::new(payload, interests);
    let mut json = serde_json::Deserializer::from_str(payload);
    let claims = C::deserialize(PayloadDeserializer { json: &mut json, capture: &mut capture, sharing });
    if let (Sharing::Raw, Err(error)) = (sharing, &claims) {
        name_missing_field(error);
    }
    match claims.and_then(|claims| json.end().map(|()| claims)) {
        // A claims type may swallow an error, but what we check is not its to overlook.
        Ok(claims) if capture.fault.is_none() && capture.is_whole => Ok((capture.found, claims)),
        // A fault counts only where the text is JSON at all.
        _ if serde_json::from_str::<IgnoredAny>(payload).is_err() => Err(Code::InvalidPayload),
        _ => Err(capture.fault.unwrap_or(Code::InvalidPayload)),
    }
}

/// Names the field that the claims type asks for and the token lacks, as that is the usual mismatch.
///
/// A field's name comes from the type; other texts of the library can hold values of the token.
fn name_missing_field(error: &serde_json::Error) {
    let text = error.to_string();
    let field = text.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
    if let Some(field) = field {
        event!(debug, "the claims type asks for a field that the token lacks", field = field);
    }
}

/// The payload as the claims type sees it.
struct PayloadDeserializer<'c, 'p, 'a> {
    json: &'c mut serde_json::Deserializer<serde_json::de::StrRead<'p>>,
    capture: &'c mut Capture<'p, 'a>,
    sharing: Sharing,
}

impl<'c, 'p, 'a> PayloadDeserializer<'c, 'p, 'a> {
    fn read<T: Take<'p>>(self, asked: Asked, visitor: T) -> Result<T::Value, serde_json::Error> {
        self.json.deserialize_map(ObjectVisitor {
            capture: self.capture,
            sharing: self.sharing,
            asked,
            visitor,
        })
    }
}

impl<'p> Deserializer<'p> for PayloadDeserializer<'_, 'p, '_> {
    type Error = serde_json::Error;

    fn deserialize_any<V: Visitor<'p>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        self.read(Asked::All, Plain(visitor))
    }

    fn deserialize_struct<V: Visitor<'p>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        self.read(Asked::Only(fields), Plain(visitor))
    }

    fn deserialize_enum<V: Visitor<'p>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        self.read(Asked::Only(variants), ExternallyTagged { name, variants, visitor })
    }

    fn deserialize_option<V: Visitor<'p>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'p>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        <W: Visitor<'p>>
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct map identifier ignored_any
    }
}

/// Which of our members the claims type asked for itself.
#[derive(Clone, Copy)]
enum Asked {
    All,
    Only(&'static [&'static str]),
}

impl Asked {
    fn includes(self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(names) => names.contains(&name),
        }
    }
}

/// How the claims type takes the object; a visitor of its own kind.
trait Take<'p> {
    type Value;

    /// Whether the members that the claims type left must be ours.
    const TAKES_ALL: bool;

    fn take<A: MapAccess<'p>>(self, members: A) -> Result<Self::Value, A::Error>;
}

/// As a map of fields.
struct Plain<V>(V);

impl<'p, V: Visitor<'p>> Take<'p> for Plain<V> {
    type Value = V::Value;

    // A derived type reads them all; what another one leaves does not matter to it.
    const TAKES_ALL: bool = false;

    fn take<A: MapAccess<'p>>(self, members: A) -> Result<V::Value, A::Error> {
        self.0.visit_map(members)
    }
}

/// As an enum whose variant is the name of the one member that is not ours.
struct ExternallyTagged<V> {
    name: &'static str,
    variants: &'static [&'static str],
    visitor: V,
}

impl<'p, V: Visitor<'p>> Take<'p> for ExternallyTagged<V> {
    type Value = V::Value;

    // A second variant beside the first would be overlooked.
    const TAKES_ALL: bool = true;

    fn take<A: MapAccess<'p>>(self, members: A) -> Result<V::Value, A::Error> {
        MapAccessDeserializer::new(members).deserialize_enum(self.name, self.variants, self.visitor)
    }
}

struct ObjectVisitor<'c, 'p, 'a, T> {
    capture: &'c mut Capture<'p, 'a>,
    sharing: Sharing,
    asked: Asked,
    visitor: T,
}

impl<'p, T: Take<'p>> Visitor<'p> for ObjectVisitor<'_, 'p, '_, T> {
    type Value = T::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'p>>(self, map: A) -> Result<T::Value, A::Error> {
        let Self { capture, sharing, asked, .. } = self;
        let mut members = Members { map, capture, sharing, asked, pending: Pending::Unread };
        let value = self.visitor.take(&mut members)?;
        // A type may stop early; what we check may stand behind.
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {
            if T::TAKES_ALL {
                return Err(A::Error::custom("more than one member"));
            }
        }
        members.capture.is_whole = true;
        Ok(value)
    }
}

/// The members of the payload, ours taken out where the claims type did not ask for them.
struct Members<'c, 'p, 'a, A> {
    map: A,
    capture: &'c mut Capture<'p, 'a>,
    sharing: Sharing,
    asked: Asked,
    /// Where the value is that the claims type asks for next.
    pending: Pending<'p>,
}

enum Pending<'p> {
    /// Still in the payload.
    Unread,
    /// Read by us, as text.
    Raw(&'p RawValue),
    /// Read by us, as strings that are still to be added.
    Texts(Authority, TextList),
}

impl<'p, A: MapAccess<'p>> Members<'_, 'p, '_, A> {
    /// Reads the value that comes next if it is one of ours; nothing where it was ours alone.
    fn take(&mut self, name: &str) -> Result<Option<Pending<'p>>, A::Error> {
        let interests = self.capture.interests;
        let mut readers = interests.readers(name);
        let Some(first) = readers.next() else { return Ok(Some(Pending::Unread)) };
        let second = readers.next();
        match (self.asked.includes(name), first, &second) {
            (false, reader, None) => {
                self.map.next_value_seed(ReadSeed { capture: self.capture, reader })?;
                return Ok(None);
            }
            (true, Reader::Authority(kind, pointer), None)
                if pointer.below.is_empty() && self.sharing == Sharing::Texts =>
            {
                return Ok(Some(Pending::Texts(kind, self.capture.read_texts(&mut self.map)?)));
            }
            _ => {}
        }
        // Several readers: each reads the text of the value on its own.
        let raw: &'p RawValue = self.map.next_value()?;
        for reader in [first].into_iter().chain(second).chain(readers) {
            let mut value = serde_json::Deserializer::from_str(raw.get());
            self.capture.read(reader, &mut value).map_err(A::Error::custom)?;
        }
        Ok(self.asked.includes(name).then_some(Pending::Raw(raw)))
    }
}

impl<'p, A: MapAccess<'p>> MapAccess<'p> for Members<'_, 'p, '_, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'p>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        while let Some(MemberName(name)) = self.map.next_key()? {
            // serde_json gives these names a meaning of its own: they would smuggle in another payload.
            if name.starts_with("$serde_json::private::") {
                self.capture.fault = Some(Code::InvalidPayload);
                return Err(A::Error::custom("reserved member"));
            }
            if !self.capture.names.insert(name.clone()) {
                self.capture.fault = Some(Code::DuplicateClaim);
                return Err(A::Error::custom("duplicate member"));
            }
            self.capture.note_presence(&name);
            if let Some(pending) = self.take(&name)? {
                self.pending = pending;
                return seed.deserialize(StrDeserializer::new(name)).map(Some);
            }
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'p>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        match mem::replace(&mut self.pending, Pending::Unread) {
            Pending::Unread => self.map.next_value_seed(seed),
            Pending::Raw(raw) => {
                seed.deserialize(&mut serde_json::Deserializer::from_str(raw.get())).map_err(A::Error::custom)
            }
            Pending::Texts(kind, texts) => {
                let value = seed.deserialize(TextsDeserializer::new(self.capture.payload, &texts));
                // Also where the claims type fails here: it may go on, and must not lose us a role.
                self.capture.found.authorities.add(kind, texts);
                value
            }
        }
    }
}
