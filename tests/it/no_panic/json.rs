//! JSON of any form, and what is nearly JSON.

use proptest::{collection::vec, prelude::*, sample::Index};

/// The text of any JSON value; unlike serde_json's own, also with members that stand twice, any number, and
/// any escape.
pub(super) fn value() -> impl Strategy<Value = String> + Clone {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|truth| truth.to_string()),
        any::<i64>().prop_map(|number| number.to_string()),
        "-?[0-9]{1,40}",
        "-?[1-9]\\.[0-9]{1,20}([eE][+-]?[0-9]{1,4})?",
        string(),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(|elements| format!("[{}]", elements.join(","))),
            vec((string(), inner), 0..5).prop_map(object),
        ]
    })
}

/// An object whose members have these names and, some of them, others.
pub(super) fn object_of(names: &'static [&'static str]) -> impl Strategy<Value = String> + Clone {
    let name =
        prop_oneof![4 => prop::sample::select(names).prop_map(|name| format!("\"{name}\"")), 1 => string()];
    vec((name, value()), 0..8).prop_map(object)
}

/// The same text with up to three bytes changed.
pub(super) fn damaged(text: impl Strategy<Value = String>) -> impl Strategy<Value = Vec<u8>> {
    (text, vec((any::<Index>(), any::<u8>()), 0..3)).prop_map(|(text, changes)| {
        let mut bytes = text.into_bytes();
        for (place, byte) in changes {
            if !bytes.is_empty() {
                let place = place.index(bytes.len());
                bytes[place] = byte;
            }
        }
        bytes
    })
}

fn string() -> impl Strategy<Value = String> + Clone {
    prop_oneof![
        "[a-z~/ ]{0,6}".prop_map(|text| format!("\"{text}\"")),
        any::<String>().prop_map(|text| serde_json::Value::from(text).to_string()),
        vec("[a-z]|\\\\u[0-9a-fA-F]{4}|\\\\[nrt\"/\\\\]", 0..5)
            .prop_map(|parts| format!("\"{}\"", parts.concat())),
    ]
}

fn object(members: Vec<(String, String)>) -> String {
    let members: Vec<String> = members.iter().map(|(name, value)| format!("{name}:{value}")).collect();
    format!("{{{}}}", members.join(","))
}
