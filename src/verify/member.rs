//! Names of JSON members: read without a copy, compared after escapes.

use std::{borrow::Cow, collections::HashSet, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{Error, Visitor},
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
pub(super) struct Names<'p> {
    /// The first names that need no text of their own, which are all of a usual object.
    few: [&'p str; 24],
    count: usize,
    many: HashSet<Cow<'p, str>>,
    marks: u64,
}

impl<'p> Names<'p> {
    pub(super) fn new() -> Self {
        Self { few: [""; 24], count: 0, many: HashSet::new(), marks: 0 }
    }

    /// Adds a name; `false` where it was there already.
    pub(super) fn insert(&mut self, name: Cow<'p, str>) -> bool {
        let mark = mark(&name);
        // A mark that is new proves that the name is new; most names are told apart so.
        let known = self.marks & mark != 0 && self.contains(&name);
        self.marks |= mark;
        if known {
            return false;
        }
        match (name, self.few.get_mut(self.count)) {
            (Cow::Borrowed(name), Some(place)) => {
                *place = name;
                self.count += 1;
            }
            (name, _) => drop(self.many.insert(name)),
        }
        true
    }

    fn contains(&self, name: &str) -> bool {
        self.few.iter().take(self.count).any(|known| *known == name) || self.many.contains(name)
    }
}

/// One bit of 64, chosen by a name's length, first and last byte.
fn mark(name: &str) -> u64 {
    let byte = |place: Option<&u8>| usize::from(place.copied().unwrap_or_default());
    let bytes = name.as_bytes();
    1 << ((bytes.len() * 11 + byte(bytes.first()) * 5 + byte(bytes.last())) % 64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_new_once_however_many_there_are() {
        let mut names = Names::new();
        let all: Vec<String> = (0..500).map(|n| format!("claim{n}")).collect();
        for (n, name) in all.iter().enumerate() {
            assert!(names.insert(if n % 3 == 0 { Cow::Owned(name.clone()) } else { Cow::Borrowed(name) }));
        }
        for name in &all {
            assert!(!names.insert(Cow::Borrowed(name)));
            assert!(!names.insert(Cow::Owned(name.clone())));
        }
        assert!(names.insert(Cow::Borrowed("")));
        assert!(!names.insert(Cow::Borrowed("")));
    }
}
