//! The shapes that registered and authority claims may have.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserializer,
    de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use crate::claims::{Text, TextList};

/// Reads one string.
#[derive(Clone, Copy)]
pub(super) struct TextSeed<'p>(pub(super) &'p str);

impl<'p> DeserializeSeed<'p> for TextSeed<'p> {
    type Value = Text;

    fn deserialize<D: Deserializer<'p>>(self, deserializer: D) -> Result<Text, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'p> Visitor<'p> for TextSeed<'p> {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'p str) -> Result<Text, E> {
        Ok(Text::borrowed(text, self.0))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Text, E> {
        Ok(Text::Owned(text.into()))
    }
}

/// Reads one string or an array of strings.
#[derive(Clone, Copy)]
pub(super) struct TextListSeed<'p>(pub(super) &'p str);

impl<'p> DeserializeSeed<'p> for TextListSeed<'p> {
    type Value = TextList;

    fn deserialize<D: Deserializer<'p>>(self, deserializer: D) -> Result<TextList, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'p> Visitor<'p> for TextListSeed<'p> {
    type Value = TextList;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string or an array of strings")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'p str) -> Result<TextList, E> {
        Ok(TextList::One(Text::borrowed(text, self.0)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<TextList, E> {
        Ok(TextList::One(Text::Owned(text.into())))
    }

    fn visit_seq<A: SeqAccess<'p>>(self, mut seq: A) -> Result<TextList, A::Error> {
        let mut texts = Vec::with_capacity(8);
        while let Some(text) = seq.next_element_seed(TextSeed(self.0))? {
            texts.push(text);
        }
        Ok(TextList::Many(texts))
    }
}

/// Follows the rest of a JSON pointer, and reads strings at its end; `None` where the path ends before.
#[derive(Clone, Copy)]
pub(super) struct PathSeed<'p, 'm> {
    pub(super) payload: &'p str,
    pub(super) path: &'m [Box<str>],
}

impl<'p> DeserializeSeed<'p> for PathSeed<'p, '_> {
    type Value = Option<TextList>;

    fn deserialize<D: Deserializer<'p>>(self, deserializer: D) -> Result<Option<TextList>, D::Error> {
        match self.path.split_first() {
            None => TextListSeed(self.payload).deserialize(deserializer).map(Some),
            Some((step, path)) => deserializer
                .deserialize_any(StepVisitor { step, rest: PathSeed { payload: self.payload, path } }),
        }
    }
}

struct StepVisitor<'p, 'm> {
    step: &'m str,
    rest: PathSeed<'p, 'm>,
}

impl<'p> Visitor<'p> for StepVisitor<'p, '_> {
    type Value = Option<TextList>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or an array")
    }

    fn visit_map<A: MapAccess<'p>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        let mut seen = false;
        while let Some(here) = map.next_key_seed(IsName(self.step, PhantomData))? {
            if !here {
                map.next_value::<IgnoredAny>()?;
            } else if std::mem::replace(&mut seen, true) {
                return Err(A::Error::custom("a member on the path to an authority claim stands twice"));
            } else {
                found = map.next_value_seed(self.rest)?;
            }
        }
        Ok(found)
    }

    fn visit_seq<A: SeqAccess<'p>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        // RFC 6901 §4: digits alone, and no leading zero.
        let wanted = self.step.parse().ok().filter(|index: &usize| index.to_string() == self.step);
        let mut found = None;
        for index in 0.. {
            if Some(index) == wanted {
                let Some(value) = seq.next_element_seed(self.rest)? else { break };
                found = value;
            } else if seq.next_element::<IgnoredAny>()?.is_none() {
                break;
            }
        }
        Ok(found)
    }
}

/// Whether a member has this name, after escapes.
struct IsName<'m, 'p>(&'m str, PhantomData<&'p ()>);

impl<'p> DeserializeSeed<'p> for IsName<'_, 'p> {
    type Value = bool;

    fn deserialize<D: Deserializer<'p>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for IsName<'_, '_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member's name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<bool, E> {
        Ok(name == self.0)
    }
}
