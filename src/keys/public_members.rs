//! Reads a public JWK that verifies (RFC 7517 §4, RFC 7518 §6, RFC 8037 §2).

use std::fmt;

use serde_json::Value;

use super::{
    Algorithm,
    family::Curve,
    jwk::Jwk,
    members::{Members, Purpose, quote},
    public::{PublicKey, Reason},
};

/// Reads one public JWK, or says what is wrong with it.
pub(super) fn read(json: &[u8]) -> Result<Jwk, Refused> {
    let members = Members::read(json).map_err(|reason| Refused { kid: None, reason })?;
    jwk(&members).map_err(|reason| Refused { kid: kid_to_show(&members), reason })
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

fn kid_to_show(members: &Members) -> Option<String> {
    members.get("kid").and_then(Value::as_str).map(|kid| kid.chars().take(64).collect())
}

fn jwk(members: &Members) -> Result<Jwk, Reason> {
    members.unrepeated()?;
    let kid = members.kid()?;
    let kty = members.text("kty")?.ok_or("it has no kty")?;
    if kty == "oct" {
        return Err("it is a secret (kty \"oct\"), and a set of public keys holds none; see Secret".into());
    }
    refuse_private_members(members)?;
    members.refuse_other_uses(&Purpose::VERIFY)?;
    let algorithm = algorithm(members)?;
    let key = public_key(members, kty)?;
    key.prepare(algorithm.unwrap_or_else(|| key.usual_algorithm()))?;
    Ok(Jwk::new(kid, algorithm, key))
}

pub(super) fn algorithm(members: &Members) -> Result<Option<Algorithm>, Reason> {
    let named = |name| {
        Algorithm::from_name(name).ok_or_else(|| {
            format!("its alg {} is not a signature algorithm that is supported", quote(name)).into()
        })
    };
    members.text("alg")?.map(named).transpose()
}

/// The public numbers, which a private JWK has too.
pub(super) fn public_key(members: &Members, kty: &str) -> Result<PublicKey, Reason> {
    let crv = |expected: &str| match members.text("crv")? {
        Some(crv) => Ok(crv),
        None => Err(Reason::from(format!("it has no crv; supported is {expected}"))),
    };
    match kty {
        "RSA" => PublicKey::rsa(&members.number("n")?, &members.number("e")?),
        "EC" => match crv("P-256, P-384 or P-521")? {
            "secp256k1" => Err("its curve secp256k1 (ES256K) is not supported".into()),
            crv => match Curve::named(crv) {
                Some(curve) => PublicKey::ec(curve, &members.number("x")?, &members.number("y")?),
                None => Err(format!("its curve {} is not P-256, P-384 or P-521", quote(crv)).into()),
            },
        },
        "OKP" => match crv("Ed25519")? {
            "Ed25519" => PublicKey::ed25519(&members.number("x")?),
            "Ed448" => Err("its curve Ed448 is not supported; Ed25519 is".into()),
            crv @ ("X25519" | "X448") => {
                Err(format!("its curve {crv} agrees on keys and never signs").into())
            }
            crv => Err(format!("its curve {} is not Ed25519", quote(crv)).into()),
        },
        kty => Err(format!("its kty {} is not RSA, EC or OKP", quote(kty)).into()),
    }
}

fn refuse_private_members(members: &Members) -> Result<(), Reason> {
    match members.private_member() {
        Some(name) => Err(format!(
            "it holds the private member {name}: whoever can read it can sign; replace the key, and publish \
             public members only"
        )
        .into()),
        None => Ok(()),
    }
}
