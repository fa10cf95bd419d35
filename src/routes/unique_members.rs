//! JSON that says nothing twice.

use std::{cell::Cell, collections::HashSet, fmt};

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::body::repeated;
use crate::response::BodyFault;

/// Walks through a JSON text and stops at a member whose name its object had before, however it is spelt.
///
/// Two readers may disagree on which of the two counts, so that one checks what the other does not use.
#[derive(Clone, Copy)]
pub(super) struct UniqueMembers<'f> {
    /// What is wrong; JSON itself where nothing is noted.
    fault: &'f Cell<BodyFault>,
}

impl UniqueMembers<'_> {
    pub(super) fn check(text: &str) -> Result<(), BodyFault> {
        let fault = Cell::new(BodyFault::NotAnObject);
        let mut json = serde_json::Deserializer::from_str(text);
        let walked = UniqueMembers { fault: &fault }.deserialize(&mut json).and_then(|()| json.end());
        walked.map_err(|_| fault.get())
    }
}

impl<'de> DeserializeSeed<'de> for UniqueMembers<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for UniqueMembers<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element_seed(self)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let mut seen = HashSet::new();
        while let Some(name) = members.next_key::<String>()? {
            if seen.contains(&name) {
                self.fault.set(repeated(&name));
                return Err(de::Error::custom("a repeated member"));
            }
            seen.insert(name);
            members.next_value_seed(self)?;
        }
        Ok(())
    }
}
