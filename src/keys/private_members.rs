//! Reads a private JWK that signs (RFC 7518 §6.2.2, §6.3.2, §6.4, RFC 8037 §2).

use aws_lc_rs::{
    rsa::{self, KeyPairComponents, PublicKeyComponents},
    signature::{EcdsaKeyPair, Ed25519KeyPair},
};

use super::{
    Algorithm, Secret,
    family::Family,
    members::{Members, Purpose},
    pair::KeyPair,
    public::{PublicKey, Reason},
    public_members,
};

/// What a private JWK holds, with its one algorithm.
pub(super) enum PrivateKey {
    Secret(Secret),
    Pair(Algorithm, KeyPair),
}

/// Reads the key, or says what is wrong with it, in words that hold nothing of it.
pub(super) fn read(members: &Members) -> Result<PrivateKey, Reason> {
    members.unrepeated()?;
    if members.get("keys").is_some() {
        return Err("is a JWK Set; give one key of it".into());
    }
    let kty = members.text("kty")?.ok_or("it has no kty")?;
    members.refuse_other_uses(&Purpose::SIGN)?;
    let algorithm = public_members::algorithm(members)?;
    if kty == "oct" {
        return secret(members, algorithm).map(PrivateKey::Secret);
    }
    let public = public_members::public_key(members, kty)?;
    if members.get("d").is_none() {
        return Err("is a public key: it has no d; a verifier takes it, by Jwk::from_json".into());
    }
    let algorithm = match algorithm {
        Some(algorithm) => algorithm,
        None if public.is_rsa() => return Err(without_algorithm(Algorithm::is_rsa)),
        None => public.usual_algorithm(),
    };
    public.prepare(algorithm)?;
    Ok(PrivateKey::Pair(algorithm, pair(members, algorithm, &public)?))
}

fn secret(members: &Members, algorithm: Option<Algorithm>) -> Result<Secret, Reason> {
    let algorithm = algorithm.ok_or_else(|| without_algorithm(Algorithm::is_symmetric))?;
    if !algorithm.is_symmetric() {
        let needed = Family::of(algorithm).key_name();
        return Err(format!("it is a secret, and {algorithm} takes {needed}").into());
    }
    members.private_number("k")?;
    // The text too may be one that a person made up.
    let text = members.text("k")?.unwrap_or_default();
    Secret::from_base64(algorithm, text).map_err(|error| error.to_string().into())
}

fn without_algorithm(fits: impl Fn(Algorithm) -> bool) -> Reason {
    let fitting = Algorithm::ALL.into_iter().filter(|algorithm| fits(*algorithm));
    let names: Vec<_> = fitting.map(Algorithm::name).collect();
    format!("it has no alg, and its kind serves several; add one of {}", names.join(", ")).into()
}

fn pair(members: &Members, algorithm: Algorithm, public: &PublicKey) -> Result<KeyPair, Reason> {
    match (public, Family::of(algorithm)) {
        (PublicKey::Rsa { n, e }, Family::Rsa { sign, .. }) => {
            rsa_pair(members, n, e).map(|pair| KeyPair::Rsa(pair, sign))
        }
        (PublicKey::Ec { curve, x, y }, Family::Ec { sign, .. }) => {
            let d = members.private_number("d")?;
            of_length(&d, curve.coordinate_len(), curve.name())?;
            let point = [&[4], &**x, &**y].concat();
            EcdsaKeyPair::from_private_key_and_public_key(sign, &d, &point)
                .map(|pair| KeyPair::Ec(pair, *curve))
                .map_err(|_| OTHER_HALF.into())
        }
        (PublicKey::Ed25519 { x }, Family::Ed25519) => {
            let d = members.private_number("d")?;
            of_length(&d, 32, "Ed25519")?;
            Ed25519KeyPair::from_seed_and_public_key(&d, x)
                .map(KeyPair::Ed25519)
                .map_err(|_| OTHER_HALF.into())
        }
        _ => Err(public.misfit(algorithm)),
    }
}

const OTHER_HALF: &str = "its d is not the private half of its public numbers";

fn of_length(d: &[u8], expected: usize, curve: &str) -> Result<(), Reason> {
    match d.len() {
        length if length == expected => Ok(()),
        length => Err(format!("its d has {length} bytes; {curve} has {expected}").into()),
    }
}

/// The pair of an RSA key whose public numbers [`PublicKey::rsa`] took.
///
/// Some writers fill private numbers up with leading zero octets. The public ones name the key, so there none
/// is allowed; here they do no harm.
pub(crate) fn rsa_pair(members: &Members, n: &[u8], e: &[u8]) -> Result<rsa::KeyPair, Reason> {
    if members.get("oth").is_some() {
        return Err("it has more than two primes (oth), which is not supported".into());
    }
    let number = |name| match members.get(name) {
        Some(_) => members.private_number(name),
        None => Err(format!("it has no {name}; write all of d, p, q, dp, dq and qi").into()),
    };
    let (d, p, q) = (number("d")?, number("p")?, number("q")?);
    let (dp, dq, qi) = (number("dp")?, number("dq")?, number("qi")?);
    let components = KeyPairComponents {
        public_key: PublicKeyComponents { n, e },
        d: d.as_slice(),
        p: p.as_slice(),
        q: q.as_slice(),
        dP: dp.as_slice(),
        dQ: dq.as_slice(),
        qInv: qi.as_slice(),
    };
    rsa::KeyPair::from_components(&components)
        .map_err(|_| "its private numbers do not belong to its n and e".into())
}
