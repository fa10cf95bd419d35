//! The issuer that a token names, before anything of it is believed.

use std::{borrow::Cow, fmt};

use serde::{
    Deserializer,
    de::{Error, IgnoredAny, MapAccess, Visitor},
};

use super::member::MemberName;
use crate::error::Code;

/// The `iss` of a payload.
///
/// Nothing is verified yet: it only chooses whose keys are tried. The token is refused later unless the one
/// `iss` that was signed is that issuer's.
pub(super) fn issuer_of(payload: &str) -> Result<Option<Cow<'_, str>>, Code> {
    let mut issuer = None;
    let read = serde_json::Deserializer::from_str(payload).deserialize_map(IssuerVisitor(&mut issuer));
    match (issuer, read) {
        (Some(issuer), _) => Ok(Some(issuer)),
        (None, Ok(())) => Ok(None),
        (None, Err(_)) => Err(Code::InvalidPayload),
    }
}

/// Reads as far as the first `iss`.
struct IssuerVisitor<'i, 'p>(&'i mut Option<Cow<'p, str>>);

impl<'p> Visitor<'p> for IssuerVisitor<'_, 'p> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'p>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(MemberName(name)) = map.next_key()? {
            if name == "iss" {
                *self.0 = Some(map.next_value::<MemberName<'p>>()?.0);
                return Err(A::Error::custom("the rest does not matter"));
            }
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_issuer_is_found_wherever_it_stands() {
        for (payload, issuer) in [
            (r#"{"iss":"a"}"#, Ok(Some("a"))),
            (r#"{"sub":{"iss":"b"},"x":[1,{"iss":"c"}],"iss":"a","iss":"d"}"#, Ok(Some("a"))),
            (r#"{"\u0069ss":"\u0061"}"#, Ok(Some("a"))),
            (r#"{"iss":"a", and then something else"#, Ok(Some("a"))),
            (r#"{"sub":"a"}"#, Ok(None)),
            (r#"{"iss":1}"#, Err(Code::InvalidPayload)),
            (r#"{"iss":null}"#, Err(Code::InvalidPayload)),
            (r#"["iss","a"]"#, Err(Code::InvalidPayload)),
            (r#"{"sub":"a""#, Err(Code::InvalidPayload)),
            ("", Err(Code::InvalidPayload)),
        ] {
            let found = issuer_of(payload);
            assert_eq!(found.as_ref().map(|issuer| issuer.as_deref()), issuer.as_ref().copied(), "{payload}");
        }
    }
}
