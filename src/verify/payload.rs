//! One pass over the payload: it feeds the application's claims type and captures what we check.
//!
//! The claims type sees an object like any other. Registered and authority members that it does not name
//! are kept from it, so that `deny_unknown_fields` works; those that it names are read twice, once for us.

use std::fmt;

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
    capture::{Capture, Found, Interests, ReadSeed},
    member::{MemberName, NameDeserializer},
};
use crate::{claims::NoClaims, error::Code};

/// Reads a payload: what we check, and the claims, or why the claims type refused them.
///
/// The two are apart because time and issuer are judged before the claims type has its say.
pub(super) fn parse<C: DeserializeOwned>(
    payload: &str,
    interests: &Interests,
) -> Result<(Found, Result<C, Code>), Code> {
    if let Ok((found, claims)) = pass::<C>(payload, interests) {
        return Ok((found, Ok(claims)));
    }
    // Whose fault was it? A type that accepts everything tells.
    match pass::<NoClaims>(payload, interests) {
        Ok((found, NoClaims)) => Ok((found, Err(Code::ClaimsMismatch))),
        Err(code) => Err(code),
    }
}

fn pass<C: DeserializeOwned>(payload: &str, interests: &Interests) -> Result<(Found, C), Code> {
    let mut capture = Capture::new(payload, interests);
    let mut json = serde_json::Deserializer::from_str(payload);
    let claims = C::deserialize(PayloadDeserializer { json: &mut json, capture: &mut capture });
    match claims.and_then(|claims| json.end().map(|()| claims)) {
        // A claims type may have gone on after an error; the fault stays.
        Ok(claims) => capture.fault.map_or(Ok((capture.found, claims)), Err),
        // A fault counts only where the text is JSON at all.
        Err(_) if serde_json::from_str::<IgnoredAny>(payload).is_err() => Err(Code::InvalidPayload),
        Err(_) => Err(capture.fault.unwrap_or(Code::InvalidPayload)),
    }
}

/// The payload as the claims type sees it.
struct PayloadDeserializer<'c, 'p, 'a> {
    json: &'c mut serde_json::Deserializer<serde_json::de::StrRead<'p>>,
    capture: &'c mut Capture<'p, 'a>,
}

impl<'c, 'p, 'a> PayloadDeserializer<'c, 'p, 'a> {
    fn read<T: Take<'p>>(self, asked: Asked, visitor: T) -> Result<T::Value, serde_json::Error> {
        self.json.deserialize_map(ObjectVisitor { capture: self.capture, asked, visitor })
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

    fn take<A: MapAccess<'p>>(self, members: A) -> Result<Self::Value, A::Error>;
}

/// As a map of fields.
struct Plain<V>(V);

impl<'p, V: Visitor<'p>> Take<'p> for Plain<V> {
    type Value = V::Value;

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

    fn take<A: MapAccess<'p>>(self, members: A) -> Result<V::Value, A::Error> {
        MapAccessDeserializer::new(members).deserialize_enum(self.name, self.variants, self.visitor)
    }
}

struct ObjectVisitor<'c, 'p, 'a, T> {
    capture: &'c mut Capture<'p, 'a>,
    asked: Asked,
    visitor: T,
}

impl<'p, T: Take<'p>> Visitor<'p> for ObjectVisitor<'_, 'p, '_, T> {
    type Value = T::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'p>>(self, map: A) -> Result<T::Value, A::Error> {
        let mut members = Members { map, capture: self.capture, asked: self.asked, pending: None };
        let value = self.visitor.take(&mut members)?;
        // A type may stop early; what we check may stand behind.
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(value)
    }
}

/// The members of the payload, ours taken out where the claims type did not ask for them.
struct Members<'c, 'p, 'a, A> {
    map: A,
    capture: &'c mut Capture<'p, 'a>,
    asked: Asked,
    /// The value that we read already and the claims type is about to.
    pending: Option<&'p RawValue>,
}

/// What became of a member.
enum Taken<'p> {
    /// It is the claims type's alone.
    No,
    /// It was ours alone.
    Whole,
    /// It is both ours and the claims type's.
    Copied(&'p RawValue),
}

impl<'p, A: MapAccess<'p>> Members<'_, 'p, '_, A> {
    /// Reads the value that comes next, if it is one of ours.
    fn take(&mut self, name: &str) -> Result<Taken<'p>, A::Error> {
        let interests = self.capture.interests;
        let mut readers = interests.readers(name);
        let Some(first) = readers.next() else { return Ok(Taken::No) };
        let asked = self.asked.includes(name);
        let second = readers.next();
        if !asked && second.is_none() {
            self.map.next_value_seed(ReadSeed { capture: self.capture, reader: first })?;
            return Ok(Taken::Whole);
        }
        // Several readers: each reads the text of the value on its own.
        let raw: &'p RawValue = self.map.next_value()?;
        for reader in [first].into_iter().chain(second).chain(readers) {
            let mut value = serde_json::Deserializer::from_str(raw.get());
            self.capture.read(reader, &mut value).map_err(A::Error::custom)?;
        }
        Ok(if asked { Taken::Copied(raw) } else { Taken::Whole })
    }
}

impl<'p, A: MapAccess<'p>> MapAccess<'p> for Members<'_, 'p, '_, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'p>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        while let Some(MemberName(name)) = self.map.next_key()? {
            if !self.capture.names.insert(name.clone()) {
                self.capture.fault = Some(Code::DuplicateClaim);
                return Err(A::Error::custom("duplicate member"));
            }
            self.capture.note_presence(&name);
            match self.take(&name)? {
                Taken::Whole => continue,
                Taken::No => self.pending = None,
                Taken::Copied(raw) => self.pending = Some(raw),
            }
            return seed.deserialize(NameDeserializer::new(name)).map(Some);
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'p>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        match self.pending.take() {
            Some(raw) => {
                seed.deserialize(&mut serde_json::Deserializer::from_str(raw.get())).map_err(A::Error::custom)
            }
            None => self.map.next_value_seed(seed),
        }
    }
}
