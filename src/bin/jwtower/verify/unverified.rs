//! What a token says of itself, to explain why it was refused; nothing is believed of it.

use serde_json::{Map, Value};

use crate::{base64, visible};

/// The longest text of a token that is repeated.
const LONGEST: usize = 200;

/// The most texts of a list that are repeated.
const MOST: usize = 10;

/// The header and the payload of a signed token, empty where they cannot be read.
#[derive(Debug, Default)]
pub(crate) struct Unverified {
    header: Map<String, Value>,
    payload: Map<String, Value>,
}

impl Unverified {
    pub(crate) fn of(token: &str) -> Self {
        let mut parts = token.split('.').map(|part| {
            let bytes = base64::strict(part).unwrap_or_default();
            serde_json::from_slice(&bytes).unwrap_or_default()
        });
        Self { header: parts.next().unwrap_or_default(), payload: parts.next().unwrap_or_default() }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&Value> {
        self.header.get(name)
    }

    pub(crate) fn claim(&self, name: &str) -> Option<&Value> {
        self.payload.get(name)
    }

    /// A claim that is a number of seconds since 1970.
    pub(crate) fn seconds(&self, name: &str) -> Option<f64> {
        self.claim(name)?.as_f64()
    }
}

/// A value fit for a terminal, or what it is.
pub(crate) fn shown(value: Option<&Value>) -> String {
    match value {
        None => "missing".to_owned(),
        Some(Value::String(text)) => quoted(text),
        Some(Value::Array(values)) if values.iter().all(Value::is_string) => {
            list(values.iter().filter_map(Value::as_str).map(quoted))
        }
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Bool(_)) => "a boolean".to_owned(),
        Some(Value::Null) => "null".to_owned(),
        Some(Value::Array(_)) => "a list".to_owned(),
        Some(Value::Object(_)) => "an object".to_owned(),
    }
}

/// Texts with commas between them, the first ten of them.
pub(crate) fn list(texts: impl IntoIterator<Item = String>) -> String {
    let texts: Vec<_> = texts.into_iter().collect();
    match texts.get(..MOST) {
        _ if texts.is_empty() => "an empty list".to_owned(),
        Some(first) if texts.len() > MOST => format!("{} and {} more", first.join(", "), texts.len() - MOST),
        _ => texts.join(", "),
    }
}

/// A text as a JSON string, and not all of it where it is long.
pub(crate) fn quoted(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}..", visible::quoted(text.get(..end).unwrap_or_default())),
        None => visible::quoted(text),
    }
}
