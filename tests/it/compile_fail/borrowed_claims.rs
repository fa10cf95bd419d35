//! Deserialize` is not general enough

use jwtower::Verifier;

pub fn length<'a>(verifier: &Verifier<&'a str>, token: &str) -> usize {
    verifier.verify(token).map_or(0, |text| text.len())
}
