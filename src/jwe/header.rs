//! The header of an encrypted token (RFC 7516 §4).

use serde_json::{Map, Value, json};

use super::{ContentEncryption, KeyManagement, public::Point};
use crate::{
    error::Code,
    keys::{base64url, members::Members},
};

/// The largest header, in bytes once decoded; signed tokens have the same bound.
const MAX_HEADER: usize = 4 * 1024;

/// Registered claims that may stand in the header too (RFC 7519 §5.3).
const REPLICATED: [&str; 3] = ["iss", "sub", "aud"];

/// The members of a header that decide anything. Keys that come with a token prove nothing, so `jwk`, `jku`, `x5u`
/// and `x5c` are never looked at.
#[derive(Clone)]
pub(super) struct Header {
    pub(super) algorithm: KeyManagement,
    pub(super) content: ContentEncryption,
    pub(super) kid: Option<Box<str>>,
    /// Whether `cty` says that there is a signed token inside (RFC 7519 §5.2).
    pub(super) is_nested: bool,
    pub(super) agreement: Option<Agreement>,
    pub(super) replicated: Map<String, Value>,
}

/// What ECDH-ES needs to know of the sender.
#[derive(Clone)]
pub(super) struct Agreement {
    pub(super) point: Point,
    /// `apu` and `apv`; empty where absent.
    pub(super) parties: [Vec<u8>; 2],
}

impl Header {
    pub(super) fn decode(segment: &str) -> Result<Self, Code> {
        if segment.len() > MAX_HEADER.div_ceil(3) * 4 {
            return Err(Code::HeaderTooLarge);
        }
        let json = base64url::decode(segment).ok_or(Code::MalformedToken)?;
        if json.len() > MAX_HEADER {
            return Err(Code::HeaderTooLarge);
        }
        let members = Members::read(&json).map_err(|_| Code::InvalidHeader)?;
        members.unrepeated().map_err(|_| Code::DuplicateHeader)?;
        // Each of these changes what the rest means; of the last one only compression is defined.
        if ["crit", "b64", "zip"].into_iter().any(|name| members.get(name).is_some()) {
            return Err(Code::UnsupportedHeader);
        }
        let text = |name: &str| members.text(name).map_err(|_| Code::InvalidHeader);
        let named = |name: &str| text(name)?.ok_or(Code::InvalidHeader);
        let algorithm = KeyManagement::from_name(named("alg")?).ok_or(Code::UnsupportedAlgorithm)?;
        let content = ContentEncryption::from_name(named("enc")?).ok_or(Code::UnsupportedAlgorithm)?;
        // Whatever `typ` says, it is of one type.
        text("typ")?;
        let replicated = REPLICATED.into_iter().filter_map(|name| Some((name, members.get(name)?)));
        Ok(Self {
            algorithm,
            content,
            kid: text("kid")?.map(Into::into),
            is_nested: text("cty")?.is_some_and(is_jwt),
            agreement: algorithm.is_agreement().then(|| Agreement::of(&members)).transpose()?,
            replicated: replicated.map(|(name, value)| (name.to_owned(), value.clone())).collect(),
        })
    }
}

impl Agreement {
    fn of(members: &Members) -> Result<Self, Code> {
        let epk = members.get("epk").and_then(Value::as_object).ok_or(Code::InvalidHeader)?;
        let party = |name: &str| match members.text(name).map_err(|_| Code::InvalidHeader)? {
            Some(text) => base64url::decode(text).ok_or(Code::InvalidHeader),
            None => Ok(Vec::new()),
        };
        Ok(Self {
            point: Point::of_epk(epk).ok_or(Code::DecryptionFailed)?,
            parties: [party("apu")?, party("apv")?],
        })
    }
}

/// Whether it is a JWT, or that of RFC 9068 by its own name, as some providers write. Media types are compared without
/// case, and `application/` may be left out (RFC 7515 §4.1.10).
fn is_jwt(cty: &str) -> bool {
    ["JWT", "application/jwt", "at+jwt", "application/at+jwt"]
        .iter()
        .any(|name| cty.eq_ignore_ascii_case(name))
}

/// The header of a token that we encrypt, in base64url.
pub(super) fn encode(
    algorithm: KeyManagement,
    content: ContentEncryption,
    kid: Option<&str>,
    epk: Option<&Point>,
) -> String {
    let mut header = json!({ "alg": algorithm.name(), "enc": content.name(), "cty": "JWT" });
    if let Some(header) = header.as_object_mut() {
        if let Some(kid) = kid {
            header.insert("kid".into(), kid.into());
        }
        if let Some(epk) = epk {
            let members = epk.members().into_iter().map(|(name, value)| (name.to_owned(), value.into()));
            header.insert("epk".into(), Value::Object(members.collect()));
        }
    }
    base64url::encode(header.to_string())
}
