//! Recipients' keys as JSON (RFC 7517 §4, RFC 7518 §6, RFC 8037 §2).

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{
    Curve, KeyManagement,
    private::Private,
    public::{Point, Public},
    secret::SharedSecret,
};
use crate::keys::{
    Kid, PublicKey, Reason,
    members::{Members, Purpose, quote},
    rsa_pair, secret_from_base64,
};

/// Operations that `use: enc` allows (RFC 7517 §4.3).
const OPERATIONS: &[&str] = &["encrypt", "decrypt", "wrapKey", "unwrapKey", "deriveKey", "deriveBits"];

const DECRYPT: Purpose = Purpose {
    name: "enc",
    needed: &["decrypt", "unwrapKey", "deriveKey", "deriveBits"],
    fitting: OPERATIONS,
};

/// Whoever derives a key does so at both ends; public keys for that have no operations (RFC 7517 §4.3).
const ENCRYPT: Purpose =
    Purpose { name: "enc", needed: &["encrypt", "wrapKey", "deriveKey", "deriveBits"], fitting: OPERATIONS };

/// The most keys that a set may have.
const MAX_KEYS: usize = 100;

type Read<K> = (Option<Kid>, KeyManagement, K);

/// Reads a private JWK, or a secret.
pub(super) fn read_private(json: &[u8]) -> Result<Read<Private>, Reason> {
    let members = members(json)?;
    let kty = members.text("kty")?.ok_or("it has no kty")?;
    members.refuse_other_uses(&DECRYPT)?;
    let (kid, algorithm) = (members.kid()?, algorithm(&members, kty)?);
    let private = match kty {
        "oct" => secret(&members, algorithm)?,
        kty => {
            let public = public(&members, kty, algorithm)?;
            if members.get("d").is_none() {
                return Err(
                    "it is a public key: it has no d; to encrypt, call EncryptionKey::from_jwk".into()
                );
            }
            pair(&members, &public)?
        }
    };
    Ok((kid, algorithm, private))
}

/// Reads a public JWK.
pub(super) fn read_public(json: &[u8]) -> Result<Read<Public>, Reason> {
    let members = members(json)?;
    let kty = members.text("kty")?.ok_or("it has no kty")?;
    if kty == "oct" {
        return Err(
            "it is a secret (kty \"oct\"), which nobody publishes; call DecryptionKey::from_jwk, and \
                    EncryptionKey::from"
                .into(),
        );
    }
    members.refuse_other_uses(&ENCRYPT)?;
    let (kid, algorithm) = (members.kid()?, algorithm(&members, kty)?);
    if let Some(name) = members.private_member() {
        return Err(format!(
            "it holds the private member {name}: whoever can read it can decrypt; replace the key, and publish \
             public members only"
        )
        .into());
    }
    Ok((kid, algorithm, public(&members, kty, algorithm)?))
}

fn members(json: &[u8]) -> Result<Members, Reason> {
    if json.trim_ascii_start().starts_with(b"-----BEGIN") {
        return Err("is a PEM, not a JWK; call `from_pem`".into());
    }
    let members = Members::read(json)?;
    members.unrepeated()?;
    if members.get("keys").is_some() {
        return Err("is a JWK Set; give one key of it".into());
    }
    Ok(members)
}

/// The keys of a JWK Set, as they are written.
pub(super) fn entries(json: &[u8]) -> Result<Vec<&RawValue>, Reason> {
    #[derive(Deserialize)]
    struct Document<'a> {
        #[serde(borrow)]
        keys: Vec<&'a RawValue>,
    }

    let document: Document<'_> =
        serde_json::from_slice(json).map_err(|_| "is not a JWK Set: an object with an array `keys`")?;
    match document.keys.len() {
        0..=MAX_KEYS => Ok(document.keys),
        count => Err(format!("the JWK Set has {count} keys; at most {MAX_KEYS} are read").into()),
    }
}

/// The `alg` of a key of this kind.
fn algorithm(members: &Members, kty: &str) -> Result<KeyManagement, Reason> {
    let fitting = KeyManagement::ALL.into_iter().filter(|algorithm| match kty {
        "oct" => algorithm.is_symmetric(),
        "RSA" => *algorithm == KeyManagement::RsaOaep256,
        "EC" | "OKP" => algorithm.is_agreement(),
        _ => true,
    });
    let fitting: Vec<_> = fitting.map(KeyManagement::name).collect();
    let fitting = fitting.join(", ");
    match members.text("alg")? {
        Some(name) => KeyManagement::from_name(name)
            .ok_or_else(|| format!("its alg {} is not one of {fitting}", quote(name)).into()),
        None => Err(format!("it has no alg; add one of {fitting}").into()),
    }
}

fn secret(members: &Members, algorithm: KeyManagement) -> Result<Private, Reason> {
    members.private_number("k")?;
    // The text too may be one that a person made up.
    let text = members.text("k")?.unwrap_or_default();
    secret_from_base64(text, |bytes| SharedSecret::new(algorithm, bytes))
        .map(Private::Secret)
        .map_err(|error| error.to_string().into())
}

fn public(members: &Members, kty: &str, algorithm: KeyManagement) -> Result<Public, Reason> {
    let crv = members.text("crv")?;
    let public = match (kty, crv) {
        ("RSA", _) => Public::Rsa(PublicKey::rsa(&members.number("n")?, &members.number("e")?)?),
        ("EC", Some("P-256")) => {
            Public::Point(Point::new(Curve::P256, &members.number("x")?, &members.number("y")?)?)
        }
        ("OKP", Some("X25519")) => Public::Point(Point::new(Curve::X25519, &members.number("x")?, &[])?),
        ("EC" | "OKP", Some(crv)) => {
            return Err(format!("its curve {} is not P-256 or X25519", quote(crv)).into());
        }
        ("EC" | "OKP", None) => return Err("it has no crv; supported are P-256 and X25519".into()),
        (kty, _) => return Err(format!("its kty {} is not RSA, EC, OKP or oct", quote(kty)).into()),
    };
    let fits = match &public {
        Public::Point(_) => algorithm.is_agreement(),
        Public::Rsa(_) => algorithm == KeyManagement::RsaOaep256,
    };
    if fits {
        Ok(public)
    } else {
        Err(format!("its kty is {}, and {algorithm} takes {}", quote(kty), algorithm.key_name()).into())
    }
}

fn pair(members: &Members, public: &Public) -> Result<Private, Reason> {
    match public {
        Public::Rsa(PublicKey::Rsa { n, e }) => Private::of_rsa(rsa_pair(members, n, e)?),
        Public::Point(point) => {
            let private = Private::of_scalar(point.curve, &members.private_number("d")?)?;
            match private.public() {
                Some(Public::Point(own)) if own == *point => Ok(private),
                _ => Err("its d is not the private half of its public numbers".into()),
            }
        }
        Public::Rsa(_) => Err("it is not an RSA key".into()),
    }
}

/// A public key as it is published.
#[derive(Serialize)]
pub(super) struct PublicJwk(serde_json::Map<String, serde_json::Value>);

impl PublicJwk {
    pub(super) fn new(kid: Option<&str>, algorithm: KeyManagement, public: &Public) -> Self {
        let members = public.members().into_iter().map(|(name, value)| (name, value.into_owned()));
        let beside =
            [("use", "enc"), ("alg", algorithm.name())].map(|(name, value)| (name, value.to_owned()));
        let kid = kid.map(|kid| ("kid", kid.to_owned()));
        Self(members.chain(beside).chain(kid).map(|(name, value)| (name.to_owned(), value.into())).collect())
    }
}

impl fmt::Display for PublicJwk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(&self.0).map_err(|_| fmt::Error)?)
    }
}
