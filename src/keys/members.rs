//! Reads the members of a JWK, strictly (RFC 7517 §4, RFC 7518 §6, RFC 8037 §2).

use std::{
    collections::{BTreeMap, btree_map::Entry},
    fmt,
};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::Value;

use super::{
    Algorithm, base64url,
    family::Curve,
    jwk::Jwk,
    kid::Kid,
    public::{PublicKey, Reason},
};
use crate::error::json_kind;

/// Reads one public JWK, or says what is wrong with it.
pub(super) fn read(json: &[u8]) -> Result<Jwk, Refused> {
    let members: Members = serde_json::from_slice(json)
        .map_err(|_| Refused { kid: None, reason: "is not a JSON object".into() })?;
    members.jwk().map_err(|reason| Refused { kid: members.kid_to_show(), reason })
}

/// A JWK that is not used: the name that it had, if any, and why.
pub(super) struct Refused {
    pub(super) kid: Option<String>,
    pub(super) reason: Reason,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kid {
            Some(kid) => write!(f, "key {kid:?}: {}", self.reason),
            None => write!(f, "key without a kid: {}", self.reason),
        }
    }
}

/// More operations than RFC 7517 §4.3 and its registry define.
const MAX_OPERATIONS: usize = 16;

/// The members of one JSON object.
#[derive(Default)]
struct Members {
    values: BTreeMap<String, Value>,
    repeated: Option<String>,
}

impl Members {
    fn get(&self, name: &str) -> Option<&Value> {
        self.values.get(name)
    }

    fn kid_to_show(&self) -> Option<String> {
        self.get("kid").and_then(Value::as_str).map(|kid| kid.chars().take(64).collect())
    }

    fn text(&self, name: &str) -> Result<Option<&str>, Reason> {
        let text = |value: &Value| format!("its {name} is {}, not a string", json_kind(value)).into();
        self.get(name).map(|value| value.as_str().ok_or_else(|| text(value))).transpose()
    }

    fn number(&self, name: &str) -> Result<Vec<u8>, Reason> {
        let text = self.text(name)?.ok_or_else(|| format!("it has no {name}"))?;
        base64url::decode(text)
            .ok_or_else(|| format!("its {name} is not strict base64url (RFC 7515 §2)").into())
    }

    fn jwk(&self) -> Result<Jwk, Reason> {
        if let Some(name) = &self.repeated {
            return Err(format!("it has the member {} twice", quote(name)).into());
        }
        let kid = self.text("kid")?.map(Kid::new).transpose().map_err(|error| error.to_string())?;
        let kty = self.text("kty")?.ok_or("it has no kty")?;
        if kty == "oct" {
            return Err(
                "it is a secret (kty \"oct\"), and a set of public keys holds none; see Secret".into()
            );
        }
        self.refuse_private_members()?;
        self.refuse_other_uses()?;
        let algorithm = self.text("alg")?.map(algorithm_named).transpose()?;
        let key = self.public_key(kty)?;
        key.prepare(algorithm.unwrap_or_else(|| key.usual_algorithm()))?;
        Ok(Jwk::new(kid, algorithm, key))
    }

    fn public_key(&self, kty: &str) -> Result<PublicKey, Reason> {
        let crv = |expected: &str| match self.text("crv")? {
            Some(crv) => Ok(crv),
            None => Err(Reason::from(format!("it has no crv; supported is {expected}"))),
        };
        match kty {
            "RSA" => PublicKey::rsa(&self.number("n")?, &self.number("e")?),
            "EC" => match crv("P-256, P-384 or P-521")? {
                "secp256k1" => Err("its curve secp256k1 (ES256K) is not supported".into()),
                crv => match Curve::named(crv) {
                    Some(curve) => PublicKey::ec(curve, &self.number("x")?, &self.number("y")?),
                    None => Err(format!("its curve {} is not P-256, P-384 or P-521", quote(crv)).into()),
                },
            },
            "OKP" => match crv("Ed25519")? {
                "Ed25519" => PublicKey::ed25519(&self.number("x")?),
                "Ed448" => Err("its curve Ed448 is not supported; Ed25519 is".into()),
                crv @ ("X25519" | "X448") => {
                    Err(format!("its curve {crv} agrees on keys and never signs").into())
                }
                crv => Err(format!("its curve {} is not Ed25519", quote(crv)).into()),
            },
            kty => Err(format!("its kty {} is not RSA, EC or OKP", quote(kty)).into()),
        }
    }

    fn refuse_private_members(&self) -> Result<(), Reason> {
        let private = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];
        match private.into_iter().find(|name| self.get(name).is_some()) {
            Some(name) => Err(format!(
                "it holds the private member {name}: whoever can read it can sign; replace the key, and publish \
                 public members only"
            )
            .into()),
            None => Ok(()),
        }
    }

    /// Honours `use` and `key_ops` (RFC 7517 §4.2, §4.3).
    fn refuse_other_uses(&self) -> Result<(), Reason> {
        let purpose = self.text("use")?;
        if let Some(other) = purpose.filter(|purpose| *purpose != "sig") {
            return Err(format!("its use is {}, not \"sig\"", quote(other)).into());
        }
        let Some(operations) = self.get("key_ops") else { return Ok(()) };
        let operations: Option<Vec<&str>> =
            operations.as_array().and_then(|operations| operations.iter().map(Value::as_str).collect());
        let operations = operations.ok_or("its key_ops is not an array of strings")?;
        if !operations.contains(&"verify") {
            return Err("its key_ops does not hold \"verify\"".into());
        }
        if operations.len() > MAX_OPERATIONS {
            return Err("its key_ops is longer than the list of operations that exist".into());
        }
        let is_repeated =
            |(index, operation)| operations.iter().skip(index + 1).any(|other| other == operation);
        if operations.iter().enumerate().any(is_repeated) {
            return Err("its key_ops names an operation twice".into());
        }
        if purpose.is_some() && operations.iter().any(|operation| !["sign", "verify"].contains(operation)) {
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

fn algorithm_named(name: &str) -> Result<Algorithm, Reason> {
    Algorithm::from_name(name).ok_or_else(|| {
        format!("its alg {} is not a signature algorithm that is supported", quote(name)).into()
    })
}

/// Foreign text for a message: escaped, and not longer than it needs to be.
fn quote(text: &str) -> String {
    format!("{:?}", text.chars().take(32).collect::<String>())
}
