//! `application/x-www-form-urlencoded`.

use std::collections::HashSet;

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::body::repeated;
use crate::response::BodyFault;

/// The parameters of a form, each once; those without a value are omitted (RFC 6749 §3.2).
///
/// A `%` that begins no escape stands for itself, as in browsers.
pub(super) fn fields(text: &str) -> Result<Map<String, Value>, BodyFault> {
    let mut seen = HashSet::new();
    let mut fields = Map::new();
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (decode(name)?, decode(value)?);
        if !seen.insert(name.clone()) {
            return Err(repeated(&name));
        }
        if !value.is_empty() {
            fields.insert(name, Value::String(value));
        }
    }
    Ok(fields)
}

fn decode(text: &str) -> Result<String, BodyFault> {
    let spaced = text.replace('+', " ");
    let decoded = percent_decode_str(&spaced).decode_utf8().map_err(|_| BodyFault::NotUtf8)?;
    Ok(decoded.into_owned())
}
