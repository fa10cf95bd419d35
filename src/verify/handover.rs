//! Strings that we have read, as the deserializers that a claims type sees.
//!
//! serde's own ones forward neither options nor newtypes.

use std::{borrow::Cow, marker::PhantomData};

use serde::{
    Deserializer,
    de::{
        Error, IntoDeserializer, Visitor,
        value::{SeqDeserializer, StringDeserializer},
    },
    forward_to_deserialize_any,
};

use crate::claims::{Text, TextList};

/// What is the same for both: an option or a newtype around them is seen through, and they are what they are
/// whatever a type expects.
macro_rules! as_anything {
    ($p:lifetime) => {
        fn deserialize_option<V: Visitor<$p>>(self, visitor: V) -> Result<V::Value, E> {
            visitor.visit_some(self)
        }

        fn deserialize_newtype_struct<V: Visitor<$p>>(
            self,
            _name: &'static str,
            visitor: V,
        ) -> Result<V::Value, E> {
            visitor.visit_newtype_struct(self)
        }

        forward_to_deserialize_any! {
            <W: Visitor<$p>>
            bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
            seq tuple tuple_struct map struct identifier ignored_any
        }
    };
}

/// One string: a member's name, or an element of a list.
pub(super) struct StrDeserializer<'p, E> {
    text: Cow<'p, str>,
    error: PhantomData<E>,
}

impl<'p, E> StrDeserializer<'p, E> {
    pub(super) fn new(text: Cow<'p, str>) -> Self {
        Self { text, error: PhantomData }
    }
}

impl<'p, E: Error> Deserializer<'p> for StrDeserializer<'p, E> {
    type Error = E;

    fn deserialize_any<V: Visitor<'p>>(self, visitor: V) -> Result<V::Value, E> {
        match self.text {
            Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
            Cow::Owned(text) => visitor.visit_string(text),
        }
    }

    fn deserialize_enum<V: Visitor<'p>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, E> {
        let variant: StringDeserializer<E> = self.text.into_owned().into_deserializer();
        variant.deserialize_enum(name, variants, visitor)
    }

    as_anything!('p);
}

impl<'p, E: Error> IntoDeserializer<'p, E> for StrDeserializer<'p, E> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// One string, or an array of strings.
pub(super) struct TextsDeserializer<'p, 't, E> {
    payload: &'p str,
    texts: &'t TextList,
    error: PhantomData<E>,
}

impl<'p, 't, E: Error> TextsDeserializer<'p, 't, E> {
    pub(super) fn new(payload: &'p str, texts: &'t TextList) -> Self {
        Self { payload, texts, error: PhantomData }
    }

    fn element(&self, text: &Text) -> StrDeserializer<'p, E> {
        StrDeserializer::new(text.to_cow(self.payload))
    }
}

impl<'p, E: Error> Deserializer<'p> for TextsDeserializer<'p, '_, E> {
    type Error = E;

    fn deserialize_any<V: Visitor<'p>>(self, visitor: V) -> Result<V::Value, E> {
        match self.texts {
            TextList::One(text) => self.element(text).deserialize_any(visitor),
            TextList::Many(texts) => {
                let mut elements = SeqDeserializer::new(texts.iter().map(|text| self.element(text)));
                let value = visitor.visit_seq(&mut elements)?;
                elements.end()?;
                Ok(value)
            }
        }
    }

    fn deserialize_enum<V: Visitor<'p>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, E> {
        match self.texts {
            TextList::One(text) => self.element(text).deserialize_enum(name, variants, visitor),
            TextList::Many(_) => self.deserialize_any(visitor),
        }
    }

    as_anything!('p);
}
