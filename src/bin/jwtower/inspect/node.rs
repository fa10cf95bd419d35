//! JSON as it was written: members in their order, also those that come twice, and numbers digit by digit.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::{Error, value::RawValue};

use crate::visible;

/// The deepest level that is read; jwtower verifies nothing deeper either.
const DEEPEST: usize = 128;

/// The deepest level that is printed for programs: most parsers stop before they have read 128.
const DEEPEST_READABLE: usize = 100;

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Node>),
    Object(Vec<(String, Node)>),
    /// A string with an escape of half a character, which is no text; as it was written.
    HalfText(String),
    /// What nests too deep to be read.
    TooDeep,
}

impl Node {
    pub(super) fn parse(text: &str) -> Result<Self, Error> {
        Self::of(serde_json::from_str(text)?, 0)
    }

    fn of(raw: &RawValue, level: usize) -> Result<Self, Error> {
        let text = raw.get();
        Ok(match text.as_bytes().first() {
            Some(b'{' | b'[') if level == DEEPEST => Self::TooDeep,
            Some(b'{') => {
                let Members(members) = serde_json::from_str(text)?;
                let read = |(name, raw)| Ok((name, Self::of(raw, level + 1)?));
                Self::Object(members.into_iter().map(read).collect::<Result<_, Error>>()?)
            }
            Some(b'[') => {
                let items: Vec<&RawValue> = serde_json::from_str(text)?;
                Self::List(items.into_iter().map(|raw| Self::of(raw, level + 1)).collect::<Result<_, _>>()?)
            }
            Some(b'"') => match serde_json::from_str(text) {
                Ok(string) => Self::Text(string),
                Err(_) => Self::HalfText(text.trim_matches('"').to_owned()),
            },
            Some(b't' | b'f') => Self::Bool(text == "true"),
            Some(b'n') => Self::Null,
            _ => Self::Number(text.to_owned()),
        })
    }

    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A text, or null.
    pub(super) fn optional(text: Option<impl Into<String>>) -> Self {
        text.map_or(Self::Null, Self::text)
    }

    pub(super) fn number(number: impl fmt::Display) -> Self {
        Self::Number(number.to_string())
    }

    pub(super) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The members of an object; of anything else none.
    pub(super) fn members(&self) -> &[(String, Self)] {
        match self {
            Self::Object(members) => members,
            _ => &[],
        }
    }

    /// The value of a member; of several the last one, as most parsers have it.
    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        self.members().iter().rev().find(|(own, _)| own == name).map(|(_, value)| value)
    }

    /// The same for any parser: numbers that do not fit are strings, and what nests too deep is null.
    pub(super) fn readable(&self) -> Self {
        self.readable_down_to(DEEPEST_READABLE)
    }

    fn readable_down_to(&self, levels: usize) -> Self {
        match (self, levels.checked_sub(1)) {
            (Self::Number(number), _) if !number.parse().is_ok_and(f64::is_finite) => Self::text(number),
            (Self::List(_) | Self::Object(_), None) => Self::Null,
            (Self::List(items), Some(below)) => {
                Self::List(items.iter().map(|item| item.readable_down_to(below)).collect())
            }
            (Self::Object(members), Some(below)) => Self::Object(
                members.iter().map(|(name, value)| (name.clone(), value.readable_down_to(below))).collect(),
            ),
            (other, _) => other.clone(),
        }
    }

    /// The value in words of JSON, such as `a number`.
    pub(super) fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "true or false",
            Self::Number(_) => "a number",
            Self::Text(_) => "a string",
            Self::HalfText(_) => "no text",
            Self::List(_) | Self::TooDeep => "a list",
            Self::Object(_) => "an object",
        }
    }

    /// How many lists and objects are in each other.
    pub(super) fn depth(&self) -> usize {
        match self {
            Self::List(items) => 1 + items.iter().map(Self::depth).max().unwrap_or(0),
            Self::Object(members) => 1 + members.iter().map(|(_, value)| value.depth()).max().unwrap_or(0),
            Self::TooDeep => 1,
            _ => 0,
        }
    }

    /// In one line.
    pub(super) fn compact(&self) -> String {
        let mut text = String::new();
        self.write(&mut text, None);
        text
    }

    /// In lines, those behind the first indented by `indent` characters and more.
    pub(super) fn pretty(&self, indent: usize) -> String {
        let mut text = String::new();
        self.write(&mut text, Some(indent));
        text
    }

    fn write(&self, text: &mut String, indent: Option<usize>) {
        match self {
            Self::Null | Self::TooDeep => text.push_str("null"),
            Self::Bool(true) => text.push_str("true"),
            Self::Bool(false) => text.push_str("false"),
            Self::Number(number) => text.push_str(number),
            Self::Text(string) | Self::HalfText(string) => text.push_str(&visible::quoted(string)),
            Self::List(items) => write_all(text, ['[', ']'], indent, items, |text, item, indent| {
                item.write(text, indent);
            }),
            Self::Object(members) => write_all(text, ['{', '}'], indent, members, |text, member, indent| {
                let (name, value) = member;
                text.push_str(&visible::quoted(name));
                text.push_str(if indent.is_some() { ": " } else { ":" });
                value.write(text, indent);
            }),
        }
    }
}

fn write_all<T>(
    text: &mut String,
    [open, close]: [char; 2],
    indent: Option<usize>,
    items: &[T],
    write: impl Fn(&mut String, &T, Option<usize>),
) {
    let new_line = |text: &mut String, indent: Option<usize>| {
        if let Some(indent) = indent.filter(|_| !items.is_empty()) {
            text.push('\n');
            text.extend(std::iter::repeat_n(' ', indent));
        }
    };
    let inside = indent.map(|indent| indent + 2);
    text.push(open);
    for (place, item) in items.iter().enumerate() {
        if place > 0 {
            text.push(',');
        }
        new_line(text, inside);
        write(text, item, inside);
    }
    new_line(text, indent);
    text.push(close);
}

/// An object's members, each value as it was written.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Members(members))
    }
}
