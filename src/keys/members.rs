//! The members of a JWK, read strictly, whatever the key is for (RFC 7517 §4).

use std::{
    collections::{BTreeMap, btree_map::Entry},
    fmt,
};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::Value;
use zeroize::{Zeroize, Zeroizing};

use super::{base64url, kid::Kid, public::Reason};
use crate::error::json_kind;

/// The members of one JSON object, none of them twice.
#[derive(Default)]
pub(crate) struct Members {
    values: BTreeMap<String, Member>,
    repeated: Option<String>,
}

/// A value whose text is wiped on drop, because it may be a private number.
struct Member(Value);

/// What a JWK must be for, where it says so.
pub(crate) struct Purpose {
    /// The value of `use`.
    pub(crate) name: &'static str,
    /// What `key_ops` holds at least one of.
    pub(crate) needed: &'static [&'static str],
    /// All operations that fit `use`.
    pub(crate) fitting: &'static [&'static str],
}

impl Purpose {
    pub(super) const SIGN: Self = Self { name: "sig", needed: &["sign"], fitting: &["sign", "verify"] };
    pub(super) const VERIFY: Self = Self { needed: &["verify"], ..Self::SIGN };
}

/// More operations than RFC 7517 §4.3 and its registry define.
const MAX_OPERATIONS: usize = 16;

impl Members {
    /// Reads an object; whether a member stands twice, [`unrepeated`](Self::unrepeated) tells.
    pub(crate) fn read(json: &[u8]) -> Result<Self, Reason> {
        serde_json::from_slice(json).map_err(|_| "is not a JSON object".into())
    }

    pub(crate) fn unrepeated(&self) -> Result<(), Reason> {
        match &self.repeated {
            Some(name) => Err(format!("it has the member {} twice", quote(name)).into()),
            None => Ok(()),
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.values.get(name).map(|member| &member.0)
    }

    pub(crate) fn kid(&self) -> Result<Option<Kid>, Reason> {
        self.text("kid")?.map(Kid::new).transpose().map_err(|error| error.to_string().into())
    }

    pub(crate) fn text(&self, name: &str) -> Result<Option<&str>, Reason> {
        let text = |value: &Value| format!("its {name} is {}, not a string", json_kind(value)).into();
        self.get(name).map(|value| value.as_str().ok_or_else(|| text(value))).transpose()
    }

    pub(crate) fn number(&self, name: &str) -> Result<Vec<u8>, Reason> {
        let text = self.text(name)?.ok_or_else(|| format!("it has no {name}"))?;
        base64url::decode(text)
            .ok_or_else(|| format!("its {name} is not strict base64url (RFC 7515 §2)").into())
    }

    /// A number that must not stay in memory.
    pub(crate) fn private_number(&self, name: &str) -> Result<Zeroizing<Vec<u8>>, Reason> {
        self.number(name).map(Zeroizing::new)
    }

    /// A private member, which a public key never has (RFC 7518 §6.2.2, §6.3.2, §6.4.1, RFC 8037 §2).
    pub(crate) fn private_member(&self) -> Option<&'static str> {
        ["d", "p", "q", "dp", "dq", "qi", "oth", "k"].into_iter().find(|name| self.get(name).is_some())
    }

    /// Honours `use` and `key_ops` (RFC 7517 §4.2, §4.3).
    pub(crate) fn refuse_other_uses(&self, purpose: &Purpose) -> Result<(), Reason> {
        let named = self.text("use")?;
        if let Some(other) = named.filter(|name| *name != purpose.name) {
            return Err(format!("its use is {}, not {:?}", quote(other), purpose.name).into());
        }
        let Some(operations) = self.get("key_ops") else { return Ok(()) };
        let operations: Option<Vec<&str>> =
            operations.as_array().and_then(|operations| operations.iter().map(Value::as_str).collect());
        let operations = operations.ok_or("its key_ops is not an array of strings")?;
        if !operations.iter().any(|operation| purpose.needed.contains(operation)) {
            let needed: Vec<_> = purpose.needed.iter().map(|operation| format!("{operation:?}")).collect();
            return Err(format!("its key_ops does not hold {}", needed.join(" or ")).into());
        }
        if operations.len() > MAX_OPERATIONS {
            return Err("its key_ops is longer than the list of operations that exist".into());
        }
        let is_repeated =
            |(index, operation)| operations.iter().skip(index + 1).any(|other| other == operation);
        if operations.iter().enumerate().any(is_repeated) {
            return Err("its key_ops names an operation twice".into());
        }
        if named.is_some() && operations.iter().any(|operation| !purpose.fitting.contains(operation)) {
            return Err("its key_ops contradicts its use".into());
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Members::default();
                while let Some((name, value)) = map.next_entry::<String, Value>()? {
                    let value = Member(value);
                    match members.values.entry(name) {
                        Entry::Vacant(place) => drop(place.insert(value)),
                        Entry::Occupied(place) => members.repeated = Some(place.key().clone()),
                    }
                }
                Ok(members)
            }
        }

        deserializer.deserialize_map(Object)
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        if let Value::String(text) = &mut self.0 {
            text.zeroize();
        }
    }
}

/// Foreign text for a message: escaped, and not longer than it needs to be.
pub(crate) fn quote(text: &str) -> String {
    format!("{:?}", text.chars().take(32).collect::<String>())
}
