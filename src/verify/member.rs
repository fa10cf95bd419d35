//! Names of JSON members: read without a copy, compared after escapes, handed on to a claims type.

use std::{borrow::Cow, collections::HashSet, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{Error, IntoDeserializer, Visitor, value::StringDeserializer},
    forward_to_deserialize_any,
};

/// A JSON string that is borrowed unless it was spelt with escapes.
pub(super) struct MemberName<'p>(pub(super) Cow<'p, str>);

impl<'p> Deserialize<'p> for MemberName<'p> {
    fn deserialize<D: Deserializer<'p>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(NameVisitor)
    }
}

struct NameVisitor;

impl<'p> Visitor<'p> for NameVisitor {
    type Value = MemberName<'p>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'p str) -> Result<MemberName<'p>, E> {
        Ok(MemberName(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<MemberName<'p>, E> {
        Ok(MemberName(Cow::Owned(text.to_owned())))
    }
}

/// The member names of one object so far.
#[derive(Default)]
pub(super) struct Names<'p> {
    few: Vec<Cow<'p, str>>,
    many: HashSet<Cow<'p, str>>,
    marks: u64,
}

impl<'p> Names<'p> {
    /// How many names are compared one by one before a hash set takes over.
    const FEW: usize = 64;

    /// Adds a name; `false` where it was there already.
    pub(super) fn insert(&mut self, name: Cow<'p, str>) -> bool {
        let mark = mark(&name);
        // A mark that is new proves that the name is new; most names are told apart so.
        let known = self.marks & mark != 0 && (self.few.contains(&name) || self.many.contains(&name));
        self.marks |= mark;
        if known {
            return false;
        }
        if self.few.len() < Self::FEW {
            if self.few.capacity() == 0 {
                self.few.reserve(24);
            }
            self.few.push(name);
        } else {
            self.many.insert(name);
        }
        true
    }
}

/// One bit of 64, chosen by a name's length, first and last byte.
fn mark(name: &str) -> u64 {
    let byte = |place: Option<&u8>| usize::from(place.copied().unwrap_or_default());
    let bytes = name.as_bytes();
    1 << ((bytes.len() * 11 + byte(bytes.first()) * 5 + byte(bytes.last())) % 64)
}

/// A member's name as the deserializer that a claims type sees.
///
/// serde's own ones forward neither options nor newtypes.
pub(super) struct NameDeserializer<'p, E> {
    name: Cow<'p, str>,
    error: PhantomData<E>,
}

impl<'p, E> NameDeserializer<'p, E> {
    pub(super) fn new(name: Cow<'p, str>) -> Self {
        Self { name, error: PhantomData }
    }
}

impl<'p, E: Error> Deserializer<'p> for NameDeserializer<'p, E> {
    type Error = E;

    fn deserialize_any<V: Visitor<'p>>(self, visitor: V) -> Result<V::Value, E> {
        match self.name {
            Cow::Borrowed(name) => visitor.visit_borrowed_str(name),
            Cow::Owned(name) => visitor.visit_string(name),
        }
    }

    fn deserialize_option<V: Visitor<'p>>(self, visitor: V) -> Result<V::Value, E> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'p>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, E> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'p>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, E> {
        let name_of_variant: StringDeserializer<E> = self.name.into_owned().into_deserializer();
        name_of_variant.deserialize_enum(name, variants, visitor)
    }

    forward_to_deserialize_any! {
        <W: Visitor<'p>>
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct map struct identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_new_once_however_many_there_are() {
        let mut names = Names::default();
        let all: Vec<Cow<'_, str>> = (0..500).map(|n| Cow::Owned(format!("claim{n}"))).collect();
        for name in &all {
            assert!(names.insert(name.clone()));
        }
        for name in &all {
            assert!(!names.insert(name.clone()));
        }
        assert!(names.insert(Cow::Borrowed("")));
        assert!(!names.insert(Cow::Borrowed("")));
    }
}
