//! The claims type for services that need none.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{IgnoredAny, MapAccess, Visitor},
    ser::SerializeMap,
};

/// The claims type where the registered claims are enough.
///
/// It reads any payload and keeps nothing; it writes an empty object.
///
/// ```
/// use jwtower::{Algorithm, Issuer, NoClaims, Secret, Verifier};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let secret = Secret::generate(Algorithm::HS256)?;
/// let issuer = Issuer::builder().key(&secret).issuer("me").audience("api").build()?;
/// let verifier = Verifier::<NoClaims>::builder().keys(&secret).issuer("me").audience("api").build()?;
/// let token = issuer.sign("job-7", &NoClaims)?;
/// assert_eq!(verifier.verify(token.secret())?.registered().subject(), Some("job-7"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NoClaims;

impl Serialize for NoClaims {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_map(Some(0))?.end()
    }
}

impl<'de> Deserialize<'de> for NoClaims {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_struct("NoClaims", &[], NoClaimsVisitor)
    }
}

struct NoClaimsVisitor;

impl<'de> Visitor<'de> for NoClaimsVisitor {
    type Value = NoClaims;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<NoClaims, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(NoClaims)
    }
}
